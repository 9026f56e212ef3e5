//! From headings and titles to labels, table after table.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::CodeKey;

use super::{
    elsewhere::{Elsewhere, approaches},
    heading::{self, Headings, byte},
    region::find_regions,
    section::{self, APPROACH, axis_names},
    table::{self, AXES, ClassKey, Derived, Known, Label, Member},
    words::{Word, Words, common_prefix, is_preposition, is_separator},
};

/// A place in the system and its label.
pub(super) type Place = [u8; 7];

/// The place of a character of an axis, counted from 0, of a table.
pub(super) fn place(
    table: [u8; 3],
    axis: usize,
    character: u8,
    context: Option<(usize, u8)>,
) -> Place {
    let digit = |axis: usize| u8::try_from(axis).unwrap_or_default();
    let (context_axis, context_character) =
        context.map_or((0, 0), |(axis, character)| (digit(axis), character));
    let [first, second, third] = table;
    [first, second, third, digit(axis), character, context_axis, context_character]
}

/// `N` characters of a key from `start` on.
fn bytes<const N: usize>(key: CodeKey, start: usize) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (offset, slot) in bytes.iter_mut().enumerate() {
        *slot = byte(key, start + offset)?;
    }
    Some(bytes)
}

struct Title {
    key: CodeKey,
    table: [u8; 3],
    characters: [u8; AXES],
    words: (usize, usize),
}

/// All titles as words, sorted by code.
struct Corpus {
    words: Words,
    text: Vec<Word>,
    titles: Vec<Title>,
}

