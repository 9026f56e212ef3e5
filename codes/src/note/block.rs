//! Reads each block of a text in the way its kind asks for.

use std::ops::Range;

use super::{
    claim::{self, Boxes},
    clue::Says,
    dates, fence, fhir, front_matter,
    labels::{self, Label},
    layout::{Kind, Layout},
    lines::{Line, line_at, lines, start_of_line},
    list::{self, Scope},
    prose::{self, service_date},
    scanner::{Scanner, Trust},
    sections::{self, Heading, Sections},
    shapes, slots,
    systems::Systems,
    table,
    tokens::{self, Folded},
    x12,
};

/// Bytes at least from one place at which a scan may begin to the next.
const STRIDE: usize = 500;

/// Longer lines hold more than a label.
const LONGEST_LABEL: usize = 40;

/// What the lines above mean for those below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    sections: Sections,
    /// Of the same block.
    boxes: Boxes,
    /// Of the same block.
    open: Option<OpenList>,
}

/// Reads all blocks, which come in text order, and returns what they mean for what follows. `goes_on`: the first is a
/// block of text that has begun before.
pub(super) fn scan(
    scanner: &mut Scanner<'_>,
    layout: &Layout,
    mut reading: Reading,
    goes_on: bool,
) -> Reading {
    for (index, block) in layout.blocks.iter().enumerate() {
        scanner.reported = reading.sections.reported();
        let range = block.range.clone();
        match block.kind {
            Kind::FrontMatter => front_matter::scan(scanner, range),
            Kind::Text => {
                if index > 0 || !goes_on {
                    reading = Reading { sections: reading.sections, ..Reading::default() };
                }
                let telling = layout.telling_in(&range);
                text(scanner, &mut reading, range, telling);
            }
            Kind::Table => table::scan(scanner, range),
            Kind::Codes(name) => fence::scan(scanner, range, name),
            Kind::Foreign => foreign(scanner, range),
            Kind::Json => fhir::scan(scanner, range),
            Kind::X12 => x12::scan(scanner, range),
        }
    }
    reading
}

fn foreign(scanner: &mut Scanner<'_>, range: Range<usize>) {
    for line in lines(scanner.text, range).filter(|line| line.may_hold_code()) {
        if scanner.skips(line) {
            continue;
        }
        scanner.stretch(line.range(), Trust::Foreign);
    }
}

/// A list that goes on behind its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OpenList {
    scope: Scope,
    /// Its label stood alone: bullets, numbers and lines that begin with a code belong to it.
    itemised: bool,
    /// Its last line ended with a comma or the like: any line goes on with it.
    unfinished: bool,
    /// It has no line yet: an empty one may stand between its label and its first.
    fresh: bool,
}

impl OpenList {
    /// Whether the list is still open behind a line without a code.
    fn goes_on(self, text: &str, line: Line) -> bool {
        let is_blank = line.text(text).trim().is_empty();
        if is_blank { self.fresh } else { self.takes(text, line) }
    }

    fn takes(self, text: &str, line: Line) -> bool {
        let begins_field = tokens::next(text, line.start, line.end)
            .is_some_and(|token| list::opens_field(text, token, line.end, self.scope.systems));
        (self.unfinished && !begins_field) || (self.itemised && is_item(text, line))
    }
}

/// Reads a block of text, of which the lines that are not dull are known.
fn text(scanner: &mut Scanner<'_>, reading: &mut Reading, block: Range<usize>, telling: &[Line]) {
    let mut passed = block.start;
    let mut at = block.start;
    for line in telling {
        dull_lines(scanner, reading, at..line.start);
        if line.start - passed >= STRIDE && opens_nothing(scanner.text, block.start..line.start) {
            passed = line.start;
            scanner.pass(line.start, reading);
        }
        text_line(scanner, reading, *line);
        at = line.next;
    }
    dull_lines(scanner, reading, at..block.end);
}

/// Reads lines that are dull, as long as anything is open that they may go on with.
fn dull_lines(scanner: &mut Scanner<'_>, reading: &mut Reading, range: Range<usize>) {
    let mut at = range.start;
    while at < range.end && (reading.open.is_some() || reading.boxes.are_open()) {
        let line = line_at(scanner.text, at);
        text_line(scanner, reading, line);
        at = line.next;
    }
}

/// Whether a scan may begin behind the last line of `range`: a line of text that does not open anything.
fn opens_nothing(text: &str, range: Range<usize>) -> bool {
    let before = text.get(range).unwrap_or_default();
    let before = before.strip_suffix('\n').unwrap_or(before);
    let before = before.strip_suffix('\r').unwrap_or(before);
    let line = before.get(start_of_line(before, before.len())..).unwrap_or_default();
    line.trim_start().starts_with(|it| !matches!(it, '{' | '['))
}

/// Whether a line of text says nothing by itself: it can only go on with a list or box that is open. Most lines of a note
/// do not.
pub(super) fn is_dull(text: &str, line: Line) -> bool {
    let content = line.text(text);
    if sections::may_be_plain_heading(content) {
        return false;
    }
    if line.is_plain() {
        return is_long_sentence(content) || label_alone(text, line).is_none();
    }
    line.has_numbers_alone()
        && prose::is_dull(text, line.range())
        && !claim::is_caption(content)
        && !marks_encounter(text, line.range())
}

/// Whether a line is longer than a label, without what stands around its words.
fn is_long_sentence(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.len() > LONGEST_LABEL
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
}

