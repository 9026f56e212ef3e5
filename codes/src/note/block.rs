//! Reads each block of a text in the way its kind asks for.

use std::ops::Range;

use super::{
    claim::Boxes,
    clue::Says,
    dates, fence, fhir, front_matter,
    labels::{self, Label},
    layout::{Block, Kind},
    lines::{Line, lines},
    list::{self, Scope},
    prose::service_date,
    scanner::{Scanner, Trust},
    sections::{self, Heading, Sections},
    shapes, slots,
    systems::Systems,
    table,
    tokens::{self, Folded},
    x12,
};

/// Lines at least from one place at which a scan may begin to the next.
const STRIDE: usize = 8;

/// What the lines above mean for those below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    blocks: &[Block],
    mut reading: Reading,
    goes_on: bool,
) -> Reading {
    for (index, block) in blocks.iter().enumerate() {
        scanner.reported = reading.sections.reported();
        let range = block.range.clone();
        match block.kind {
            Kind::FrontMatter => front_matter::scan(scanner, range),
            Kind::Text => {
                if index > 0 || !goes_on {
                    reading = Reading { sections: reading.sections, ..Reading::default() };
                }
                text(scanner, &mut reading, range);
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
    for line in lines(scanner.text, range).filter(|line| line.may_hold_code) {
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
    fn takes(self, text: &str, line: Line) -> bool {
        let begins_field = tokens::next(text, line.start, line.end)
            .is_some_and(|token| list::opens_field(text, token, line.end, self.scope.systems));
        (self.unfinished && !begins_field) || (self.itemised && is_item(text, line))
    }
}

fn text(scanner: &mut Scanner<'_>, reading: &mut Reading, range: Range<usize>) {
    // A scan may begin behind a line of text that does not open anything.
    let mut is_plain = false;
    let mut passed = 0;
    for line in lines(scanner.text, range) {
        let content = line.text(scanner.text);
        passed += 1;
        if is_plain && passed > STRIDE {
            passed = 0;
            scanner.pass(line.start, reading);
        }
        is_plain = content.trim_start().starts_with(|it| !matches!(it, '{' | '['));
        if scanner.skips(line) {
            continue;
        }
        let Reading { sections, boxes, open } = &mut *reading;
        if slots::is_control_line(content) {
            continue;
        }
        // `{{#if dx}}Dx: …`: the line begins behind the tag.
        let line = Line { start: scanner.behind_tags(line.range()), ..line };
        let heading = sections.observe(scanner.text, line.range());
        scanner.reported = sections.reported();
        if let Some(heading) = heading {
            *open = tell_heading(scanner, &heading);
            scanner.stretch(heading.title, Trust::Prose);
            continue;
        }
        tell_marker(scanner, line);
        let content = line.text(scanner.text);
        let may_hold = line.may_hold_code || scanner.has_blank(line.range());
        if !may_hold && !content.bytes().fold(false, |any, it| any | matches!(it, b':' | b'=')) {
            let blank = content.trim().is_empty();
            let goes_on =
                open.filter(|list| if blank { list.fresh } else { list.takes(scanner.text, line) });
            *open = label_alone(scanner.text, line).or(goes_on);
            continue;
        }
        if boxes.observe(scanner, line.range()) {
            continue;
        }
        let goes_on = open.filter(|list| list.takes(scanner.text, line));
        scanner.stretch(line.range(), goes_on.map_or(Trust::Prose, |list| Trust::List(list.scope)));
        let unfinished = ends_unfinished(content);
        *open = match scanner.open_list.take() {
            Some(scope) => Some(OpenList { scope, itemised: !unfinished, unfinished, fresh: true }),
            None => goes_on.map(|list| OpenList { unfinished, fresh: false, ..list }),
        };
    }
}

/// The list that a line opens which holds a label and nothing else: `DIAGNOSES`.
fn label_alone(text: &str, line: Line) -> Option<OpenList> {
    let content =
        line.text(text).trim_matches(|it: char| it.is_whitespace() || matches!(it, '*' | '_'));
    if content.is_empty() || content.len() > 40 {
        return None;
    }
    let start = line.start + line.text(text).find(content)?;
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
    let content = text
        .get(range)
        .unwrap_or_default()
        .trim_matches(|it: char| it.is_whitespace() || matches!(it, '*' | '_'));
    let Some((name, rest)) = content.split_at_checked("encounter".len()) else { return false };
    if !name.eq_ignore_ascii_case("encounter") {
        return false;
    }
    let rest = rest.trim_start_matches([' ', '#']);
    let behind = rest.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches('*');
    behind.starts_with(':') || (behind.is_empty() && !rest.is_empty())
}