/// Derives all labels. The codes come back sorted.
pub(super) fn derive<'a>(
    headings: impl Iterator<Item = (CodeKey, &'a str)>,
    codes: impl Iterator<Item = (CodeKey, &'a str)>,
) -> (Vec<CodeKey>, Vec<(Place, String)>) {
    let mut headings = heading::read(headings);
    let mut corpus = Corpus::read(codes);
    let phrases = corpus.phrases(&mut headings);
    let operations: BTreeMap<[u8; 2], Vec<Word>> = headings
        .operations
        .iter()
        .map(|(place, text)| (*place, corpus.words.split(text)))
        .collect();

    let nothing = corpus.words.split("No Device");
    let tables = corpus.tables();
    let members: Vec<Vec<Member<'_>>> =
        tables.iter().map(|titles| corpus.members(titles)).collect();
    let mut results: Vec<([u8; 3], Derived)> =
        tables.iter().filter_map(|titles| Some((titles.first()?.table, Derived::new()))).collect();
    // The first round knows nothing of other tables, each later one what the one before found.
    for round in 0..3 {
        let elsewhere = Elsewhere::new(&results);
        for ((table, derived), members) in results.iter_mut().zip(&members) {
            let operation = [table[0], table[2]];
            let known = Known {
                table: *table,
                phrase: phrases.get(&operation).map_or(&[], Vec::as_slice),
                operation: operations.get(&operation).map_or(&[], Vec::as_slice),
                nothing: &nothing,
                elsewhere: &elsewhere,
                found: None,
                contexts: &BTreeMap::new(),
            };
            *derived = if round < 2 {
                table::derive(members, &known)
            } else {
                with_contexts(members, &known)
            };
        }
    }
    corpus.labels(&headings, &results)
}

/// Derives a table once more where a character has no label of its own: its meaning may depend on another axis, as
/// the substances of new technology depend on their group.
fn with_contexts(members: &[Member<'_>], known: &Known<'_>) -> Derived {
    let plain = table::derive(members, known);
    let failing: Vec<(usize, u8)> = plain
        .iter()
        .filter(|(key, label)| **label == Label::Unknown && key.character != b'Z')
        .map(|(key, _)| (key.axis, key.character))
        .collect();
    if failing.is_empty() {
        return plain;
    }
    // What is found stays.
    let known = Known { found: Some(&plain), ..*known };
    let mut best: BTreeMap<(usize, u8), (usize, usize)> = BTreeMap::new();
    for axis in 0..AXES {
        let of_axis = || failing.iter().filter(|it| it.0 == axis);
        if of_axis().next().is_none() {
            continue;
        }
        for other in (0..AXES).rev().filter(|other| *other != axis) {
            let contexts = of_axis().map(|it| (*it, other)).collect();
            let split = table::derive(members, &Known { contexts: &contexts, ..known });
            for it in of_axis() {
                let gained = members
                    .iter()
                    .filter(|member| member.characters[axis] == it.1)
                    .filter(|member| {
                        let context = Some((other, member.characters[other]));
                        let key = ClassKey { axis, character: it.1, context };
                        split.get(&key).is_some_and(|label| *label != Label::Unknown)
                    })
                    .count();
                let kept = best.entry(*it).or_default();
                if gained > kept.0 {
                    *kept = (gained, other);
                }
            }
        }
    }
    let contexts: BTreeMap<_, _> = best
        .into_iter()
        .filter(|(_, (gained, _))| *gained > 0)
        .map(|(it, (_, o))| (it, o))
        .collect();
    let mut derived = table::derive(members, &Known { contexts: &contexts, ..known });
    for (key, label) in plain {
        let now = derived.entry(key).or_insert(Label::Unknown);
        if label != Label::Unknown && !matches!(now, Label::Words(_)) {
            *now = label;
        }
    }
    drop_parts(&mut derived);
    derived
}

/// Takes labels away that are only a part of what the same character is called in another context: "Left" beside
/// "Left Atrium".
fn drop_parts(derived: &mut Derived) {
    let mut labels: BTreeMap<(usize, u8), Vec<Vec<Word>>> = BTreeMap::new();
    for (key, label) in derived.iter() {
        if let (Label::Words(words), Some(_)) = (label, key.context) {
            labels.entry((key.axis, key.character)).or_default().push(words.clone());
        }
    }
    for (key, label) in derived.iter_mut() {
        let others = labels.get(&(key.axis, key.character)).filter(|_| key.context.is_some());
        let is_part = matches!(label, Label::Words(words) if others.is_some_and(|others| {
            others.iter().any(|other| {
                other.len() > words.len() && (other.starts_with(words) || other.ends_with(words))
            })
        }));
        if is_part {
            *label = Label::Unknown;
        }
    }
}

impl Corpus {
    fn read<'a>(codes: impl Iterator<Item = (CodeKey, &'a str)>) -> Self {
        let mut words = Words::new();
        let mut text = Vec::new();
        let mut titles = Vec::new();
        for (key, title) in codes {
            let (Some(table), Some(characters)) = (bytes(key, 0), bytes(key, 3)) else { continue };
            let start = text.len();
            words.split_into(title, &mut text);
            titles.push(Title { key, table, characters, words: (start, text.len()) });
        }
        titles.sort_by_key(|title| title.key);
        titles.dedup_by_key(|title| title.key);
        Self { words, text, titles }
    }

    fn words_of(&self, title: &Title) -> &[Word] {
        self.text.get(title.words.0..title.words.1).unwrap_or_default()
    }

    fn tables(&self) -> Vec<&[Title]> {
        self.titles.chunk_by(|left, right| left.table == right.table).collect()
    }

    fn members<'a>(&'a self, titles: &[Title]) -> Vec<Member<'a>> {
        let mut members: Vec<_> = titles
            .iter()
            .map(|title| Member {
                characters: title.characters,
                words: self.words_of(title),
                regions: [None; AXES],
            })
            .collect();
        find_regions(&mut members);
        members
    }

    /// The words that all titles of an operation begin with, up to the last separator. Operations without heading
    /// are called what their titles begin with.
    fn phrases(&mut self, headings: &mut Headings) -> BTreeMap<[u8; 2], Vec<Word>> {
        let mut phrases = BTreeMap::new();
        for (place, words, certain) in self.openings() {
            let operation = headings.operations.get(&place).map(|text| self.words.split(text));
            let end = match &operation {
                // "Inspection of Products of Conception": few body parts may have a name in common.
                Some(operation) if !certain => {
                    let known = if words.starts_with(operation) { operation.len() } else { 0 };
                    let more = words.iter().skip(known).take_while(|word| is_separator(**word));
                    if known > 0 { known + more.count() } else { 0 }
                }
                None if !certain => match words.get(1) {
                    Some(second) if is_preposition(*second) => 2,
                    _ => words.len(),
                },
                _ => {
                    let last = words.iter().rposition(|word| is_separator(*word));
                    last.map_or(words.len(), |last| last + 1)
                }
            };
            let phrase = words.get(..end).unwrap_or_default();
            let first = phrase.iter().position(|word| is_separator(*word)).unwrap_or(end);
            if first > 0 && operation.is_none() && (certain || first == 1 && end == 2) {
                let name = self.words.join(phrase.get(..first).unwrap_or_default());
                headings.operations.insert(place, name);
            }
            if end > 0 {
                phrases.insert(place, phrase.to_vec());
            }
        }
        phrases
    }

    /// The words that the titles of each operation begin with, and whether there are enough of them to tell the
    /// operation from the body part.
    fn openings(&self) -> Vec<([u8; 2], Vec<Word>, bool)> {
        struct Opening<'a> {
            words: &'a [Word],
            systems: BTreeSet<u8>,
            parts: BTreeSet<u8>,
        }
        let mut found: BTreeMap<[u8; 2], Opening<'_>> = BTreeMap::new();
        for title in self.titles.iter().filter(|title| title.words.0 < title.words.1) {
            let words = self.words_of(title);
            let [first, second, third] = title.table;
            let (systems, parts) = (BTreeSet::new(), BTreeSet::new());
            let opening = found.entry([first, third]).or_insert(Opening { words, systems, parts });
            let common = common_prefix(opening.words, words);
            opening.words = opening.words.get(..common).unwrap_or_default();
            opening.systems.insert(second);
            opening.parts.insert(title.characters[0]);
        }
        let certain = |it: &Opening<'_>| it.systems.len() > 1 || it.parts.len() > 3;
        found.into_iter().map(|(place, it)| (place, it.words.to_vec(), certain(&it))).collect()
    }

    fn labels(
        &self,
        headings: &Headings,
        results: &[([u8; 3], Derived)],
    ) -> (Vec<CodeKey>, Vec<(Place, String)>) {
        let approaches = approaches(results);
        let mut labels = Vec::new();
        for (table, result) in results {
            let table = *table;
            let [first, second, third] = table;
            let section = section::of(first);
            let nothing = |axis| section.map(|section| section.nothing(axis).to_owned());
            let system = headings.systems.get(&[first, second]).cloned();
            let system = system.or_else(|| (second == b'Z').then(|| nothing(1)).flatten());
            labels.extend(system.map(|text| (place([first, second, 0], 1, second, None), text)));
            let operation = headings.operations.get(&[first, third]).cloned();
            labels.extend(operation.map(|text| (place(table, 2, third, None), text)));
            for (key, label) in result {
                let axis = key.axis + 3;
                let approach = axis_names(first)[key.axis] == APPROACH;
                let text = match label {
                    Label::Words(words) => Some(self.words.join(words)),
                    Label::Unsaid if key.character == b'Z' => nothing(axis),
                    Label::Unsaid if approach => {
                        approaches.get(&key.character).map(|words| self.words.join(words))
                    }
                    Label::Unsaid | Label::Unknown => None,
                };
                let context = key.context.map(|(axis, character)| (axis + 3, character));
                labels.extend(text.map(|text| (place(table, axis, key.character, context), text)));
            }
        }
        labels.sort();
        labels.dedup_by(|left, right| left.0 == right.0);
        (self.titles.iter().map(|title| title.key).collect(), labels)
    }
}
