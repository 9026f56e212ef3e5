//! One encounter of a note as a note of its own, so that what is worked out of it holds wherever it stands.

use std::ops::Range;

use super::{EncounterScope, Frames, Mention, Note, Placeholder, moved};

impl Note {
    /// One encounter as a note whose offsets count from the beginning of the encounter. Without comments and frames, which
    /// are those of the whole text, and without ranges that the encounter takes over from the head of the text. Empty when
    /// there is no such encounter.
    #[must_use]
    pub fn part(&self, encounter: usize) -> Self {
        let Some(scope) = self.encounters.get(encounter) else { return Self::default() };
        let by = 0_isize.saturating_sub_unsigned(scope.range.start);
        let placeholders = self.placeholders.iter().filter(|it| it.encounter == encounter);
        let mentions = self.mentions_of(encounter).iter();
        Self {
            mentions: mentions
                .map(|it| Mention { encounter: 0, ..moved::mention(it, by) })
                .collect(),
            encounters: vec![moved_scope(scope, by)],
            pragmas: Vec::new(),
            placeholders: placeholders
                .map(|it| Placeholder {
                    range: moved::range(&it.range, by),
                    encounter: 0,
                    ..it.clone()
                })
                .collect(),
            long_lines: Vec::new(),
            is_template: self.is_template,
            is_signed: self.is_signed,
            frames: Frames::default(),
        }
    }
}

fn own(range: Option<&Range<usize>>, start: usize, by: isize) -> Option<Range<usize>> {
    range.filter(|range| range.start >= start).map(|range| moved::range(range, by))
}

fn moved_scope(scope: &EncounterScope, by: isize) -> EncounterScope {
    let start = scope.range.start;
    EncounterScope {
        range: moved::range(&scope.range, by),
        heading: own(scope.heading.as_ref(), start, by),
        service_date: scope.service_date.as_ref().map(|it| moved::day(it, by)),
        discharge_date: scope.discharge_date.as_ref().map(|it| moved::day(it, by)),
        admission_date: scope.admission_date.as_ref().map(|it| moved::day(it, by)),
        place_of_service: own(scope.place_of_service.as_ref(), start, by),
        discharge_status: own(scope.discharge_status.as_ref(), start, by),
        payer: own(scope.payer.as_ref(), start, by),
        claim_fields: scope.claim_fields.clone(),
        condition_codes: scope.condition_codes.iter().map(|it| moved::range(it, by)).collect(),
        ..*scope
    }
}

#[cfg(test)]
mod tests {
    use crate::note::scan;

    #[test]
    fn an_encounter_reads_the_same_wherever_it_stands() {
        let visit = "## 2026-03-02 Visit\n\nDx: E11.9 - Type 2 diabetes, I10\nCPT: 99213-25\n";
        let alone = scan(visit);
        let text = format!("## 2026-03-01 Visit\n\nDx: J45.909\n\n{visit}");
        let note = scan(&text);
        assert_eq!(note.encounters.len(), 2);
        assert_eq!(note.part(1), alone);
        assert_eq!(note.part(2).encounters, []);
    }
}
