//! The lines of a claim as rules about procedures see them: codes of CPT and HCPCS Level II, each with its day, and
//! the tables of edits that are for them.

use crate::{
    code::CodeKey,
    date::Date,
    edits::EditSetting,
    encounter::{Item, JudgedEncounter, ServiceLine, Setting},
    issue::{Change, Issue},
    rule::Report,
    system::CodeSystem,
    verdict::Verdict,
    visit_levels,
};

/// A line of CPT or HCPCS Level II whose code is not known to be wrong: without the licensed file of CPT its shape has
/// to do.
#[derive(Clone, Copy, Debug)]
pub struct ClaimLine<'a> {
    /// Where it stands in the encounter.
    pub item: Item,
    /// Its index in [`JudgedEncounter::items`].
    pub slot: usize,
    /// The line as reported.
    pub line: &'a ServiceLine,
    /// CPT or HCPCS Level II, by the shape of the code.
    pub system: CodeSystem,
    /// The code.
    pub key: CodeKey,
    /// The day of the service: of the line, or the one that counts for the encounter.
    pub date: Date,
}

impl ClaimLine<'_> {
    /// Whether two lines are of one provider and one day, as the edits compare them.
    pub fn is_with(&self, other: &Self) -> bool {
        self.date == other.date && self.line.provider == other.line.provider
    }

    /// Whether the code is that of a visit.
    pub fn is_visit(&self) -> bool {
        visit_levels::is_visit(&self.key.text(), self.date)
    }

    /// Whether the code lies between two codes of the same length, both inclusive.
    pub fn is_within(&self, ranges: &[(&str, &str)]) -> bool {
        let code = self.key.text();
        ranges
            .iter()
            .any(|(first, last)| first.len() == code.len() && *first <= &*code && &*code <= *last)
    }

    /// The code with its modifiers, as it is written: `99213-25`.
    pub fn written(&self) -> String {
        let modifiers = self.line.modifiers.iter().map(|modifier| format!("-{modifier}"));
        format!("{}{}", self.key, modifiers.collect::<String>())
    }
}

/// The tables of edits that are for an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditTables {
    /// Whose tables.
    pub setting: EditSetting,
    /// Nothing says where the encounter took place.
    pub is_assumed: bool,
}

impl EditTables {
    /// What messages call them: `practitioner`, `hospital`, `supplier`.
    pub fn words(self) -> &'static str {
        match self.setting {
            EditSetting::Practitioner => "practitioner",
            EditSetting::Hospital => "hospital",
            EditSetting::Dme => "supplier",
        }
    }

    /// The sentence at the end of a message that says which tables were assumed; empty where nothing was.
    pub fn assumption(self) -> &'static str {
        if self.is_assumed {
            " No setting is given, so the practitioner tables were used."
        } else {
            ""
        }
    }
}

impl<'a> JudgedEncounter<'a> {
    /// The lines of CPT and HCPCS Level II whose codes are not known to be wrong, in the order reported.
    pub fn claim_lines(&self) -> Vec<ClaimLine<'a>> {
        let lines = self.items.iter().enumerate().filter_map(|(slot, coded)| {
            let Item::Line(index) = coded.item else { return None };
            let judgement = &coded.judgement;
            let code = judgement.code.filter(|code| !code.is_modifier())?;
            let is_read = matches!(judgement.verdict, Verdict::Billable | Verdict::Unavailable(_));
            let is_claimed = matches!(judgement.system, CodeSystem::Cpt | CodeSystem::Hcpcs);
            (is_read && is_claimed).then_some(ClaimLine {
                item: coded.item,
                slot,
                line: self.encounter.lines.get(index)?,
                system: judgement.system,
                key: code.key(),
                date: judgement.date,
            })
        });
        lines.collect()
    }

    /// Whether a line has a code that is wrong: what it was meant to be may be what another line lacks.
    pub fn has_wrong_lines(&self) -> bool {
        self.lines().any(|(_, coded)| {
            !matches!(coded.judgement.verdict, Verdict::Billable | Verdict::Unavailable(_))
        })
    }

    /// The tables of edits for the setting; those of practitioners where it is not known.
    pub fn edit_tables(&self) -> EditTables {
        let setting = self.encounter.setting;
        EditTables {
            setting: match setting {
                Setting::Unknown | Setting::Professional => EditSetting::Practitioner,
                Setting::Outpatient | Setting::Inpatient => EditSetting::Hospital,
                Setting::Dme => EditSetting::Dme,
            },
            is_assumed: setting == Setting::Unknown,
        }
    }
}

impl Report<'_> {
    /// Reports an issue about a line, at the rule's own severity.
    pub fn fail_on_line(
        &mut self,
        encounter: &JudgedEncounter<'_>,
        line: &ClaimLine<'_>,
        message: String,
    ) -> &mut Issue {
        self.fail(line.item, &encounter.items[line.slot].judgement, message)
    }
}

impl Issue {
    /// Names a further line that the issue is about.
    pub fn and_line(&mut self, line: &ClaimLine<'_>) -> &mut Self {
        self.items.push(line.item);
        self.codes.push(line.key.to_string());
        self
    }

    /// Proposes to add a modifier to the line at fault, where a condition holds that only a person knows.
    pub fn add_modifier(&mut self, modifier: &str, condition: &str) -> &mut Self {
        let title = format!("Add modifier {modifier}, {condition}");
        self.fix(title, false, Change::AddModifier(modifier.to_owned()))
    }

    /// Proposes to take a modifier off the line at fault.
    pub fn take_off(&mut self, modifier: &str) -> &mut Self {
        let title = format!("Take modifier {modifier} off");
        self.fix(title, false, Change::RemoveModifier(modifier.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::Encounter,
        testing::{TODAY, claims::lines_of, sample},
    };

    fn judged(encounter: &Encounter) -> JudgedEncounter<'_> {
        JudgedEncounter::new(encounter, sample(), TODAY)
    }

    #[test]
    fn lines_are_of_both_levels_with_their_day() {
        let encounter = lines_of("99213-25, J1885, 9921, E11.9, 99214 @2025-03-01");
        let judged = judged(&encounter);
        let lines = judged.claim_lines();
        let written: Vec<_> = lines.iter().map(ClaimLine::written).collect();
        assert_eq!(written, ["99213-25", "J1885", "99214"]);
        assert!(judged.has_wrong_lines());
        assert_eq!(lines[0].date, jiff::civil::date(2025, 3, 1));
        assert!(lines[0].is_with(&lines[1]) && lines[0].is_visit() && !lines[1].is_visit());
        assert!(lines[1].is_within(&[("J0000", "J9999")]));
        assert!(!lines[0].is_within(&[("9", "A"), ("J0000", "J9999")]));
    }

    #[test]
    fn lines_of_another_provider_or_day_stand_apart() {
        let mut encounter = lines_of("99213, 99214, 99215");
        encounter.lines[1].provider = Some("B".to_owned());
        encounter.lines[2].service_date = Some(jiff::civil::date(2026, 3, 31));
        let judged = judged(&encounter);
        let lines = judged.claim_lines();
        assert!(!lines[0].is_with(&lines[1]) && !lines[0].is_with(&lines[2]));
    }

    #[test]
    fn each_setting_has_its_tables() {
        let mut encounter = lines_of("99213");
        assert!(judged(&encounter).edit_tables().is_assumed);
        encounter.setting = Setting::Outpatient;
        let tables = judged(&encounter).edit_tables();
        assert_eq!((tables.setting, tables.assumption()), (EditSetting::Hospital, ""));
    }
}
