//! Which codes somebody means who points at one, and where else they stand.

use medcode_codes::{
    code::{Code, CodeKey},
    normalize::fold_characters,
    note::{Evidence, Form, Mention},
    system::CodeSystem,
};

/// A code that a note mentions, whatever its spelling; or, with two ends, from one code to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Coded {
    /// The system.
    pub(crate) system: CodeSystem,
    /// The code, or the first of several; a category stands as its code.
    pub(crate) key: CodeKey,
    /// The last of several.
    pub(crate) last: Option<CodeKey>,
}

impl Coded {
    /// The code. `None` for several.
    pub(crate) fn code(self) -> Option<Code> {
        self.last.is_none().then(|| Code::from_key(self.system, self.key)).flatten()
    }

    /// What a mention names. `None` when it is no code of its system.
    pub(crate) fn of(mention: &Mention, text: &str) -> Option<Self> {
        Self::read(mention, mention.system, text.get(mention.range.clone())?)
    }

    /// Everything a mention may name. Without a declaration a letter and four digits belong to two systems.
    pub(crate) fn readings(mention: &Mention, text: &str) -> Vec<Self> {
        let Some(written) = text.get(mention.range.clone()) else { return Vec::new() };
        let other = (!mention.declared && mention.system == CodeSystem::Hcpcs)
            .then_some(CodeSystem::Icd10Cm);
        let systems = std::iter::once(mention.system).chain(other);
        systems.filter_map(|system| Self::read(mention, system, written)).collect()
    }

    fn read(mention: &Mention, system: CodeSystem, written: &str) -> Option<Self> {
        let key = |text: &str| Code::parse(system, text).ok().map(Code::key);
        if mention.form != Form::Span {
            return Some(Self { system, key: key(written)?, last: None });
        }
        let plain = fold_characters(written).0;
        let (first, last) = plain.split_once('-')?;
        let first = key(first.trim())?;
        let last = last.trim().trim_end_matches(['-', '.']);
        // `E08-13`
        let last = match last.len() {
            2 => key(&format!("{}{last}", &*first.prefix(1).text()))?,
            _ => key(last)?,
        };
        Some(Self { system, key: first, last: Some(last) })
    }

    /// The code, or the first of several.
    pub(crate) fn first(self) -> String {
        medcode_codes::code::written(self.system, &self.key.text())
    }

    /// The code as its system publishes it.
    pub(crate) fn written(self) -> String {
        let text = |key: CodeKey| medcode_codes::code::written(self.system, &key.text());
        match self.last {
            Some(last) => format!("{}-{}", text(self.key), text(last)),
            None => text(self.key),
        }
    }
}

impl From<Code> for Coded {
    fn from(code: Code) -> Self {
        Self { system: code.system(), key: code.key(), last: None }
    }
}

/// How a mention answers to what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The same code, or the same category.
    Same,
    /// A code below.
    Below,
}

/// Codes that are looked for: those somebody points at and everything below them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sought {
    readings: Vec<Coded>,
}

impl Sought {
    /// What a mention stands for.
    pub(crate) fn of(mention: &Mention, text: &str) -> Self {
        Self { readings: Coded::readings(mention, text) }
    }

    /// How a code answers.
    ///
    /// What is below a code begins with it, in the three systems that have anything below; a code that can be reported
    /// has nothing below it.
    pub(crate) fn finds(&self, coded: Coded) -> Option<Found> {
        if self.readings.contains(&coded) {
            return Some(Found::Same);
        }
        let below = self.readings.iter().any(|sought| {
            let last = sought.last.unwrap_or(sought.key).last_below();
            sought.system == coded.system
                && coded.last.is_none()
                && (sought.key..=last).contains(&coded.key)
        });
        below.then_some(Found::Below)
    }

    /// How a mention answers.
    pub(crate) fn finds_in(&self, mention: &Mention, text: &str) -> Option<Found> {
        let mut readings = Coded::readings(mention, text).into_iter();
        readings.find_map(|coded| self.finds(coded))
    }
}

/// Whether more than its shape speaks for a mention: a bare token with nothing beside it may be a room or a vitamin.
pub(crate) fn is_evident(mention: &Mention) -> bool {
    mention.evidence != Evidence::Bare
        || mention.description.is_some()
        || !mention.modifiers.is_empty()
}

/// Whether an encounter reports a mention, rather than speaking of it or asking about it.
pub(crate) fn is_reported(mention: &Mention) -> bool {
    mention.reported && !mention.questioned && is_evident(mention)
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    /// What pointing at the mention that holds `at` finds, in text order.
    fn found(text: &str, at: &str) -> Vec<(String, Found)> {
        let note = scan(text);
        let mention = note.mention_at(text.find(at).unwrap()).unwrap();
        let sought = Sought::of(mention, text);
        let mentions = note.mentions.iter();
        mentions
            .filter_map(|mention| {
                Some((text[mention.range.clone()].to_owned(), sought.finds_in(mention, text)?))
            })
            .collect()
    }

    fn owned(expected: &[(&str, Found)]) -> Vec<(String, Found)> {
        expected.iter().map(|(text, found)| ((*text).to_owned(), *found)).collect()
    }

    #[test]
    fn finds_the_same_code_however_it_is_written() {
        let text = "Dx: E11.9, e119, E11.65\nWe spoke about E11.9 again.\n";
        let same = owned(&[("E11.9", Found::Same), ("e119", Found::Same), ("E11.9", Found::Same)]);
        assert_eq!(found(text, "E11.9"), same);
        assert_eq!(found(text, "E11.65"), owned(&[("E11.65", Found::Same)]));
    }

    #[test]
    fn finds_what_is_below_a_category_or_between_two() {
        let text = "Dx: E11.9, E10.9, E11.65\nSee E11.- and ranges E08-E10.\n";
        let below = [("E11.9", Found::Below), ("E11.65", Found::Below), ("E11.-", Found::Same)];
        assert_eq!(found(text, "E11.-"), owned(&below));
        assert_eq!(found(text, "E08"), owned(&[("E10.9", Found::Below), ("E08-E10", Found::Same)]));
    }

    #[test]
    fn keeps_systems_apart() {
        let text = "ICD-10: E11.65\nHCPCS: E1165\n";
        assert_eq!(found(text, "E11.65"), owned(&[("E11.65", Found::Same)]));
        assert_eq!(found(text, "E1165"), owned(&[("E1165", Found::Same)]));
    }

    #[test]
    fn writes_codes_as_published() {
        let text = "Dx: e1165, E08-13";
        let written: Vec<_> = scan(text)
            .mentions
            .iter()
            .filter_map(|mention| Some(Coded::of(mention, text)?.written()))
            .collect();
        assert_eq!(written, ["E11.65", "E08-E13"]);
    }
}
