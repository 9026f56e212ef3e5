//! What may stand in which file.

use super::{Fault, Tracked};

/// A name and the only places where it may stand.
struct Confined {
    /// The text that is looked for.
    name: &'static str,
    /// Sources it is looked for in.
    within: &'static str,
    /// Where it may stand.
    allowed: &'static [&'static str],
}

const CONFINED: [Confined; 6] = [
    Confined { name: "rusqlite::", within: "server/src/", allowed: &["server/src/catalog/"] },
    Confined { name: "moka::", within: "server/src/", allowed: &["server/src/catalog/"] },
    Confined { name: "tower_lsp::", within: "lsp/src/", allowed: &["lsp/src/protocol.rs"] },
    Confined { name: "std::fs", within: "codes/src/", allowed: &[] },
    Confined { name: "std::env", within: "codes/src/", allowed: &[] },
    Confined { name: "Time::now", within: "codes/src/", allowed: &[] },
];

/// Longer files hide more than one thing.
const MOST_LINES: usize = 500;

pub(super) fn check(files: &[Tracked]) -> Vec<Fault> {
    files.iter().flat_map(check_file).collect()
}

fn check_file(file: &Tracked) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(Fault { place: file.path.clone(), what });
    let is_source = ["rs", "ts", "lua"].iter().any(|ending| has_ending(&file.path, ending));
    for confined in &CONFINED {
        let is_allowed = confined.allowed.iter().any(|place| file.path.starts_with(place));
        if file.path.starts_with(confined.within)
            && !is_allowed
            && file.text.contains(confined.name)
        {
            fault(format!(
                "names {}, which belongs to {}",
                confined.name,
                confined.allowed.join(", ")
            ));
        }
    }
    if is_source && file.text.lines().count() > MOST_LINES {
        fault(format!("has more than {MOST_LINES} lines; look for the seam"));
    }
    if file.path.ends_with("/mod.rs") {
        fault("is a mod.rs; modules are named foo.rs beside foo/".to_owned());
    }
    if has_ending(&file.path, "rs") && !file.path.starts_with("xtask/") {
        for (forbidden, instead) in
            [("#[ignore", "mend or remove the test"), ("TODO", "name an issue or do it")]
        {
            if file.text.contains(forbidden) {
                fault(format!("contains {forbidden}: {instead}"));
            }
        }
    }
    if is_fixture(&file.path) {
        for (number, _) in file.text.lines().enumerate().filter(|(_, line)| is_licensed(line)) {
            fault(format!(
                "line {}: a CPT number with words beside it; fixtures carry no descriptors",
                number + 1
            ));
        }
    }
    faults
}

fn has_ending(path: &str, ending: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == ending)
}

fn is_fixture(path: &str) -> bool {
    ["tests/notes/", "tests/releases/", "codes/src/testing/"]
        .iter()
        .any(|place| path.starts_with(place))
        && !has_ending(path, "rs")
}

/// Numbers that stand in fixtures as examples, always without their wording.
const EXAMPLES: [&str; 3] = ["99213", "99214", "00000"];

/// Whether a line reads like a row of a licensed list: it begins with a number of the shape of CPT and goes on in
/// words.
fn is_licensed(line: &str) -> bool {
    let mut fields = line.trim_start_matches(['|', ' ', '"']).splitn(2, [' ', '\t', ',', '|', '"']);
    let (Some(code), Some(rest)) = (fields.next(), fields.next()) else { return false };
    let bytes = code.as_bytes();
    let shaped = bytes.len() == 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[4], b'0'..=b'9' | b'F' | b'T' | b'U' | b'M');
    // A line of an order file begins with a number too: `00002 A000    1 Cholera`, with the code in columns 7 to 13.
    let line = line.as_bytes();
    let order = matches!(line.get(13..16), Some([b' ', b'0' | b'1', b' ']));
    let words = rest
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| word.len() > 3)
        .count();
    shaped && !order && !EXAMPLES.contains(&code) && words >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_rows_of_licensed_lists() {
        assert!(is_licensed("12345 Invented words beside a number"));
        assert!(
            !is_licensed("| 99213 | E11.9 |")
                && !is_licensed("CPT: 99213-25")
                && !is_licensed("2026-04-01 Visit for pain")
                && !is_licensed("00002 A000    1 Cholera due to some vibrio")
        );
    }

    #[test]
    fn finds_names_outside_of_their_place() {
        let file =
            |path: &str, text: &str| Tracked { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(check(&[file("server/src/app.rs", "use rusqlite::Connection;")]).len(), 1);
        assert!(
            check(&[file("server/src/catalog/store.rs", "use rusqlite::Connection;")]).is_empty()
        );
    }
}
