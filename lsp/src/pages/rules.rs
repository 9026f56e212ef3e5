//! The page of a rule: its documentation, for editors that open addresses and for those that show none.

use std::path::{Path, PathBuf};

use medcode_codes::rule::Rule;

use super::files;

/// Where the page of a rule lies.
pub(super) fn path(root: &Path, rule: &Rule) -> PathBuf {
    root.join("rules").join(format!("{}.md", rule.id))
}

/// Writes the page of a rule, unless it is there.
pub(super) fn write(root: &Path, rule: &Rule) -> Option<PathBuf> {
    let path = path(root, rule);
    match files::write(&path, &draw(rule)) {
        Ok(()) => Some(path),
        Err(error) => {
            tracing::warn!(kind = ?error.kind(), "the page of a rule could not be written");
            None
        }
    }
}

fn draw(rule: &Rule) -> String {
    format!(
        "A rule of medcode · {} unless the settings say otherwise\n\n# {}\n\n{}\n",
        rule.severity,
        rule.id,
        rule.markdown()
    )
}

#[cfg(test)]
mod tests {
    use medcode_codes::rules;

    use super::*;

    #[test]
    fn every_rule_has_a_page() {
        let folder = tempfile::tempdir().unwrap();
        for rule in rules::RULES.iter() {
            let path = write(folder.path(), rule).unwrap();
            let text = std::fs::read_to_string(path).unwrap();
            assert!(
                text.contains(&format!("\n# {}\n", rule.id)) && text.contains(rule.summary()),
                "{text}"
            );
        }
    }
}
