//! Text files with fixed columns: their lines, and what several layouts share.

use super::rows::Titles;

/// Lines at the head of a file that tell whether it has a layout.
const SAMPLE: usize = 20;
/// Columns of a short title in order files and their addenda.
const SHORT_WIDTH: usize = 60;

/// The lines with their numbers from 1. They may end in CRLF or LF; the last one may lack its end.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    (1..)
        .zip(body.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)))
}

/// The line as text. `None` when a character is not ASCII.
pub(crate) fn ascii(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok().filter(|line| line.is_ascii())
}

/// Whether most of the first lines have a form. Not each of them has to: a file with one broken line is to be refused
/// with the number of that line, not to be taken for something unknown. `head` is so long that it does not end in them,
/// unless it is the whole file.
pub(crate) fn most_lines(head: &str, has_form: impl Fn(&str) -> bool) -> bool {
    let (fitting, other): (Vec<_>, Vec<_>) =
        head.lines().take(SAMPLE).partition(|line| has_form(line));
    fitting.len() > other.len()
}

/// Whether a line is one of a general equivalence mapping: two codes and five digits, 19 characters. The codes may
/// take other columns in each direction, the digits stand in 15 to 19.
pub(crate) fn is_gem(line: &str) -> bool {
    line.len() == 19
        && line.get(13..14) == Some(" ")
        && line.get(14..).is_some_and(|flags| flags.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Splits the rest of a line into a short title of 60 columns, a blank and a long title. `None` when one of them is
/// missing or does not begin in its column.
pub(crate) fn titles(rest: &str) -> Option<Titles> {
    let short = title(rest.get(..SHORT_WIDTH)?)?;
    let long = rest.get(SHORT_WIDTH..)?.strip_prefix(' ')?;
    Some(Titles { short, long: title(long)? })
}

/// A title without the blanks behind it. `None` when it is empty or does not begin in the first column.
pub(crate) fn title(columns: &str) -> Option<String> {
    let title = columns.trim_end();
    (!title.is_empty() && !title.starts_with(' ')).then(|| title.to_owned())
}
