//! Stretches of a line in which nothing is a code: addresses of the web, of people and of files.

use super::tokens::{char_at, char_before, is_blank};

/// Endings of file names.
const FILE_ENDINGS: &[&str] = &[
    "bmp", "csv", "dcm", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "json", "log", "md",
    "pdf", "png", "rtf", "tif", "tiff", "toml", "tsv", "txt", "xls", "xlsx", "xml", "yaml", "yml",
    "zip",
];

/// Judges the stretches between blanks and brackets, each once, from left to right.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    end: usize,
    silent: bool,
}

impl Chunks {
    /// Where the stretch around `at` ends, if it is an address. Offsets must not decrease from call to call, and
    /// `line_start..line_end` holds `at`.
    pub(super) fn address_end(
        &mut self,
        text: &str,
        line_start: usize,
        at: usize,
        line_end: usize,
    ) -> Option<usize> {
        if at >= self.end {
            let floor = self.end.max(line_start);
            let start = start_of(text, floor, at);
            let target = link_target(text, start, self);
            let (end, signs) = end_of(text, start, line_end);
            self.end = end;
            self.silent = target || text.get(start..end).is_some_and(|it| is_address(it, signs));
        }
        self.silent.then_some(self.end)
    }
}

/// The stretch stands behind `](`, or continues an address with a bracket in it.
fn link_target(text: &str, start: usize, last: &Chunks) -> bool {
    let opens = start > 0 && text.as_bytes().get(start - 1) == Some(&b'(');
    opens && (char_before(text, start - 1) == Some(']') || (last.silent && last.end + 1 == start))
}

/// A character that ends a stretch.
const DELIMITER: u8 = 1;
/// A sign that joins the parts of an address.
const JOINT: u8 = 2;
/// The point before the ending of a file.
const POINT: u8 = 4;
/// A character outside ASCII.
const BEYOND: u8 = 8;

/// What each character may mean.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        signs[byte as usize] = match byte {
            b' ' | b'\t' | b'<' | b'>' | b'"' | b'|' | b'(' | b')' | b'[' | b']' | b'{' | b'}'
            | b'`' => DELIMITER,
            b'/' | b'\\' | b':' | b'@' => JOINT,
            b'.' => POINT,
            0x80.. => BEYOND,
            _ => 0,
        };
        byte -= 1;
    }
    signs
};

fn start_of(text: &str, floor: usize, at: usize) -> usize {
    let mut start = at;
    while start > floor {
        let signs = text.as_bytes().get(start - 1).map_or(DELIMITER, |it| SIGNS[usize::from(*it)]);
        let width = match signs {
            BEYOND => char_before(text, start).filter(|it| !is_blank(*it)).map(char::len_utf8),
            signs => (signs & DELIMITER == 0).then_some(1),
        };
        let Some(width) = width else { break };
        start -= width;
    }
    start
}

/// Where the stretch ends that begins at `start`, and what its characters may mean.
fn end_of(text: &str, start: usize, line_end: usize) -> (usize, u8) {
    let (mut end, mut all) = (start, 0);
    while end < line_end {
        let signs = text.as_bytes().get(end).map_or(DELIMITER, |it| SIGNS[usize::from(*it)]);
        let width = match signs {
            BEYOND => char_at(text, end).filter(|(it, _)| !is_blank(*it)).map(|(_, width)| width),
            signs => (signs & DELIMITER == 0).then_some(1),
        };
        let Some(width) = width else { break };
        all |= signs;
        end += width;
    }
    (end, all)
}

/// Whether a stretch is an address; `signs` is what its characters may mean.
fn is_address(chunk: &str, signs: u8) -> bool {
    // Most words have none of these signs, and most codes only a point.
    signs & JOINT != 0 && (is_web(chunk) || is_mail(chunk) || is_path(chunk))
        || signs & POINT != 0 && (starts_with(chunk, "www.") || is_file(chunk))
}

fn is_web(chunk: &str) -> bool {
    chunk.contains("://") || starts_with(chunk, "mailto:")
}

fn starts_with(chunk: &str, prefix: &str) -> bool {
    chunk.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn is_mail(chunk: &str) -> bool {
    chunk.split_once('@').is_some_and(|(name, host)| {
        name.ends_with(|it: char| it.is_alphanumeric())
            && host.starts_with(|it: char| it.is_alphanumeric())
            && host.contains('.')
    })
}

fn is_path(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    let drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/');
    let rooted = chunk.strip_prefix('/').is_some_and(|rest| rest.contains('/'));
    let relative = matches!(bytes.first(), Some(b'.' | b'~' | b'\\'))
        && ["./", "../", "~/", ".\\", "..\\", "\\\\"]
            .iter()
            .any(|prefix| chunk.starts_with(prefix));
    drive || rooted || relative
}

fn is_file(chunk: &str) -> bool {
    let name = chunk.trim_end_matches([',', ';', ':', '.', '!', '?', '*', '_', '\'']);
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        ending.starts_with(|it: char| it.is_ascii_alphabetic())
            && FILE_ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(chunk: &str) -> bool {
        is_address(chunk, end_of(chunk, 0, chunk.len()).1)
    }

    #[test]
    fn knows_addresses_of_the_web_of_people_and_of_files() {
        for chunk in [
            "https://example.org/E11.9",
            "www.example.org/?dx=E11.9",
            "mailto:a@example.org",
            "e11.9@example.org",
            "/data/E11.9/notes",
            "./E11.9",
            "~/E11.9",
            "C:\\notes\\E11.9",
            "notes/E11.9.md",
            "E11.9.pdf,",
        ] {
            assert!(silent(chunk), "{chunk}");
        }
        for chunk in
            ["E11.9", "E11.9/I10", "/I10", "99213:25", "Dx:E11.9", "E11.9.", "@E11.9", "s/p"]
        {
            assert!(!silent(chunk), "{chunk}");
        }
        assert!(FILE_ENDINGS.is_sorted());
    }

    #[test]
    fn a_link_is_silent_in_its_target_only() {
        let text = "[E11.9](E11.9) [x](https://example.org/a_(E11.9)) E11.9";
        let mut chunks = Chunks::default();
        let starts: Vec<usize> = text.match_indices("E11.9").map(|(at, _)| at).collect();
        let found: Vec<bool> = starts
            .iter()
            .map(|at| chunks.address_end(text, 0, *at, text.len()).is_some())
            .collect();
        assert_eq!(found[..2], [false, true]);
        assert!(!found[3]);
    }
}
