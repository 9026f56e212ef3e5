//! The text of the server equals that of a simple model, whatever is typed.

use proptest::prelude::*;

use super::*;
use crate::positions::Point;

fn uri() -> Url {
    "file:///note.md".parse().unwrap()
}

fn opened(text: &str) -> Documents {
    let mut documents = Documents::default();
    documents.open(Document::new(uri(), 1, text.to_owned()));
    documents
}

fn span(start: (u32, u32), end: (u32, u32)) -> Span {
    let point = |(line, column)| Point { line, column };
    Span { start: point(start), end: point(end) }
}

#[test]
fn applies_each_change_to_the_text_left_by_the_one_before() {
    let mut documents = opened("Dx: E11\n");
    let changes = vec![
        Change { span: Some(span((0, 7), (0, 7))), text: ".".to_owned() },
        Change { span: Some(span((0, 8), (0, 8))), text: "9".to_owned() },
    ];
    assert_eq!(documents.change(&uri(), 5, changes, Encoding::Utf16), Changed::Applied);
    let document = documents.get(&uri()).unwrap();
    assert_eq!((document.text(), document.version), ("Dx: E11.9\n", 5));
}

#[test]
fn replaces_everything_without_a_range() {
    let mut documents = opened("old");
    let changes = vec![Change { span: None, text: "new\ntext".to_owned() }];
    documents.change(&uri(), 2, changes, Encoding::Utf8);
    assert_eq!(documents.get(&uri()).unwrap().text(), "new\ntext");
}

#[test]
fn keeps_the_version_a_reader_took() {
    let mut documents = opened("before");
    let reader = documents.clone();
    let changes = vec![Change { span: None, text: "after".to_owned() }];
    documents.change(&uri(), 2, changes, Encoding::Utf16);
    assert_eq!(reader.get(&uri()).unwrap().text(), "before");
}

#[test]
fn reports_a_corrected_range_once() {
    let mut documents = opened("a");
    let behind = || vec![Change { span: Some(span((9, 9), (9, 9))), text: "b".to_owned() }];
    assert_eq!(documents.change(&uri(), 2, behind(), Encoding::Utf16), Changed::Corrected);
    assert_eq!(documents.change(&uri(), 3, behind(), Encoding::Utf16), Changed::Applied);
    assert_eq!(documents.get(&uri()).unwrap().text(), "abb");
}

#[test]
fn knows_nothing_of_closed_documents() {
    let mut documents = opened("a");
    assert!(documents.close(&uri()));
    assert!(!documents.close(&uri()));
    assert_eq!(documents.change(&uri(), 2, Vec::new(), Encoding::Utf16), Changed::NotOpen);
}

#[test]
fn prints_no_text() {
    let documents = opened("PLANTEDWORD");
    let change = Change { span: None, text: "PLANTEDWORD".to_owned() };
    assert!(!format!("{documents:?} {change:?}").contains("PLANTED"));
}

/// A text as the protocol describes it, kept in the simplest way: lines of characters.
pub(crate) struct Model(pub(crate) String);

impl Model {
    /// The byte offset of a point, by walking.
    pub(crate) fn offset(&self, point: Point, encoding: Encoding) -> usize {
        let mut line = 0;
        let mut offset = 0;
        let mut rest = self.0.as_str();
        while line < point.line {
            let Some(at) = rest.find(['\n', '\r']) else { return self.0.len() };
            let skipped = at + if rest[at..].starts_with("\r\n") { 2 } else { 1 };
            offset += skipped;
            rest = &rest[skipped..];
            line += 1;
        }
        let content = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let mut column = 0;
        for (at, character) in content.char_indices() {
            let width = match encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if column + u32::try_from(width).unwrap() > point.column {
                return offset + at;
            }
            column += u32::try_from(width).unwrap();
        }
        offset + content.len()
    }

    /// Puts `text` in the place of what lies between two points.
    pub(crate) fn apply(&mut self, start: Point, end: Point, text: &str, encoding: Encoding) {
        let (start, end) = (self.offset(start, encoding), self.offset(end, encoding));
        self.0.replace_range(start.min(end)..start.max(end), text);
    }
}

type Edit = ((u32, u32), (u32, u32), String);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let point = || (0_u32..6, 0_u32..14);
    proptest::collection::vec((point(), point(), "[E1.9 é\u{301}😀\r\n]{0,5}"), 40)
}

proptest! {
    // 90 scripts of 40 edits in each of three encodings: over ten thousand edits.
    #![proptest_config(ProptestConfig::with_cases(90))]
    #[test]
    fn random_edits_give_the_text_of_the_model(text in "[Dx: E11.9é\u{301}😀\r\n]{0,60}", edits in edits()) {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let mut documents = opened(&text);
            let mut model = Model(text.clone());
            for (version, (start, end, insert)) in (2..).zip(&edits) {
                let change = Change { span: Some(span(*start, *end)), text: insert.clone() };
                documents.change(&uri(), version, vec![change], encoding);
                let point = |(line, column): (u32, u32)| Point { line, column };
                model.apply(point(*start), point(*end), insert, encoding);
                let document = documents.get(&uri()).unwrap();
                prop_assert_eq!(document.text(), &model.0);
                prop_assert_eq!(document.version, version);
                let grid = document.grid(encoding);
                let range = 0..document.text().len();
                prop_assert_eq!(grid.range(grid.span(&range)).0, range);
            }
        }
    }
}
