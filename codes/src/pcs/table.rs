//! One table: which piece of its titles each character of the last four stands for.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use super::{
    elsewhere::Elsewhere,
    section::{APPROACH, axis_names},
    span::Span,
    words::{Word, is_boundary, is_preposition, is_separator, occurrences, strip},
};

mod evidence;
mod share;

use share::{Stage, share};

/// The number of axes a table has: the fourth to the seventh character.
pub(super) const AXES: usize = 4;

const LAST: usize = AXES - 1;

/// A title that is looked at as the sum of its pieces.
pub(super) struct Member<'a> {
    /// The fourth to seventh character.
    pub(super) characters: [u8; AXES],
    pub(super) words: &'a [Word],
    /// What differs from the codes that differ in one axis only.
    pub(super) regions: [Option<Region>; AXES],
}

/// Where the text of an axis is, as far as comparing two codes shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// At least these words. Empty when the text is a part of that of the others.
    Text(Span),
    /// The others have a text, this one has none.
    Absent,
}

/// Codes with the same character on an axis, which should have the same label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClassKey {
    /// From 0, for the fourth character.
    pub(super) axis: usize,
    pub(super) character: u8,
    /// The axis and character that the meaning depends on too.
    pub(super) context: Option<(usize, u8)>,
}

/// What is known of the table before its titles are looked at.
pub(super) struct Known<'a> {
    /// The three characters the codes begin with.
    pub(super) table: [u8; 3],
    /// The words every title of the operation begins with.
    pub(super) phrase: &'a [Word],
    /// The words of the label of the operation.
    pub(super) operation: &'a [Word],
    /// The words "No Device", which some titles have and some do not.
    pub(super) nothing: &'a [Word],
    /// The labels of other tables.
    pub(super) elsewhere: &'a Elsewhere,
    /// What an earlier look at the table found.
    pub(super) found: Option<&'a Derived>,
    /// The classes that depend on another axis.
    pub(super) contexts: &'a BTreeMap<(usize, u8), usize>,
}

/// What the titles of a class say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Words(Vec<Word>),
    /// The titles leave it out.
    Unsaid,
    Unknown,
}

/// What is derived of a table.
pub(super) type Derived = BTreeMap<ClassKey, Label>;

struct Class {
    key: ClassKey,
    members: Vec<usize>,
    label: Vec<Word>,
    /// The label is that of other tables.
    borrowed: bool,
    /// The label is that of an earlier look at the table.
    found: bool,
}

/// The working state of one table.
struct Alignment<'a, 't> {
    members: &'t [Member<'a>],
    known: &'t Known<'t>,
    names: [&'static str; AXES],
    classes: Vec<Class>,
    /// For each member its class on each axis.
    class_of: Vec<[usize; AXES]>,
    operations: Vec<Option<Span>>,
    claims: Vec<[Option<Span>; AXES]>,
}

