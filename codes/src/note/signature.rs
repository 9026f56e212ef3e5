//! Whether somebody has signed the text: then it is finished, and nothing in it waits to be filled in.

use memchr::memmem;

use super::slots::Slot;

/// Words before "signed" that make it a wish or a denial.
const NOT_YET: &[&str] = &["be", "before", "if", "not", "once", "unless", "until", "when"];

/// How far a line is looked at before the word, and behind it.
const BEFORE: usize = 60;
const BEHIND: usize = 120;

/// Whether `Electronically signed …` stands in the text, or a line that begins with `Signed by …`. A line that is left
/// empty or holds a placeholder where the name belongs is no signature.
pub(super) fn stands_in(text: &str, slots: &[Slot]) -> bool {
    ["igned", "IGNED"].iter().any(|word| {
        memmem::find_iter(text.as_bytes(), word)
            .any(|at| is_signature(text, at, at + word.len(), slots))
    })
}

fn is_signature(text: &str, at: usize, end: usize, slots: &[Slot]) -> bool {
    let Some(start) = at.checked_sub(1).filter(|it| matches!(text.as_bytes()[*it], b's' | b'S'))
    else {
        return false;
    };
    let from = (start.saturating_sub(BEFORE)..=start).find(|it| text.is_char_boundary(*it));
    let before = text.get(from.unwrap_or(start)..start).unwrap_or_default();
    let is_cut = from.is_some_and(|it| it > 0) && !before.contains(['\n', '\r']);
    let before = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let words = before.trim_matches(|it: char| !it.is_alphanumeric());
    let mut words = words.split_whitespace().rev();
    let last = words.next().unwrap_or_default().to_ascii_lowercase();
    let by_machine = matches!(&*last, "electronically" | "digitally" | "e");
    let to = (end..=text.len().min(end + BEHIND)).rev().find(|it| text.is_char_boundary(*it));
    let line = text.get(end..to.unwrap_or(end)).unwrap_or_default();
    let line = line.split(['\n', '\r']).next().unwrap_or_default();
    let introduced = starts_with(line, " by") || line.starts_with(':') || starts_with(line, " on");
    if by_machine {
        let denied =
            words.next().is_some_and(|word| NOT_YET.iter().any(|it| word.eq_ignore_ascii_case(it)));
        !denied && is_filled_in(text, end, line, slots, introduced)
    } else {
        last.is_empty() && !is_cut && introduced && is_filled_in(text, end, line, slots, true)
    }
}

fn starts_with(line: &str, words: &str) -> bool {
    line.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
        && !line[words.len()..].starts_with(|it: char| it.is_alphanumeric())
}

/// Whether a name or date follows; `wanted`: nothing is no signature.
fn is_filled_in(text: &str, end: usize, line: &str, slots: &[Slot], wanted: bool) -> bool {
    let name = ["by", "on", "BY", "ON", "By", "On"]
        .iter()
        .find_map(|word| line.trim_start().strip_prefix(word))
        .unwrap_or(line);
    let offset = end + line.len() - name.len();
    let first = name
        .char_indices()
        .find(|(_, it)| !(it.is_whitespace() || matches!(it, ':' | '*' | '_' | '/' | '-' | '.')));
    let Some((first, _)) = first else { return !wanted };
    debug_assert!(text.is_char_boundary(offset + first));
    let after = slots.partition_point(|slot| slot.range.end <= offset + first);
    slots.get(after).is_none_or(|slot| offset + first < slot.range.start)
}

#[cfg(test)]
mod tests {
    use crate::note::scan;

    #[test]
    fn signatures_in_each_of_their_forms() {
        for text in [
            "Dx: I10\n\nElectronically signed by Jane Roe, MD on 03/02/2026",
            "ELECTRONICALLY SIGNED BY: JANE ROE",
            "This note has been electronically signed.",
            "Signed by: Jane Roe",
            "**Signed by** Jane Roe",
            "/s/\nSigned: Jane Roe",
            "e-signed by Jane Roe",
            "---\nstatus: signed\n---\nDx: I10",
            "---\nstatus: Final\n---\nDx: I10",
            "{\"resourceType\": \"Composition\", \"status\": \"final\"}",
        ] {
            assert!(scan(text).is_signed, "{text}");
        }
    }

    #[test]
    fn what_is_no_signature() {
        for text in [
            "",
            "Electronically signed by: {{provider}}",
            "Signed by: ***",
            "Signed by: ________",
            "Signed by:",
            "To be electronically signed by the attending",
            "Not electronically signed",
            "The consent was signed by her mother.",
            "Unsigned by: Jane",
            "designed by Jane",
            "---\ntemplate: true\n---\nElectronically signed by Jane Roe",
            "---\nstatus: draft\n---\n",
            "{\"resourceType\": \"Composition\", \"status\": \"preliminary\"}",
            "{\"resourceType\": \"Observation\", \"status\": \"final\"}",
        ] {
            assert!(!scan(text).is_signed, "{text}");
        }
    }
}
