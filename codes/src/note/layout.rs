//! Which lines of a text belong to what: front matter, fenced blocks, tables, claims, prose. And where comments are.

use std::ops::Range;

use super::{
    block::is_dull,
    fence,
    lines::{Line, line_at, lines},
    slots::is_control_line,
    table::cells,
    tokens::is_blank,
};

mod comments;

use comments::Comments;

/// The first segment of an interchange of claims.
const INTERCHANGE: &str = "ISA";

/// Longer first lines of a text name no columns.
const LONGEST_HEADING: usize = 1_000;

/// The structure of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Stretches of whole lines in text order. Lines that open and close a fence belong to none.
    pub(super) blocks: Vec<Block>,
    /// HTML comments outside code of other languages, in text order.
    pub(super) comments: Vec<Range<usize>>,
    /// The lines of text that stand in a fence, in text order.
    pub(super) fenced: Vec<Range<usize>>,
    /// The lines of text that may say something by themselves, in text order. Empty once they are read.
    pub(super) telling: Vec<Line>,
}

/// Lines that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// How they are to be read.
    pub(super) kind: Kind,
    /// Their bytes, from the start of a line to the start of another.
    pub(super) range: Range<usize>,
}

/// How lines are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The YAML block at the head of a document, without its dashes.
    FrontMatter,
    /// Markdown or plain text.
    Text,
    /// A Markdown table with its heading and dividing row.
    Table,
    /// A fence of codes.
    Codes(Fence),
    /// A fence of another language.
    Foreign,
    /// JSON.
    Json,
    /// Segments of X12.
    X12,
}

/// The name of a fence of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// `codes`: of any system.
    Codes,
    /// `icd10`.
    Icd10,
    /// `superbill`, `claim`: what is billed.
    Claim,
    /// No fence: a whole text of rows whose first line names the columns, as CSV files are.
    Sheet,
}

impl Layout {
    /// Reads the structure of a text in one pass.
    pub(super) fn read(text: &str) -> Self {
        let mut at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let mut reader = Reader::at(text, at);
        if let Some((body, behind)) = front_matter(text, at) {
            reader.layout.push(Kind::FrontMatter, body);
            at = behind;
        }
        reader.at = at;
        reader.head = true;
        while reader.at < text.len() {
            reader.step();
        }
        reader.finish()
    }

    /// The lines in a block of text that may say something by themselves.
    pub(super) fn telling_in(&self, block: &Range<usize>) -> &[Line] {
        let place = |at| self.telling.partition_point(|line| line.start < at);
        &self.telling[place(block.start)..place(block.end)]
    }

    fn push(&mut self, kind: Kind, range: Range<usize>) {
        match self.blocks.last_mut() {
            Some(last)
                if last.kind == kind && kind == Kind::Text && last.range.end == range.start =>
            {
                last.range.end = range.end;
            }
            // A fence that has just been opened is empty, and somebody is about to type in it.
            _ if range.is_empty() && !matches!(kind, Kind::Codes(_) | Kind::Foreign) => {}
            _ => self.blocks.push(Block { kind, range }),
        }
    }
}

/// Reads the structure of a text, one block after the other.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Nothing but blank lines stands before.
    head: bool,
    comments: Comments<'t>,
    layout: Layout,
}

impl<'t> Reader<'t> {
    /// Begins at a line in the middle of a text, outside of any block and comment.
    pub(super) fn at(text: &'t str, at: usize) -> Self {
        let layout = Layout::default();
        Self { text, at, head: false, comments: Comments::new(text), layout }
    }

    /// Reads up to `end`. `None` when a block or comment reaches beyond.
    pub(super) fn until(mut self, end: usize) -> Option<Layout> {
        while self.at < end {
            self.step();
        }
        (self.at == end && self.comments.end() <= end).then(|| self.finish())
    }

    fn finish(mut self) -> Layout {
        self.layout.comments = self.comments.into_ranges();
        self.layout
    }

