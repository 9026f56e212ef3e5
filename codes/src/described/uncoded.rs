//! Items of an assessment that have no code, in a text that uses codes.

use std::ops::Range;

use crate::{
    note::{Evidence, Note},
    words::spans::{enumerator, lines},
};

/// A list item without a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Index into [`Note::encounters`].
    pub encounter: usize,
    /// The bytes of its first line, without bullet or number.
    pub range: Range<usize>,
}

/// The items of lists under Assessment, Plan or Impression that have no code, in encounters that report some.
///
/// Source: rules, section 17.
pub fn items(text: &str, note: &Note) -> Vec<Item> {
    let coded = note.mentions.iter().filter(|mention| {
        mention.reported && mention.system.is_diagnosis() && mention.evidence != Evidence::Bare
    });
    let mut uses_codes = vec![false; note.encounters.len()];
    for mention in coded {
        if let Some(uses) = uses_codes.get_mut(mention.encounter) {
            *uses = true;
        }
    }
    if !uses_codes.contains(&true) {
        return Vec::new();
    }
    let mut found: Vec<Item> = Vec::new();
    let mut in_assessment = false;
    let mut encounter = 0;
    let mut mentions = note.mentions.iter().peekable();
    // The item that is still open, how far it is indented, and whether it is the last of `found`.
    let mut open: Option<(usize, bool)> = None;
    for range in lines(text) {
        let line = text.get(range.clone()).unwrap_or_default();
        while note.encounters.get(encounter + 1).is_some_and(|next| next.range.start <= range.start)
        {
            encounter += 1;
        }
        let mut has_code = false;
        while mentions.peek().is_some_and(|mention| mention.range.start < range.end) {
            has_code |= mentions.next().is_some();
        }
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        if let Some(opens) = heading(content) {
            in_assessment = opens;
            open = None;
            continue;
        }
        let lead = bullet(content);
        let begins = lead > 0 && open.is_none_or(|(outer, _)| indent <= outer);
        if begins {
            let words = content.get(lead..).unwrap_or_default().trim_end();
            let at = range.start + indent + lead;
            let wanted = in_assessment && !has_code && uses_codes[encounter];
            if wanted {
                found.push(Item { encounter, range: at..at + words.len() });
            }
            open = Some((indent, wanted));
        } else if has_code && let Some((indent, true)) = open {
            // The code stands on a line below its item.
            found.pop();
            open = Some((indent, false));
        }
    }
    found
}

/// The length of a bullet or number at the start of a line.
fn bullet(content: &str) -> usize {
    let sign = ["- [ ] ", "- [x] ", "- ", "* ", "+ ", "\u{2022} ", "#"];
    let sign = sign.iter().find(|sign| content.starts_with(**sign));
    match sign {
        // `#1 Hypertension`, as problems are numbered.
        Some(&"#") => {
            let digits = content[1..].bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 { 0 } else { 1 + digits }
        }
        Some(sign) => sign.len(),
        None => enumerator(content),
    }
}

/// Whether a line is a heading, and if so, of an assessment.
fn heading(content: &str) -> Option<bool> {
    let line = content.trim();
    // Most lines are prose: neither marked nor ending with a colon.
    if !line.starts_with(['#', '*']) && !line.ends_with([':', '#', '*', '_']) {
        return None;
    }
    let bare = line.trim_matches(['#', '*', '_', ' ']);
    let marked = line.starts_with("# ")
        || line.starts_with("##")
        || (line.starts_with("**") && line.ends_with("**"));
    let name = bare.strip_suffix(':').map(str::trim_end);
    let is_heading = marked || (name.is_some_and(|name| name.len() <= 40) && bullet(content) == 0);
    if !is_heading {
        return None;
    }
    let name = name.unwrap_or(bare).to_ascii_lowercase();
    let first =
        name.split(|it: char| !it.is_alphanumeric() && it != '/').next().unwrap_or_default();
    Some(matches!(
        first,
        "assessment" | "assessments" | "impression" | "impressions" | "plan" | "a/p" | "a&p" | "a"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::scan;

    fn of(text: &str) -> Vec<&str> {
        items(text, &scan(text)).into_iter().map(|item| &text[item.range]).collect()
    }

    #[test]
    fn finds_items_without_code() {
        let text = "## Assessment\n\n1. Type 2 diabetes (E11.9)\n2. Hypertension\n   - lisinopril\n3. Gout\n   Dx: M10.9\n\n## Exam\n- Clear\n";
        assert_eq!(of(text), ["Hypertension"]);
        assert_eq!(of("Impression:\n- CHF\n- E11.9 Type 2 diabetes\n"), ["CHF"]);
    }

    #[test]
    fn texts_without_codes_have_none() {
        assert!(of("## Assessment\n- Hypertension\n- Diabetes\n").is_empty());
        assert!(of("## Subjective\n- Cough\nDx: E11.9\n").is_empty());
    }
}
