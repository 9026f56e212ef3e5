//! Instructional notes: those of a concept and of everything it stands in.

use medcode_codes::{
    code::{CodeKey, written},
    concept::Concept,
    system::CodeSystem,
    tabular::{Note, NoteKind, TabularList, Target},
};
use medcode_proto::v1;

/// The notes of a concept, nearest owner first. The items of a list are joined with its heading.
pub(super) fn of(content: &Concept<'_>) -> Vec<v1::Note> {
    let Some((edition, _)) = content.place() else { return Vec::new() };
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    for note in content.notes().into_iter().filter(|note| note.kind != NoteKind::InclusionTerm) {
        match sentences.last_mut().filter(|sentence| sentence.is_list_of(&note)) {
            Some(list) => list.items.push(note),
            None => sentences.push(Sentence { heading: note, items: Vec::new() }),
        }
    }
    sentences.iter().map(|sentence| sentence.to_proto(&edition.list)).collect()
}

/// The kind of a note on the wire. Among the notes of a concept there are no inclusion terms.
pub(super) fn kind(kind: NoteKind) -> v1::NoteKind {
    match kind {
        NoteKind::Includes => v1::NoteKind::Includes,
        NoteKind::Excludes1 => v1::NoteKind::Excludes1,
        NoteKind::Excludes2 => v1::NoteKind::Excludes2,
        NoteKind::CodeFirst => v1::NoteKind::CodeFirst,
        NoteKind::UseAdditionalCode => v1::NoteKind::UseAdditionalCode,
        NoteKind::CodeAlso => v1::NoteKind::CodeAlso,
        NoteKind::SeventhCharacter => v1::NoteKind::SeventhCharacter,
        NoteKind::InclusionTerm => v1::NoteKind::InclusionTerm,
        NoteKind::Other => v1::NoteKind::Other,
    }
}

/// A note, or a heading with the items of its list.
struct Sentence<'a> {
    heading: Note<'a>,
    items: Vec<Note<'a>>,
}

impl Sentence<'_> {
    /// Whether a note is an item of this list: a heading ends with a colon, and one container holds the list.
    fn is_list_of(&self, note: &Note<'_>) -> bool {
        let same = |other: &Note<'_>| (other.owner, other.kind, other.container);
        self.heading.text.ends_with(':')
            && !note.text.ends_with(':')
            && same(&self.heading) == same(note)
    }

    fn to_proto(&self, list: &TabularList) -> v1::Note {
        let items: Vec<_> = self.items.iter().map(|item| item.text).collect();
        let text = if items.is_empty() {
            self.heading.text.to_owned()
        } else {
            format!("{} {}", self.heading.text, items.join("; "))
        };
        let parts = std::iter::once(&self.heading).chain(&self.items);
        let ranges = parts.flat_map(|note| list.targets(note)).map(range);
        v1::Note {
            kind: kind(self.heading.kind).into(),
            text,
            owner_code: list.name(self.heading.owner).to_owned(),
            ranges: ranges.collect(),
        }
    }
}

fn range(target: &Target) -> v1::CodeRange {
    let code = |key: CodeKey| written(CodeSystem::Icd10Cm, &key.text());
    v1::CodeRange {
        first: code(target.written.0),
        last: target.written.1.map(code).unwrap_or_default(),
        qualifier: target.qualifier.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}