    fn step(&mut self) {
        let text = self.text;
        let line = line_at(text, self.at);
        let is_sentence = (line.is_plain() || line.has_numbers_alone())
            && !self.head
            && !opens_interchange(line.text(text));
        if is_sentence && is_dull(text, line) {
            self.layout.push(Kind::Text, line.start..line.next);
            self.at = line.next;
            return;
        }
        let is_text = is_sentence || line.start < self.comments.end();
        let (kind, range, next) = if is_text {
            (Kind::Text, line.start..line.next, line.next)
        } else {
            sheet(text, line, self.head).unwrap_or_else(|| block_at(text, line, self.head))
        };
        if range == (line.start..line.next) {
            self.read(line, kind);
        } else {
            lines(text, range.clone()).for_each(|line| self.read(line, kind));
        }
        if kind == Kind::Text && range.start > line.start {
            self.layout.fenced.push(range.clone());
        }
        self.layout.push(kind, range);
        self.head = self.head && line.text(text).trim().is_empty();
        self.at = next.max(line.next);
    }

    /// Takes note of a line of a block.
    fn read(&mut self, line: Line, kind: Kind) {
        if line.may_hold_comment() && !matches!(kind, Kind::Foreign | Kind::Json | Kind::X12) {
            self.comments.read(line.range(), matches!(kind, Kind::Codes(_)));
        }
        if kind == Kind::Text && !is_dull(self.text, line) {
            self.layout.telling.push(line);
        }
    }
}

/// Whether a line begins as an interchange of claims does.
fn opens_interchange(line: &str) -> bool {
    line.starts_with([' ', 'I']) && line.trim_start_matches(' ').starts_with(INTERCHANGE)
}

/// The block that begins with `line`: its kind, its lines, and where the next one begins.
fn block_at(text: &str, line: Line, head: bool) -> (Kind, Range<usize>, usize) {
    let content = line.text(text).trim_start_matches(is_blank);
    let whole = line.start..line.next;
    let first = content.as_bytes().first().copied().unwrap_or(b' ');
    if matches!(first, b'`' | b'~')
        && let Some(fence) = opening(content)
    {
        let (body, behind) = until_closing(text, line.next, &fence);
        return (fence.kind, body, behind);
    }
    if matches!(first, b'{' | b'[') && opens_json(text.get(line.start..).unwrap_or_default()) {
        let end = json_end(text, line, head);
        return (Kind::Json, line.start..end, end);
    }
    if first.is_ascii_uppercase() && is_segment(content) {
        let end = lines(text, line.start..text.len())
            .take_while(|it| is_any_segment(it.text(text)))
            .last();
        let end = end.map_or(line.next, |last| last.next);
        return (Kind::X12, line.start..end, end);
    }
    if line.may_hold_cells()
        && line.next < text.len()
        && is_divider(line_at(text, line.next).text(text))
    {
        let rows = lines(text, line.start..text.len()).take_while(|it| {
            let content = it.text(text);
            content.contains('|') || is_control_line(content)
        });
        let end = rows.last().map_or(line.next, |last| last.next);
        return (Kind::Table, line.start..end, end);
    }
    (Kind::Text, whole.clone(), whole.end)
}

/// A text whose first line names columns and whose second has as many: rows up to the first line without.
fn sheet(text: &str, line: Line, head: bool) -> Option<(Kind, Range<usize>, usize)> {
    let content = line.text(text);
    if !head || content.len() > LONGEST_HEADING || !content.contains([',', ';', '\t', '|']) {
        return None;
    }
    let (table, separator) = fence::table(text, line)?;
    let second = line_at(text, line.next);
    let names = cells(text, line.range(), separator);
    let plain = names.iter().all(|cell| {
        let name = text.get(cell.clone()).unwrap_or_default();
        name.len() <= 40 && !name.contains([':', '='])
    });
    let width = table.columns.len();
    let fits = |row: &Line| cells(text, row.range(), separator).len() >= width.min(2);
    if !plain
        || cells(text, second.range(), separator).len() != width
        || is_divider(second.text(text))
    {
        return None;
    }
    let rows = lines(text, second.start..text.len()).take_while(fits).last();
    let end = rows.map_or(second.next, |last| last.next);
    Some((Kind::Codes(Fence::Sheet), line.start..end, end))
}

