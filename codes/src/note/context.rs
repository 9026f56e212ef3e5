//! What somebody is typing at a place, for completion. Source: the table "left of the caret" of the language server's
//! design, 2.6.

use std::ops::Range;

use super::{
    fence, front_matter,
    layout::{self, Kind, Layout},
    lines::{Line, line_at, lines, start_of_line},
    pragma::{self, Pragma},
    systems::Systems,
    table::{self, Column, Table},
};
use crate::system::CodeSystem;

mod piece;

/// What may be typed at a place.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts that callers ask for one by one"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypingContext {
    /// The systems whose codes fit, the likeliest first. Empty where none fits.
    pub systems: Vec<CodeSystem>,
    /// A label, sigil, column, key or fence asks for them.
    pub declared: bool,
    /// The code or phrase that is being typed: its bytes up to the offset. Empty if nothing is there yet.
    pub replace: Range<usize>,
    /// Where the code ends that continues behind the offset; the offset itself if none does.
    pub code_end: usize,
    /// An address, a comment, another language, an ignored region: nothing is offered, even when asked for.
    pub silent: bool,
    /// `replace` holds words rather than the beginning of a code.
    pub words: bool,
    /// An offer may open by itself, without being asked for.
    pub automatic: bool,
    /// A modifier is being typed: the bytes of the CPT or HCPCS code it belongs to.
    pub modifier_of: Option<Range<usize>>,
}

impl TypingContext {
    fn nothing(offset: usize) -> Self {
        Self {
            systems: Vec::new(),
            declared: false,
            replace: offset..offset,
            code_end: offset,
            silent: false,
            words: false,
            automatic: false,
            modifier_of: None,
        }
    }

    fn silent(offset: usize) -> Self {
        Self { silent: true, ..Self::nothing(offset) }
    }
}

/// What may be typed at byte `offset`. Total: an offset inside a character or behind the end counts as the nearest
/// place before it.
pub fn context_at(text: &str, offset: usize) -> TypingContext {
    let layout = Layout::read(text);
    let pragmas = pragma::read(text, &layout.comments);
    within(text, &layout, &pragmas, offset)
}

/// The same in a text whose layout and comments are known.
pub(super) fn within(
    text: &str,
    layout: &Layout,
    pragmas: &[Pragma],
    offset: usize,
) -> TypingContext {
    let offset =
        (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let commented = layout.comments.iter().any(|comment| {
        let open_end = comment.end == offset
            && !text.get(comment.clone()).is_some_and(|it| it.ends_with("-->"));
        comment.start < offset && (offset < comment.end || open_end)
    });
    let ignored = pragma::silenced(pragmas, text.len())
        .iter()
        .any(|range| range.start <= offset && offset <= range.end);
    // Behind the name that is being typed the rest of an address stands already.
    let in_address = text.get(offset..).is_some_and(|behind| behind.starts_with('@'));
    if commented || ignored || in_address {
        return TypingContext::silent(offset);
    }
    let line = line_at(text, start_of_line(text, offset));
    let Some(block) = block_of(text, layout, line) else {
        // A line of its own, or one that opens or closes a fence.
        let blank = line.text(text).trim().is_empty();
        return if blank {
            piece::in_prose(text, line.range(), offset)
        } else {
            TypingContext::silent(offset)
        };
    };
    let start = layout
        .comments
        .iter()
        .map(|comment| comment.end)
        .filter(|end| (line.start..=offset).contains(end))
        .max();
    let stretch = start.unwrap_or(line.start)..line.end;
    match block.kind {
        Kind::Text => piece::in_prose(text, stretch, offset),
        Kind::FrontMatter => in_front_matter(text, block.range.clone(), line, offset),
        Kind::Table => in_table(text, block.range.clone(), line, offset),
        Kind::Codes(name) => in_fence(text, block.range.clone(), name, line, offset),
        Kind::Foreign | Kind::Json | Kind::X12 => TypingContext::silent(offset),
    }
}

/// The block that the line belongs to. At the end of the text a fence that is still open goes on.
fn block_of<'l>(text: &str, layout: &'l Layout, line: Line) -> Option<&'l layout::Block> {
    let after = layout.blocks.partition_point(|block| block.range.start <= line.start);
    let block = layout.blocks[..after].last()?;
    let open = line.start == text.len()
        && block.range.end == text.len()
        && matches!(block.kind, Kind::Codes(_) | Kind::Foreign);
    (line.start < block.range.end || open).then_some(block)
}

fn in_front_matter(text: &str, block: Range<usize>, line: Line, offset: usize) -> TypingContext {
    let mut reader = front_matter::Reader::default();
    let entry = lines(text, block.start..line.next)
        .filter_map(|it| Some((it.start, reader.entry(text, it)?)))
        .last();
    let entry = entry.filter(|(start, entry)| *start == line.start && entry.value.start <= offset);
    match entry.and_then(|(_, entry)| Some((entry.systems()?, entry.value))) {
        Some(((systems, _), value)) => {
            piece::in_list(text, value.start..line.end.max(value.end), offset, systems)
        }
        None => TypingContext::nothing(offset),
    }
}

fn in_table(text: &str, block: Range<usize>, line: Line, offset: usize) -> TypingContext {
    let heading = line_at(text, block.start);
    if line.start < line_at(text, heading.next).next {
        return TypingContext::nothing(offset);
    }
    let columns = table::columns(text, heading);
    in_cell(text, &Table::new(columns, super::Place::Table), line, '|', offset)
}

fn in_fence(
    text: &str,
    block: Range<usize>,
    name: layout::Fence,
    line: Line,
    offset: usize,
) -> TypingContext {
    let heading = lines(text, block).find(|it| !it.text(text).trim().is_empty());
    match heading.and_then(|heading| Some((heading.start, fence::table(text, heading)?))) {
        Some((start, _)) if start == line.start => TypingContext::nothing(offset),
        Some((_, (table, separator))) => in_cell(text, &table, line, separator, offset),
        None => {
            let systems = fence::systems(name);
            let context = piece::in_list(text, line.range(), offset, systems);
            TypingContext { declared: true, ..context }
        }
    }
}

/// The cell of a row that holds the offset.
fn in_cell(text: &str, table: &Table, line: Line, separator: char, offset: usize) -> TypingContext {
    // A row that is being typed may lack its last pipe: what is left of the caret decides.
    let typed = table::cells_typed(text, line.start..offset, separator);
    let Some((index, start)) = typed else { return TypingContext::nothing(offset) };
    let end = text
        .get(offset..line.end)
        .and_then(|rest| rest.find(separator))
        .map_or(line.end, |at| offset + at);
    match table.columns.get(index).copied().unwrap_or(Column::Other) {
        Column::Codes(systems, _) => {
            let context = piece::in_list(text, start..end, offset, systems);
            TypingContext { declared: true, ..context }
        }
        Column::Admitting => {
            let context = piece::in_list(text, start..end, offset, Systems::DIAGNOSIS);
            TypingContext { declared: true, ..context }
        }
        Column::Modifier => piece::modifier(text, line.start..end, start, offset),
        Column::Description | Column::Other => piece::in_prose(text, start..end, offset),
        _ => TypingContext::nothing(offset),
    }
}

/// Systems for a place that declares none.
fn any() -> Vec<CodeSystem> {
    Systems::ANY.to_vec()
}