/// Derives the labels of one table.
pub(super) fn derive(members: &[Member<'_>], known: &Known<'_>) -> Derived {
    let mut alignment = Alignment::new(members, known);
    if known.found.is_some() {
        alignment.claim();
    }
    alignment.take_cores();
    alignment.claim();
    let mut stage = Stage::First;
    for _ in 0..4 {
        // Body parts last: their labels in other tables are the likeliest to have taken too much.
        for axes in [1..AXES, 0..1] {
            if alignment.borrow(&axes) {
                alignment.claim();
            }
        }
        if alignment.extend(stage) {
            alignment.claim();
        } else if stage == Stage::Settled {
            break;
        }
        stage = Stage::Settled;
    }
    if alignment.extend(Stage::Last) {
        alignment.claim();
    }
    alignment.finish()
}

impl<'a, 't> Alignment<'a, 't> {
    fn new(members: &'t [Member<'a>], known: &'t Known<'t>) -> Self {
        let mut numbers: HashMap<ClassKey, usize, foldhash::fast::RandomState> = HashMap::default();
        let mut classes: Vec<Class> = Vec::new();
        let mut class_of = Vec::with_capacity(members.len());
        for (index, member) in members.iter().enumerate() {
            class_of.push(std::array::from_fn(|axis| {
                let character = member.characters[axis];
                let context = known.contexts.get(&(axis, character));
                let context = context.map(|other| (*other, member.characters[*other % AXES]));
                let key = ClassKey { axis, character, context };
                let number = *numbers.entry(key).or_insert(classes.len());
                if number == classes.len() {
                    let label = match known.found.and_then(|found| found.get(&key)) {
                        Some(Label::Words(words)) => words.clone(),
                        _ => Vec::new(),
                    };
                    let found = !label.is_empty();
                    classes.push(Class { key, members: Vec::new(), label, borrowed: false, found });
                }
                classes[number].members.push(index);
                number
            }));
        }
        let operations = members.iter().map(|member| operation_of(member.words, known)).collect();
        let claims = vec![[None; AXES]; members.len()];
        let names = axis_names(known.table[0]);
        Self { members, known, names, classes, class_of, operations, claims }
    }

    /// The longest differing text that all titles of a class have in common.
    fn take_cores(&mut self) {
        for class in self.classes.iter_mut().filter(|class| !class.found) {
            let axis = class.key.axis;
            let mut texts: Vec<&[Word]> = Vec::new();
            for index in &class.members {
                let member = &self.members[*index];
                let Some(Region::Text(span)) = member.regions[axis] else { continue };
                for span in span.without(self.claims[*index].iter().flatten()) {
                    let text = strip(span.of(member.words));
                    if !text.is_empty() && !texts.contains(&text) {
                        texts.push(text);
                    }
                }
            }
            class.label = longest_common(&texts, self.members, &class.members);
        }
    }

    /// Finds the label of each class in each of its titles, no word used twice.
    fn claim(&mut self) {
        for (index, member) in self.members.iter().enumerate() {
            let mut claims: [Option<Span>; AXES] = [None; AXES];
            let mut order: Vec<usize> = (0..AXES).collect();
            order.sort_by_key(|axis| {
                let class = &self.classes[self.class_of[index][*axis]];
                let length = std::cmp::Reverse(class.label.len());
                (!class.found, member.regions[*axis].is_none(), length)
            });
            for axis in order {
                let label = &self.classes[self.class_of[index][axis]].label;
                let taken = |span: Span| {
                    self.operations[index]
                        .is_some_and(|other| other.len() > 1 && other.overlaps(span))
                        || claims.iter().flatten().any(|other| other.overlaps(span))
                };
                claims[axis] = match member.regions[axis] {
                    Some(Region::Text(region)) if label.is_empty() && region.is_empty() => {
                        Some(region)
                    }
                    _ if label.is_empty() => None,
                    region => {
                        let spans = || {
                            occurrences(member.words, label)
                                .map(|start| Span::new(start, start + label.len()))
                                .filter(|span| !taken(*span))
                        };
                        match region {
                            Some(Region::Text(region)) => {
                                spans().find(|span| span.touches(region)).or_else(|| spans().next())
                            }
                            // The last place: titles end with the common texts.
                            _ => spans().last(),
                        }
                    }
                };
            }
            // "Contact Radiation" is a label of its own although the root type is "Other Radiation".
            self.operations[index] = self.operations[index]
                .filter(|span| !claims.iter().flatten().any(|claim| claim.overlaps(*span)));
            self.claims[index] = claims;
        }
    }

    /// Takes labels of other tables over, where all titles have them. Whether anything changed.
    fn borrow(&mut self, axes: &Range<usize>) -> bool {
        let mut changed = false;
        for number in 0..self.classes.len() {
            let class = &self.classes[number];
            if may_be_unsaid(class) || class.found || !axes.contains(&class.key.axis) {
                continue;
            }
            let axis = class.key.axis;
            let mut found = None;
            for label in self.known.elsewhere.labels(self.known.table, class.key) {
                if class.label == label {
                    found = Some(label);
                    break;
                }
                let related = class.label.is_empty()
                    || occurrences(label, &class.label).next().is_some()
                    || occurrences(&class.label, label).next().is_some();
                let fits = related
                    && class.members.iter().all(|index| {
                        occurrences(self.members[*index].words, label).any(|start| {
                            let span = Span::new(start, start + label.len());
                            let others = self.claims[*index].iter().enumerate();
                            !others
                                .filter(|(other, _)| *other != axis)
                                .filter_map(|(_, claim)| *claim)
                                .chain(self.operations[*index])
                                .any(|other| other.overlaps(span))
                        })
                    });
                if fits {
                    found = Some(label);
                    break;
                }
            }
            if let Some(label) = found {
                let class = &mut self.classes[number];
                class.borrowed = true;
                if class.label != label {
                    class.label = label.to_vec();
                    changed = true;
                }
            }
        }
        changed
    }

    /// Gives the words that nobody claims to the label they belong to. Whether anything changed.
    fn extend(&mut self, stage: Stage) -> bool {
        let mut before: Vec<Option<&[Word]>> = vec![None; self.classes.len()];
        let mut after: Vec<Option<&[Word]>> = vec![None; self.classes.len()];
        let mut missed: Vec<Vec<&[Word]>> = vec![Vec::new(); self.classes.len()];
        for (index, member) in self.members.iter().enumerate() {
            let missing: Vec<usize> = (0..AXES)
                .filter(|axis| {
                    let class = &self.classes[self.class_of[index][*axis]];
                    class.label.is_empty()
                        && self.claims[index][*axis].is_none()
                        && !may_be_unsaid(class)
                })
                .collect();
            let shares = share(
                member.words,
                self.operations[index],
                &self.claims[index],
                !missing.is_empty(),
                stage,
            );
            for axis in 0..AXES {
                let class = self.class_of[index][axis];
                if self.claims[index][axis].is_some() {
                    let (left, right) = (shares.before[axis], shares.after[axis]);
                    let known = before[class].unwrap_or(left);
                    let kept = super::words::common_suffix(known, left);
                    before[class] = left.get(left.len() - kept..);
                    let known = after[class].unwrap_or(right);
                    let kept = super::words::common_prefix(known, right);
                    after[class] = right.get(..kept);
                }
            }
            let found: &[_] = match (missing.as_slice(), shares.free.as_slice()) {
                ([axis], [piece]) => &[(*axis, *piece)],
                // What follows the approach is the qualifier, which is the last axis.
                ([axis, LAST], [piece, qualifier]) if self.qualifier_is_last(index, qualifier) => {
                    &[(*axis, *piece), (LAST, *qualifier)]
                }
                _ => &[],
            };
            for (axis, piece) in found {
                let texts = &mut missed[self.class_of[index][*axis]];
                if !texts.contains(piece) {
                    texts.push(piece);
                }
            }
        }
        let mut changed = false;
        for (number, class) in self.classes.iter_mut().enumerate() {
            let label = if class.label.is_empty() && before[number].is_none() {
                longest_common(&missed[number], self.members, &class.members)
            } else if class.borrowed {
                class.label.clone()
            } else {
                let left = before[number].unwrap_or_default();
                let right = after[number].unwrap_or_default();
                let whole = [left, class.label.as_slice(), right].concat();
                strip(&whole).to_vec()
            };
            changed |= label != class.label;
            class.label = label;
        }
        changed
    }

    /// Whether the last words of a title, with a comma, come after its approach.
    fn qualifier_is_last(&self, index: usize, qualifier: &[Word]) -> bool {
        let end =
            self.members[index].words.len() - qualifier.len().min(self.members[index].words.len());
        self.names[1] == APPROACH
            && self.members[index].words.ends_with(qualifier)
            && self.claims[index][1].is_some_and(|approach| approach.end() + 1 == end)
    }
}

