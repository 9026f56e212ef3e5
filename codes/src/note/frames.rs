//! The parts of a text in which a comment would be something else than a comment.

use std::ops::Range;

use super::{
    layout::{Block, Fence, Kind, Layout},
    lines::{line_at, start_of_line},
};

/// Where comments cannot stand, and where those that speak of it go instead. Ranges are bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    /// Where the text begins behind its byte order mark and the YAML block at its head.
    pub body: usize,
    /// The YAML block at the head, its dashes excluded.
    pub front_matter: Option<Range<usize>>,
    /// The fenced blocks of codes and claims, in text order.
    pub fences: Vec<FencedCodes>,
    /// Claims, JSON and tables of values that no fence surrounds, in text order.
    pub formats: Vec<Range<usize>>,
}

/// A fenced block of codes or a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FencedCodes {
    /// From the start of the line that opens it to the start of the line behind it.
    pub range: Range<usize>,
    /// What stands before the sign of the fence on its first line.
    pub indent: Range<usize>,
    /// A line closes it, so that something can stand behind it.
    pub is_closed: bool,
}

impl Frames {
    /// Those of a text with this structure.
    pub(super) fn of(text: &str, layout: &Layout) -> Self {
        let mut frames = Self::default();
        if text.starts_with('\u{FEFF}') {
            frames.body = '\u{FEFF}'.len_utf8();
        }
        for block in &layout.blocks {
            match block.kind {
                Kind::FrontMatter => {
                    frames.body = line_at(text, block.range.end).next;
                    frames.front_matter = Some(block.range.clone());
                }
                Kind::Codes(Fence::Sheet) => frames.formats.push(block.range.clone()),
                Kind::Codes(_) | Kind::Foreign | Kind::Json | Kind::X12 => {
                    match fenced(text, block) {
                        Some(fence) => frames.fences.push(fence),
                        None => frames.formats.push(block.range.clone()),
                    }
                }
                Kind::Text | Kind::Table => {}
            }
        }
        frames
    }
}

/// The fence around a block; `None` for a block without one.
fn fenced(text: &str, block: &Block) -> Option<FencedCodes> {
    let before = text.get(..block.range.start)?;
    let before = before.strip_suffix('\n').unwrap_or(before);
    let start = start_of_line(text, before.strip_suffix('\r').unwrap_or(before).len());
    let opening = line_at(text, start).text(text);
    let content = opening.trim_start();
    if !content.starts_with("```") && !content.starts_with("~~~") {
        return None;
    }
    let indent = start..start + opening.len() - content.len();
    let closing = line_at(text, block.range.end);
    let is_closed = block.range.end < text.len();
    let end = if is_closed { closing.next } else { text.len() };
    Some(FencedCodes { range: start..end, indent, is_closed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &str) -> Frames {
        Frames::of(text, &Layout::read(text))
    }

    fn fences(text: &str) -> Vec<(&str, bool)> {
        let found = frames(text).fences.into_iter();
        found.map(|fence| (&text[fence.range], fence.is_closed)).collect()
    }

    #[test]
    fn finds_fences_with_their_own_lines() {
        let text = "a\n```codes\nE11.9\n```\nb\n  ~~~claim\nHI*ABK:E119~\n  ~~~";
        assert_eq!(
            fences(text),
            [("```codes\nE11.9\n```\n", true), ("  ~~~claim\nHI*ABK:E119~\n  ~~~", true)]
        );
        assert_eq!(fences("```codes\nE11.9\n"), [("```codes\nE11.9\n", false)]);
    }

    #[test]
    fn the_body_begins_behind_the_front_matter() {
        let text = "\u{FEFF}---\r\ndx: E11.9\r\n---\r\n# Visit";
        let found = frames(text);
        assert_eq!(&text[found.body..], "# Visit");
        assert_eq!(&text[found.front_matter.unwrap()], "dx: E11.9\r\n");
        assert_eq!(frames("\u{FEFF}x").body, 3);
        assert_eq!(frames("---\ndx: E11.9\n---").body, 17);
    }

    fn formats(text: &str) -> Vec<&str> {
        frames(text).formats.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn tells_formats_without_a_fence() {
        assert_eq!(formats("HI*ABK:E119~\n"), ["HI*ABK:E119~\n"]);
        assert_eq!(formats("{\"a\": 1}\n"), ["{\"a\": 1}\n"]);
        assert_eq!(formats("date,dx\n2026-01-01,E11.9\n"), ["date,dx\n2026-01-01,E11.9\n"]);
        assert!(frames("```json\n{\"a\": 1}\n```\n").formats.is_empty());
    }
}