/// The body of the front matter that begins at `start`, and where the document goes on.
pub(super) fn front_matter(text: &str, start: usize) -> Option<(Range<usize>, usize)> {
    let first = line_at(text, start);
    if first.text(text).trim_end() != "---" {
        return None;
    }
    for line in lines(text, first.next..text.len()) {
        let content = line.text(text);
        if matches!(content.trim_end(), "---" | "...") {
            return Some((first.next..line.start, line.next));
        }
        let is_yaml = content.trim().is_empty()
            || content.contains(':')
            || content.starts_with([' ', '\t', '-', '#', ']'])
            || is_control_line(content);
        if !is_yaml {
            return None;
        }
    }
    None
}

/// An opened fence.
struct Opening {
    sign: u8,
    length: usize,
    kind: Kind,
}

fn opening(content: &str) -> Option<Opening> {
    let sign = *content.as_bytes().first()?;
    let length = content.bytes().take_while(|byte| *byte == sign).count();
    let info = content.get(length..)?.trim();
    if length < 3 || (sign == b'`' && info.contains('`')) {
        return None;
    }
    let language = info
        .trim_start_matches(['{', '.', ' '])
        .split(|it: char| it.is_whitespace() || matches!(it, '}' | ','));
    let language = language.into_iter().next().unwrap_or_default().to_ascii_lowercase();
    let kind = match &*language {
        "codes" => Kind::Codes(Fence::Codes),
        "icd10" | "icd-10" => Kind::Codes(Fence::Icd10),
        "superbill" | "claim" => Kind::Codes(Fence::Claim),
        "" | "text" | "txt" | "plain" | "plaintext" | "note" | "markdown" | "md" => Kind::Text,
        "json" | "jsonc" | "ndjson" | "fhir" => Kind::Json,
        "x12" | "edi" | "837" => Kind::X12,
        _ => Kind::Foreign,
    };
    Some(Opening { sign, length, kind })
}

/// The lines up to the closing fence or the end of the text, and where the text goes on.
fn until_closing(text: &str, start: usize, fence: &Opening) -> (Range<usize>, usize) {
    for line in lines(text, start..text.len()) {
        let content = line.text(text).trim();
        let closes =
            content.len() >= fence.length && content.bytes().all(|byte| byte == fence.sign);
        if closes {
            return (start..line.start, line.next);
        }
    }
    (start..text.len(), text.len())
}

/// `{"` or `[{`, with white space between.
pub(super) fn opens_json(text: &str) -> bool {
    let rest = text.trim_start();
    let object = rest.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'));
    // `[{{name}}]` is a placeholder of a template.
    let list = rest.strip_prefix('[').map(str::trim_start);
    object || list.is_some_and(|rest| rest.starts_with('{') && !rest.starts_with("{{"))
}

/// Where the JSON that begins with `first` ends: where its brackets close. In the middle of a document an empty line
/// ends it as well.
fn json_end(text: &str, first: Line, head: bool) -> usize {
    let mut depth = 0_i64;
    let mut end = first.next;
    for line in lines(text, first.start..text.len()) {
        let content = line.text(text);
        if !head && content.trim().is_empty() {
            break;
        }
        let (mut in_string, mut escaped) = (false, false);
        for byte in content.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_string,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
        }
        end = line.next;
        if depth <= 0 {
            break;
        }
    }
    end
}

/// A segment that a claim may begin with when it is pasted into a note.
pub(super) fn is_segment(content: &str) -> bool {
    if content.starts_with(INTERCHANGE) {
        return content.as_bytes().get(3).is_some_and(u8::is_ascii_punctuation);
    }
    // The longest name has three characters.
    let bytes = content.as_bytes();
    let Some(length) = bytes.iter().take(4).position(|byte| *byte == b'*') else { return false };
    matches!(
        &content[..length],
        "GS" | "ST"
            | "BHT"
            | "HL"
            | "NM1"
            | "CLM"
            | "HI"
            | "LX"
            | "SV1"
            | "SV2"
            | "SVC"
            | "DTP"
            | "DMG"
    )
}

