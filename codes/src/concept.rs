//! What a code identifies, as of a date.

use std::borrow::Cow;

use crate::{
    code::{Code, CodeKey, MAX_LENGTH},
    code_table::{CodeTable, Entry, Lifetime},
    date::{Date, Period},
    flag::Flags,
    release::Release,
    replacement::{self, Replacement},
    system::CodeSystem,
    tabular::{Location, NodeId, Note},
    terminology::{Edition, Nearest, Terminology},
};

mod titles;

#[derive(Clone, Copy, Debug)]
enum Identity {
    Code(Code),
    /// A chapter or section.
    Group,
    /// The codes of a system without tabular list that share their first characters.
    Prefix(CodeKey),
}

/// A code, header or group and everything known of it on one date.
#[derive(Clone, Copy, Debug)]
pub struct Concept<'a> {
    terminology: &'a Terminology,
    date: Date,
    system: CodeSystem,
    identity: Identity,
    entry: Option<Entry<'a>>,
    place: Option<(&'a Edition, Location)>,
}

/// A 7th character that completes a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The character.
    pub character: char,
    /// Its official meaning.
    pub meaning: String,
    /// The complete code, placeholders filled in.
    pub code: Code,
}

impl<'a> Concept<'a> {
    pub(crate) fn of_code(terminology: &'a Terminology, code: Code, date: Date) -> Option<Self> {
        let entry = terminology.table(code.system()).and_then(|table| table.get(code.key()));
        let place = (code.system() == CodeSystem::Icd10Cm)
            .then(|| locate(terminology, code.key(), entry, terminology.nearest(date)))
            .flatten();
        let is_listed =
            || terminology.table(code.system()).is_some_and(|table| table.has_header(code.key()));
        if entry.is_none() && place.is_none() && !is_listed() {
            return None;
        }
        Some(Self {
            terminology,
            date,
            system: code.system(),
            identity: Identity::Code(code),
            entry,
            place,
        })
    }

    /// A code of the table without its place in a tabular list, which [`Self::find_place`] adds.
    pub(crate) fn of_table(terminology: &'a Terminology, code: Code, date: Date) -> Option<Self> {
        let entry = terminology.table(code.system())?.get(code.key())?;
        let (system, identity) = (code.system(), Identity::Code(code));
        Some(Self { terminology, date, system, identity, entry: Some(entry), place: None })
    }

    /// Finds the place of a code. `nearest` is asked first where it answers for the date of the concept.
    pub(crate) fn find_place(&mut self, nearest: Nearest<'a>) {
        if let Identity::Code(code) = self.identity
            && code.system() == CodeSystem::Icd10Cm
        {
            let is_of_the_date = nearest.date() == self.date;
            let nearest =
                if is_of_the_date { nearest } else { self.terminology.nearest(self.date) };
            self.place = locate(self.terminology, code.key(), self.entry, nearest);
        }
    }

    pub(crate) fn of_group(
        terminology: &'a Terminology,
        edition: &'a Edition,
        node: NodeId,
        date: Date,
    ) -> Self {
        let system = CodeSystem::Icd10Cm;
        let code = edition.list.key(node).and_then(|key| Code::from_key(system, key));
        let key = code.map_or(CodeKey::NONE, Code::key);
        let place = Some((edition, Location { node, key, seventh: None }));
        let entry = code.and_then(|code| terminology.table(system)?.get(code.key()));
        let identity = code.map_or(Identity::Group, Identity::Code);
        Self { terminology, date, system, identity, entry, place }
    }

    pub(crate) fn of_prefix(
        terminology: &'a Terminology,
        system: CodeSystem,
        prefix: CodeKey,
        date: Date,
    ) -> Self {
        let entry = terminology.table(system).and_then(|table| table.get(prefix));
        let identity = match (entry, Code::from_key(system, prefix)) {
            (Some(_), Some(code)) => Identity::Code(code),
            _ => Identity::Prefix(prefix),
        };
        Self { terminology, date, system, identity, entry, place: None }
    }

    /// The system the concept belongs to.
    pub fn system(&self) -> CodeSystem {
        self.system
    }

    /// The date the concept was asked about.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The code; `None` for chapters, sections and other groups.
    pub fn code(&self) -> Option<Code> {
        match self.identity {
            Identity::Code(code) => Some(code),
            Identity::Group | Identity::Prefix(_) => None,
        }
    }

