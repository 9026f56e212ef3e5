//! The text of a list. Nearly all of an older list stands in a newer one as well, and is kept once for both.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

use super::{Node, Span, TabularList};
use crate::code::CodeKey;

/// Text that another list may have as well, and behind it what only this one has.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// Of the other list, or all there is. Empty in what was stored without it.
    shared: Arc<str>,
    own: String,
    /// The place of the first byte of its own.
    own_from: usize,
    /// Whether the shared text is that of another list, and not stored with this one.
    is_of_other: bool,
}

impl Text {
    /// What stands at a span; empty where there is none.
    pub(super) fn get(&self, Span { start, end }: Span) -> &str {
        let (start, end) = (start as usize, end as usize);
        let found = if start < self.own_from {
            self.shared.get(start..end)
        } else {
            self.own.get(start - self.own_from..end.saturating_sub(self.own_from))
        };
        found.unwrap_or_default()
    }

    /// A byte at a place, 0 where there is none.
    pub(super) fn byte(&self, at: usize) -> u8 {
        let shared = self.shared.as_bytes().get(at);
        let own = || self.own.as_bytes().get(at.checked_sub(self.own_from)?);
        shared.or_else(own).copied().unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.own_from + self.own.len()
    }

    /// The span of what `others`, spans of the shared text, have already, or of what is added behind all other.
    fn find_or_add(&mut self, said: &str, mut others: impl Iterator<Item = Span>) -> Span {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let is_shared = |span: &Span| span.end as usize <= self.own_from;
        let found = others.find(|span| is_shared(span) && self.get(*span) == said);
        found.unwrap_or_else(|| {
            let start = number(self.len());
            self.own.push_str(said);
            Span { start, end: number(self.len()) }
        })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { own_from: text.len(), shared: text.into(), ..Self::default() }
    }
}

/// The length of what another list has, and what is stored of the text.
type Stored<T> = (u32, T);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = u32::try_from(self.own_from).map_err(S::Error::custom)?;
        let stored: Stored<&str> =
            if self.is_of_other { (length, &self.own) } else { (0, &self.shared) };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (of_other, text) = Stored::<String>::deserialize(deserializer)?;
        Ok(match of_other {
            0 => Self::from(text),
            _ => Self {
                own: text,
                own_from: of_other as usize,
                is_of_other: true,
                ..Self::default()
            },
        })
    }
}

impl TabularList {
    /// The same list, with the text that it has in common with another one kept once for both. Most of it, where that is
    /// the list of another year.
    #[must_use]
    pub fn sharing_text(&self, other: &Self) -> Self {
        let Self { text: before, nodes, notes, seventh, by_key, umbrellas, .. } = self;
        let (mut nodes, mut notes, mut seventh) = (nodes.clone(), notes.clone(), seventh.clone());
        let (by_key, umbrellas) = (by_key.clone(), umbrellas.clone());
        let fits = u32::try_from(before.len() + other.text.len()).is_ok();
        if !fits || other.text.is_of_other || other.text.shared.is_empty() {
            let text = before.clone();
            return Self { text, nodes, notes, seventh, by_key, umbrellas, ..Self::default() };
        }
        let mut text = Text {
            shared: Arc::clone(&other.text.shared),
            own: String::new(),
            own_from: other.text.shared.len(),
            is_of_other: true,
        };
        for at in 0..nodes.len() {
            let until = nodes.get(at + 1).map_or(notes.len(), |next| next.notes as usize);
            let node = &mut nodes[at];
            let twin = (node.key != CodeKey::NONE).then(|| other.node(node.key)).flatten();
            let there = twin.map(|twin| &other.nodes[twin.index()]);

            let title = node.title.start.saturating_sub(node.name);
            let Span { start, end } =
                text.find_or_add(before.get(node.named()), there.map(Node::named).into_iter());
            (node.name, node.title) = (start, Span { start: start.saturating_add(title), end });

            for note in notes.get_mut(node.notes as usize..until).into_iter().flatten() {
                let others = twin.into_iter().flat_map(|twin| other.numbers_of_notes(twin));
                let others = others.filter_map(|number| other.notes.get(number as usize));
                note.text = text.find_or_add(before.get(note.text), others.map(|note| note.text));
            }
            for (_, meaning) in seventh.get_mut(node.seventh as usize).into_iter().flatten() {
                let others = twin.and_then(|twin| other.definition(twin)).unwrap_or_default();
                *meaning = text.find_or_add(before.get(*meaning), others.iter().map(|it| it.1));
            }
        }
        Self { text, nodes, notes, seventh, by_key, umbrellas, ..Self::default() }
    }