/// Two or three capitals and digits, then a separator.
fn is_any_segment(content: &str) -> bool {
    let content = content.trim_start();
    let length = content
        .bytes()
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        .count();
    let separated = content
        .as_bytes()
        .get(length)
        .is_some_and(|byte| byte.is_ascii_punctuation() && *byte != b'.');
    (2..=3).contains(&length)
        && separated
        && !content.get(length..).unwrap_or_default().starts_with([':', '-', ',', ')'])
}

/// `| --- | :-: |`
pub(super) fn is_divider(line: &str) -> bool {
    line.contains('|')
        && line.contains('-')
        && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(Kind, &str)> {
        Layout::read(text)
            .blocks
            .into_iter()
            .map(|block| (block.kind, &text[block.range]))
            .collect()
    }

    #[test]
    fn tells_front_matter_text_tables_and_fences() {
        let text = "---\ndx: I10\n---\nText\r\n\n| a | b |\n|---|---|\n| 1 | 2 |\n```icd10\nI10\n```\n~~~python\nx\n~~~\nEnd";
        assert_eq!(
            blocks(text),
            [
                (Kind::FrontMatter, "dx: I10\n"),
                (Kind::Text, "Text\r\n\n"),
                (Kind::Table, "| a | b |\n|---|---|\n| 1 | 2 |\n"),
                (Kind::Codes(Fence::Icd10), "I10\n"),
                (Kind::Foreign, "x\n"),
                (Kind::Text, "End"),
            ]
        );
    }

    #[test]
    fn front_matter_must_be_closed_and_look_like_yaml() {
        assert_eq!(blocks("---\ndx: I10\n"), [(Kind::Text, "---\ndx: I10\n")]);
        assert_eq!(blocks("---\nA rule above.\n---\n").len(), 1);
        assert_eq!(blocks("\u{FEFF}---\ndx: I10\n---\n"), [(Kind::FrontMatter, "dx: I10\n")]);
    }

    #[test]
    fn a_fence_without_end_reaches_to_the_end() {
        assert_eq!(blocks("```python\nx\ny"), [(Kind::Foreign, "x\ny")]);
        assert_eq!(blocks("```` md\n```\nx\n````\n"), [(Kind::Text, "```\nx\n")]);
        assert_eq!(blocks("``` not `a` fence\n"), [(Kind::Text, "``` not `a` fence\n")]);
    }

    #[test]
    fn json_is_seen_alone_and_inside_a_note() {
        assert_eq!(
            blocks("{\n\n \"a\": \"}\"\n}\nText\n"),
            [(Kind::Json, "{\n\n \"a\": \"}\"\n}\n"), (Kind::Text, "Text\n")]
        );
        assert_eq!(blocks("Text\n[{\"a\": 1}]\nText\n")[1], (Kind::Json, "[{\"a\": 1}]\n"));
        assert_eq!(blocks("Text\n{\"a\": \n\nText")[2].0, Kind::Text);
        assert_eq!(blocks("[[E11.9]]\n")[0].0, Kind::Text);
        assert_eq!(blocks("{{patient}}\n")[0].0, Kind::Text);
    }

    #[test]
    fn segments_are_seen_alone_and_inside_a_note() {
        assert_eq!(
            blocks("HI*ABK:E119~\nSV1*HC:99213~\nText")[0],
            (Kind::X12, "HI*ABK:E119~\nSV1*HC:99213~\n")
        );
        assert_eq!(blocks("ISA|00|~GS|HC~")[0].0, Kind::X12);
        assert_eq!(blocks("HI there * E11\n")[0].0, Kind::Text);
    }

    #[test]
    fn comments_hide_structure() {
        let text = "a <!-- x\n```icd10\nI10\n--> b\n`<!-- code -->`\n```python\n<!-- no -->\n```\n<!-- open\nc";
        let layout = Layout::read(text);
        let found: Vec<&str> = layout.comments.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(found, ["<!-- x\n```icd10\nI10\n-->", "<!-- open"]);
        assert!(layout.blocks.iter().all(|block| !matches!(block.kind, Kind::Codes(_))));
    }
}
