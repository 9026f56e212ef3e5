//! How binding the instructions of the list are: which code-first notes demand a code that can be named, and which
//! use-additional-code notes do so without a condition.
//!
//! Read literally, the notes would report most chapters: "code first any associated underlying condition" asks for
//! nothing where there is none. The class of a node is decided by the whole text of its containers.

use super::{Location, NodeId, NodeKind, Note, NoteKind, TabularList};

/// How binding the code-first note of a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Binding {
    /// It names no code: "underlying disease".
    WithoutReference,
    /// It holds only in some cases: "if applicable", "any associated".
    Conditional,
    /// It gives examples: "underlying disease, such as:".
    Open,
    /// It names every code that may come first.
    Closed,
}

/// What the notes of a list were read as; found when it is first asked for.
#[derive(Debug)]
pub(super) struct Instructions {
    /// Nodes with a code-first note, in document order.
    code_first: Vec<(NodeId, Binding)>,
    /// Nodes with plain use-additional-code notes and their containers, in document order.
    additions: Vec<(NodeId, u32)>,
}

impl TabularList {
    /// How binding the code-first note written at this very node is; `None` when it has none.
    pub fn code_first(&self, id: NodeId) -> Option<Binding> {
        let all = &self.instructions().code_first;
        let index = all.binary_search_by_key(&id, |entry| entry.0).ok()?;
        all.get(index).map(|entry| entry.1)
    }

    /// The containers of the use-additional-code notes at this very node, when they are plain: on a code node, with
    /// codes, without a list of choices and without a condition. Each asks for a code by itself.
    pub fn plain_additions(&self, id: NodeId) -> impl Iterator<Item = u32> + '_ {
        let all = &self.instructions().additions;
        let first = all.partition_point(|entry| entry.0 < id);
        all.iter().skip(first).take_while(move |entry| entry.0 == id).map(|entry| entry.1)
    }

    /// The notes of one container at a node: a heading and its items, or one sentence.
    pub fn container(&self, id: NodeId, container: u32) -> impl Iterator<Item = Note<'_>> {
        self.own_notes(id).filter(move |note| note.container == container)
    }

    /// The first note of a kind at this very node that names the code.
    pub fn naming(&self, id: NodeId, kind: NoteKind, code: Location) -> Option<Note<'_>> {
        let mut notes = self.own_notes(id).filter(|note| note.kind == kind);
        notes.find(|note| self.targets(note).iter().any(|target| target.contains(code)))
    }

    /// What a note asks for, as one phrase: the heading of its container where it has one, else its own text.
    pub fn phrase<'l>(&'l self, note: &Note<'l>) -> &'l str {
        let heading = self.container(note.owner, note.container).next();
        let heading = heading.filter(|first| first.text.ends_with(':'));
        let text = heading.map_or(note.text, |heading| heading.text);
        let text = text.trim_end_matches(['.', ':', ' ']);
        text.trim_end_matches("such as").trim_end_matches([',', ' '])
    }

    fn instructions(&self) -> &Instructions {
        self.instructions.get_or_init(|| Instructions {
            code_first: self.ids().filter_map(|id| Some((id, binding(self, id)?))).collect(),
            additions: self.ids().flat_map(|id| additions(self, id)).collect(),
        })
    }
}

fn binding(list: &TabularList, id: NodeId) -> Option<Binding> {
    let (text, names_codes) = whole_text(list, id, NoteKind::CodeFirst)?;
    let conditional = ["if applicable", "if known", "if present", "associated", "complicat"];
    Some(if !names_codes {
        Binding::WithoutReference
    } else if conditional.iter().any(|words| text.contains(words)) || has_word(&text, "any") {
        Binding::Conditional
    } else if text.contains("such as") {
        Binding::Open
    } else {
        Binding::Closed
    })
}

/// The containers of a node whose use-additional-code notes are plain, each once.
fn additions(list: &TabularList, id: NodeId) -> Vec<(NodeId, u32)> {
    let Some((text, names_codes)) = whole_text(list, id, NoteKind::UseAdditionalCode) else {
        return Vec::new();
    };
    let notes = || list.own_notes(id).filter(|note| note.kind == NoteKind::UseAdditionalCode);
    let is_plain = names_codes
        && list.kind(id) == NodeKind::Code
        && !notes().any(|note| note.text.ends_with(':'))
        && !text.contains("associated")
        && !["any", "if", "when"].iter().any(|word| has_word(&text, word));
    if !is_plain {
        return Vec::new();
    }
    let naming = notes().filter(|note| !list.targets(note).is_empty());
    let mut containers: Vec<_> = naming.map(|note| (id, note.container)).collect();
    containers.dedup();
    containers
}

/// The notes of a kind at a node in small letters, white space squeezed, and whether one of them names a code. `None`
/// when there is none.
fn whole_text(list: &TabularList, id: NodeId, kind: NoteKind) -> Option<(String, bool)> {
    let mut text = String::new();
    let mut names_codes = false;
    for note in list.own_notes(id).filter(|note| note.kind == kind) {
        for word in note.text.split_whitespace() {
            text.push_str(&word.to_ascii_lowercase());
            text.push(' ');
        }
        names_codes |= !list.targets(&note).is_empty();
    }
    (!text.is_empty()).then_some((text, names_codes))
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric()).any(|other| other == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{code::CodeKey, testing::sample};

    fn list() -> &'static TabularList {
        &sample().editions()[0].list
    }

    fn node(code: &str) -> NodeId {
        list().node(CodeKey::new(code).unwrap()).unwrap()
    }

    #[test]
    fn tells_how_binding_a_code_first_note_is() {
        for (code, expected) in [
            ("G63", Some(Binding::Open)),
            ("D631", Some(Binding::Closed)),
            ("J1282", Some(Binding::Closed)),
            ("L97", Some(Binding::Conditional)),
            ("N18", Some(Binding::Conditional)),
            ("E119", None),
        ] {
            assert_eq!(list().code_first(node(code)), expected, "{code}");
        }
        assert_eq!(list().code_first(list().group("T36-T50").unwrap()), Some(Binding::Open));
    }

    #[test]
    fn finds_the_plain_notes() {
        assert_eq!(list().plain_additions(node("I130")).count(), 2);
        assert_eq!(list().plain_additions(node("E1122")).count(), 1);
        // A list of statuses, and a condition.
        assert_eq!(list().plain_additions(node("E11")).count(), 0);
        assert_eq!(list().plain_additions(node("E66")).count(), 0);
    }

    #[test]
    fn puts_a_note_into_a_phrase() {
        let phrase = |code: &str| {
            let id = node(code);
            let note = list().own_notes(id).find(|note| note.kind == NoteKind::CodeFirst).unwrap();
            list().phrase(&note)
        };
        assert_eq!(phrase("L97"), "any associated underlying condition");
        assert_eq!(phrase("J1282"), "COVID-19 (U07.1)");
    }
}