    /// Whether it was stored without the text that it shares with another list: [`Self::with_text_of`] gives it back.
    pub fn lacks_text(&self) -> bool {
        self.text.is_of_other && self.text.shared.is_empty()
    }

    /// The list with the text that it was stored without. `None` where the other list is not the one that it shares its
    /// text with.
    #[must_use]
    pub fn with_text_of(mut self, other: &Self) -> Option<Self> {
        if self.lacks_text() {
            let is_of_it = !other.text.is_of_other && other.text.shared.len() == self.text.own_from;
            self.text.shared = is_of_it.then(|| Arc::clone(&other.text.shared))?;
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        tabular::{NodeKind, NoteKind, TabularBuilder},
        testing::sample,
    };

    /// Two codes with notes and 7th characters, of which the first says what it is told to.
    fn list(title: &str, notes: &[&str], meaning: &str) -> TabularList {
        let mut builder = TabularBuilder::default();
        builder.open(NodeKind::Chapter, "chapter-19", "Injuries").unwrap();
        builder.open(NodeKind::Code, "T20", title).unwrap();
        for (container, note) in (0..).zip(notes) {
            builder.note(NoteKind::InclusionTerm, container, note).unwrap();
        }
        builder.seventh_character('A', meaning).unwrap();
        builder.close().unwrap();
        builder.open(NodeKind::Code, "T21", "Burn of trunk").unwrap();
        builder.close().unwrap();
        builder.close().unwrap();
        builder.finish().unwrap()
    }

    fn told(list: &TabularList) -> Vec<String> {
        let of_node = |id| {
            let notes: Vec<_> = list.own_notes(id).map(|note| note.text).collect();
            let seventh = list.seventh_characters(id);
            format!("{} {} {notes:?} {seventh:?}", list.name(id), list.title(id))
        };
        list.ids().map(of_node).collect()
    }

    #[test]
    fn a_list_that_shares_its_text_says_the_same() {
        let newer = list("Burn of head", &["Scald", "", "Burn"], "initial encounter");
        let lists = [
            ("Burn of head and neck", &["Burn", "Scald", "Blister"][..], "initial"),
            ("", &["", ""][..], ""),
            ("Burn of head", &["Scald", "", "Burn"][..], "initial encounter"),
        ];
        for (title, notes, meaning) in lists {
            let older = list(title, notes, meaning);
            let before = told(&older);
            let shared = older.sharing_text(&newer);
            assert_eq!(told(&shared), before);
            let stored = serde_json::to_string(&shared).unwrap();
            let read = || serde_json::from_str::<TabularList>(&stored).unwrap();
            assert!(read().lacks_text() && !shared.lacks_text());
            assert_eq!(told(&read().with_text_of(&newer).unwrap()), before);
            let another = list("Burn", &[], "");
            assert!(read().with_text_of(&another).is_none(), "the text of another list");
            assert_eq!(told(&shared.with_text_of(&another).unwrap()), before);
        }
    }

    #[test]
    fn a_list_that_shares_its_text_is_not_shared_with() {
        let newer = list("Burn of head", &["Scald"], "initial encounter");
        let shared = list("Burn", &[], "initial").sharing_text(&newer);
        let third = list("Burn", &["Scald"], "");
        let before = told(&third);
        let third = third.sharing_text(&shared);
        assert_eq!(told(&third), before);
        let stored = serde_json::to_string(&third).unwrap();
        assert_eq!(told(&serde_json::from_str(&stored).unwrap()), before);
    }

    #[test]
    fn the_same_list_needs_no_text_of_its_own_but_for_chapters_and_sections() {
        let list = &sample().editions()[0].list;
        let same: TabularList =
            serde_json::from_str(&serde_json::to_string(&**list).unwrap()).unwrap();
        let before = told(&same);
        let shared = same.sharing_text(list);
        assert_eq!(told(&shared), before);
        let groups = shared.ids().filter(|id| shared.kind(*id) != NodeKind::Code);
        let of_groups: usize = groups
            .map(|id| {
                let notes = shared.own_notes(id).map(|note| note.text.len()).sum::<usize>();
                shared.name(id).len() + shared.title(id).len() + notes
            })
            .sum();
        assert_eq!(shared.text.own.len(), of_groups);
    }
}