/// Whether the titles need not say anything of the class.
fn may_be_unsaid(class: &Class) -> bool {
    class.key.character == b'Z'
}

/// The longest of the texts that all these titles contain.
fn longest_common(texts: &[&[Word]], members: &[Member<'_>], indices: &[usize]) -> Vec<Word> {
    let mut texts = texts.to_vec();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    // A class with many texts has none in common.
    texts
        .into_iter()
        .take(12)
        .find(|text| {
            indices.iter().all(|index| occurrences(members[*index].words, text).next().is_some())
        })
        .map(<[Word]>::to_vec)
        .unwrap_or_default()
}

/// Where the title names its operation.
fn operation_of(words: &[Word], known: &Known<'_>) -> Option<Span> {
    if !known.phrase.is_empty() && words.starts_with(known.phrase) {
        return Some(Span::new(0, known.phrase.len()));
    }
    if known.operation.is_empty() {
        return None;
    }
    let length = known.operation.len();
    if let Some(start) = occurrences(words, known.operation).next() {
        return Some(Span::new(start, start + length));
    }
    // "Motor Function Treatment of" where the root type is "Motor Treatment".
    let last = *known.operation.last()?;
    let at = words.iter().enumerate().position(|(at, word)| {
        *word == last && words.get(at + 1).is_none_or(|next| is_separator(*next))
    })?;
    Some(Span::new(at, at + 1))
}