fn text_line(scanner: &mut Scanner<'_>, reading: &mut Reading, line: Line) {
    if scanner.skips(line) {
        return;
    }
    let may_hold_code = line.may_hold_code();
    let mut line = line;
    if line.may_be_filled_in() {
        if slots::is_control_line(line.text(scanner.text)) {
            return;
        }
        // `{{#if dx}}Dx: …`: the line begins behind the tag.
        line = line.cut_to(scanner.text, scanner.behind_tags(line.range()));
    }
    let heading = reading.sections.observe(scanner.text, line.range());
    scanner.reported = reading.sections.reported();
    if let Some(heading) = heading {
        reading.open = tell_heading(scanner, &heading);
        scanner.stretch(heading.title, Trust::Prose);
        return;
    }
    tell_marker(scanner, line);
    if !may_hold_code && !line.may_introduce() && !scanner.has_blank(line.range()) {
        let goes_on = reading.open.filter(|list| list.goes_on(scanner.text, line));
        reading.open = label_alone(scanner.text, line).or(goes_on);
        return;
    }
    if reading.boxes.observe(scanner, line.range()) {
        return;
    }
    let goes_on = reading.open.filter(|list| list.takes(scanner.text, line));
    scanner.stretch(line.range(), goes_on.map_or(Trust::Prose, |list| Trust::List(list.scope)));
    let label = scanner.open_list.take();
    reading.open = None;
    if label.is_some() || goes_on.is_some() {
        let unfinished = ends_unfinished(line.text(scanner.text));
        reading.open = match label {
            Some(scope) => Some(OpenList { scope, itemised: !unfinished, unfinished, fresh: true }),
            None => goes_on.map(|list| OpenList { unfinished, fresh: false, ..list }),
        };
    }
}

/// The list that a line opens which holds a label and nothing else: `DIAGNOSES`.
fn label_alone(text: &str, line: Line) -> Option<OpenList> {
    let is_apart = |it: char| it.is_whitespace() || matches!(it, '*' | '_');
    let content = line.text(text).trim_start_matches(is_apart);
    let start = line.end - content.len();
    let content = content.trim_end_matches(is_apart);
    if content.is_empty() || content.len() > LONGEST_LABEL {
        return None;
    }
    let label = labels::at(text, start, start + content.len())?;
    list_below(&label, start + content.len())
}

/// The list below a label that ends its line, which ends at `end`.
fn list_below(label: &Label, end: usize) -> Option<OpenList> {
    let scope = Scope::behind(label).filter(|_| label.range.end >= end)?;
    Some(OpenList {
        scope: Scope { explicit: true, ..scope },
        itemised: true,
        unfinished: false,
        fresh: true,
    })
}

/// A comma or "and" at the end of a line, comments not counted: the list goes on.
fn ends_unfinished(line: &str) -> bool {
    let mut line = line.trim_end();
    while let Some(comment) = line.strip_suffix("-->").and_then(|rest| rest.rfind("<!--")) {
        line = line.get(..comment).unwrap_or_default().trim_end();
    }
    line.ends_with([',', ';', '&']) || line.ends_with(" and")
}

/// A bullet, a number, an indented line, or one that begins with a code.
fn is_item(text: &str, line: Line) -> bool {
    let content = line.text(text);
    let words = content.trim_start();
    let start = line.end - words.len();
    let bulleted =
        ["- ", "* ", "+ ", "\u{2022}", "\u{2013} "].iter().any(|bullet| words.starts_with(bullet));
    let indented = start > line.start && !words.is_empty();
    bulleted
        || indented
        || ["[ ]", "[x]", "[X]", "\u{2610}", "\u{2611}"].iter().any(|it| words.starts_with(it))
        || tokens::at(text, start, line.end).is_some_and(|token| {
            let word = Folded::read(token.text(text));
            list::is_enumerator(text, token, line.end)
                || word.is_some_and(|it| shapes::exact(&it, Systems::ANY).is_some())
        })
}

/// Takes note of a heading. Returns the list it opens, as `## Diagnoses` does.
fn tell_heading(scanner: &mut Scanner<'_>, heading: &Heading) -> Option<OpenList> {
    let text = scanner.text;
    let date = dates::first_in(text, heading.title.clone()).filter(|date| {
        let before = text.get(heading.title.start..date.range.start).unwrap_or_default();
        !sections::names_other_day(before)
    });
    let range = heading.range.clone();
    let says = if date.is_none() && marks_encounter(text, heading.title.clone()) {
        Says::Opens { heading: Some(range) }
    } else {
        Says::Heading { range, level: heading.level, date }
    };
    scanner.tell(heading.range.start, says);
    let label = labels::at(text, heading.title.start, heading.title.end)?;
    list_below(&label, heading.title.end)
}

/// Takes note of an `Encounter:` line and of the date behind it.
fn tell_marker(scanner: &mut Scanner<'_>, line: Line) {
    if marks_encounter(scanner.text, line.range()) {
        scanner.tell(line.start, Says::Opens { heading: None });
        if let Some(date) = dates::first_in(scanner.text, line.range()) {
            scanner.tell(date.range.start, service_date(date));
        }
    }
}

/// `Encounter:`, `Encounter 2:`, `Encounter #2`.
fn marks_encounter(text: &str, range: Range<usize>) -> bool {
    let line = text.get(range).unwrap_or_default();
    // Most lines begin with another letter.
    if line.starts_with(|it: char| it.is_ascii_alphanumeric() && !matches!(it, 'e' | 'E')) {
        return false;
    }
    let is_apart = |it: char| it.is_whitespace() || matches!(it, '*' | '_');
    let content = line.trim_start_matches(is_apart);
    let Some((name, rest)) = content.split_at_checked("encounter".len()) else { return false };
    if !name.eq_ignore_ascii_case("encounter") {
        return false;
    }
    let rest = rest.trim_end_matches(is_apart);
    let rest = rest.trim_start_matches([' ', '#']);
    let behind = rest.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches('*');
    behind.starts_with(':') || (behind.is_empty() && !rest.is_empty())
}