    /// The code as published, or the name of the group.
    pub fn name(&self) -> Cow<'a, str> {
        match (self.identity, self.place) {
            (Identity::Code(code), _) => Cow::Owned((*code.text()).to_owned()),
            (Identity::Prefix(prefix), _) => Cow::Owned(prefix.to_string()),
            (Identity::Group, Some((edition, location))) => {
                Cow::Borrowed(edition.list.name(location.node))
            }
            (Identity::Group, None) => Cow::Borrowed(""),
        }
    }

    /// The entry of the code table; `None` for what is no code of its own.
    pub(crate) fn entry(&self) -> Option<Entry<'a>> {
        self.entry
    }

    /// The edition the concept stands in and its place there. ICD-10-CM only.
    pub fn place(&self) -> Option<(&'a Edition, Location)> {
        self.place
    }

    /// The beginning of codes that the concept stands for, in a system without tabular list.
    pub fn prefix(&self) -> Option<CodeKey> {
        match self.identity {
            Identity::Prefix(prefix) => Some(prefix),
            Identity::Code(_) | Identity::Group => None,
        }
    }

    /// How long the code lives. A header lives as long as the codes below it.
    pub fn lifetime(&self) -> Option<Lifetime> {
        if let Some(entry) = self.entry {
            return Some(entry.lifetime());
        }
        let periods = self.codes_below().filter_map(|entry| entry.lifetime().period());
        let joined = periods.reduce(|all, next| Period {
            start: all.start.min(next.start),
            end: all.end.zip(next.end).map(|(a, b)| a.max(b)),
        });
        joined.map(Lifetime::Dated)
    }

    /// Whether the code may be submitted on the date. `None` when the installed data cannot tell.
    pub fn billable(&self) -> Option<bool> {
        match self.entry.map(|entry| entry.lifetime()) {
            Some(Lifetime::Dated(period)) => Some(period.contains(self.date)),
            Some(Lifetime::Seen { .. }) => None,
            None => Some(false),
        }
    }

    /// Whether the code ended before the date and is not a header since.
    pub fn inactive(&self) -> bool {
        let ended = self
            .entry
            .and_then(|entry| entry.lifetime().period()?.end)
            .is_some_and(|end| end < self.date);
        ended && !self.groups_others()
    }

    /// Whether the concept only groups others on the date: chapter, section, header or a stem that needs a 7th
    /// character.
    pub fn not_selectable(&self) -> bool {
        self.billable() == Some(false) && self.groups_others()
    }

    /// Whether codes stand below the concept.
    pub fn groups_others(&self) -> bool {
        match (self.identity, self.place) {
            (Identity::Group | Identity::Prefix(_), _) => true,
            (Identity::Code(_), Some((edition, location))) => {
                location.seventh.is_none()
                    && (!edition.list.is_leaf(location.node)
                        || edition.list.takes_seventh(location.node))
            }
            (Identity::Code(code), None) => self
                .terminology
                .table(self.system)
                .is_some_and(|table| table.has_header(code.key())),
        }
    }

    /// The flags that the code editor ever gave, each set with its period, oldest first.
    pub fn flag_periods(&self) -> &'a [(Period, Flags)] {
        self.entry.map_or(&[], |entry| entry.flag_periods())
    }

    /// What is known of another code on the same date.
    pub fn sibling(&self, code: Code) -> Option<Self> {
        self.terminology.concept(code, self.date)
    }

    /// The flags of the code editor on the date.
    pub fn flags(&self) -> Flags {
        self.entry.map_or(Flags::default(), |entry| entry.flags(self.date))
    }

    /// The release the answer rests on: the edition, else the title's release, else that of the table.
    pub fn release(&self) -> Option<&'a Release> {
        let table = || self.terminology.table(self.system).map(CodeTable::release);
        self.title_release().or_else(table)
    }

    /// The 7th characters that complete the concept, when it is a stem.
    pub fn completions(&self) -> Vec<Completion> {
        let Some((edition, location)) =
            self.place.filter(|(_, location)| location.seventh.is_none())
        else {
            return Vec::new();
        };
        if !edition.list.is_leaf(location.node) {
            return Vec::new();
        }
        let characters = edition.list.seventh_characters(location.node).unwrap_or_default();
        let completions = characters.into_iter().filter_map(|seventh| {
            let key = edition.list.complete(location.node, seventh.character)?;
            let code = Code::from_key(self.system, key)?;
            Some(Completion {
                character: seventh.character,
                meaning: seventh.meaning.to_owned(),
                code,
            })
        });
        completions.collect()
    }

    /// What the concept stands in, nearest first, up to the chapter.
    pub fn ancestors(&self) -> Vec<Self> {
        let Some((edition, location)) = self.place else { return self.shorter_prefixes() };
        let first = if location.seventh.is_some() {
            Some(location.node)
        } else {
            edition.list.parent(location.node)
        };
        std::iter::successors(first, |node| edition.list.parent(*node))
            .map(|node| Self::of_group(self.terminology, edition, node, self.date))
            .collect()
    }

    /// The concepts directly below, in document order; for a stem, its complete codes.
    pub fn children(&self) -> Vec<Self> {
        match (self.identity, self.place) {
            (_, Some((edition, location))) => {
                let nodes = edition.list.children(location.node);
                let nodes =
                    nodes.map(|node| Self::of_group(self.terminology, edition, node, self.date));
                let complete = self.completions().into_iter();
                let complete = complete
                    .filter_map(|seventh| self.terminology.concept(seventh.code, self.date));
                nodes.chain(complete).collect()
            }
            (Identity::Prefix(prefix), None) => self.longer_prefixes(prefix),
            (_, None) => Vec::new(),
        }
    }

    /// The instructional notes that hold for the concept: its own and those of everything it stands in, nearest
    /// first.
    pub fn notes(&self) -> Vec<Note<'a>> {
        let Some((edition, location)) = self.place else { return Vec::new() };
        let list = &edition.list;
        let inherited = list.lineage(location.node).flat_map(|node| {
            list.own_notes(node)
                .filter(move |note| node == location.node || note.kind.is_inherited())
        });
        inherited.collect()
    }

    /// Codes to use instead, when the code ended before the date.
    pub fn replaced_by(&self) -> Vec<Replacement> {
        self.code().map_or_else(Vec::new, |code| {
            replacement::successors(self.terminology, code, self.date)
        })
    }

    /// Codes that were used before this one, by the official conversion table.
    pub fn replaces(&self) -> Vec<Code> {
        let Some((code, table)) = self.code().zip(self.terminology.table(self.system)) else {
            return Vec::new();
        };
        let former = table.converted_from(code.key()).filter(|former| *former != code.key());
        former.filter_map(|former| Code::from_key(self.system, former)).collect()
    }

    fn codes_below(&self) -> Box<dyn Iterator<Item = Entry<'a>> + 'a> {
        let Some(table) = self.terminology.table(self.system) else {
            return Box::new(std::iter::empty());
        };
        match (self.identity, self.place) {
            (Identity::Code(code), _) => Box::new(table.below(code.key())),
            (Identity::Prefix(prefix), _) => Box::new(table.codes_below(prefix)),
            (Identity::Group, Some((edition, location))) => {
                let list = &edition.list;
                let below = list.descendants(location.node).filter_map(|node| list.key(node));
                Box::new(below.filter(|key| key.length() == 3).flat_map(|key| table.below(key)))
            }
            (Identity::Group, None) => Box::new(std::iter::empty()),
        }
    }

    /// Levels of a system without tabular list: each character of ICD-10-PCS, one letter elsewhere.
    fn levels(&self) -> usize {
        if self.system == CodeSystem::Icd10Pcs { MAX_LENGTH - 1 } else { 1 }
    }

    fn shorter_prefixes(&self) -> Vec<Self> {
        let key = match self.identity {
            Identity::Code(code) => code.key(),
            Identity::Prefix(prefix) => prefix,
            Identity::Group => return Vec::new(),
        };
        // Modifiers stand beside the codes, under no letter.
        if self.code().is_some_and(Code::is_modifier) {
            return Vec::new();
        }
        let lengths = (1..key.length().min(self.levels() + 1)).rev();
        lengths
            .map(|length| {
                Self::of_prefix(self.terminology, self.system, key.prefix(length), self.date)
            })
            .collect()
    }

    fn longer_prefixes(&self, prefix: CodeKey) -> Vec<Self> {
        let Some(table) = self.terminology.table(self.system) else { return Vec::new() };
        let length = prefix.length() + 1;
        let mut keys: Vec<CodeKey> = Vec::new();
        for entry in table.codes_below(prefix) {
            let key = if length > self.levels() { entry.key() } else { entry.key().prefix(length) };
            if keys.last() != Some(&key) {
                keys.push(key);
            }
        }
        keys.into_iter()
            .map(|key| Self::of_prefix(self.terminology, self.system, key, self.date))
            .collect()
    }
}

/// Finds a code in the nearest edition that has it.
fn locate<'a>(
    terminology: &'a Terminology,
    key: CodeKey,
    entry: Option<Entry<'_>>,
    nearest: Nearest<'a>,
) -> Option<(&'a Edition, Location)> {
    nearest.place(key, entry).or_else(|| {
        let mut others = terminology.editions_near(nearest.date()).into_iter().skip(1);
        others.find_map(|edition| Some((edition, edition.list.locate(key)?)))
    })
}
