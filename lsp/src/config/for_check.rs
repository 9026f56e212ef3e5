//! From settings to what a check of one text wants.

use std::path::Path;

use medcode_codes::{document::CheckSettings, rules};

use super::{LevelSet, Levels, Settings};

impl Settings {
    /// What holds for a text at `path`; `None` for one without a path.
    pub fn for_check(&self, path: Option<&Path>) -> CheckSettings {
        let mut holding: Vec<&LevelSet> = self
            .levels
            .iter()
            .filter(|set| set.paths.as_ref().is_none_or(|paths| paths.contain(path)))
            .collect();
        // Within one place those for some files win, over all places the later one does: a flag over a file.
        holding.sort_by_key(|set| (set.rank, set.paths.is_some()));
        let mut severity = Levels::new();
        for set in holding {
            severity.extend(by_rule(&set.rules));
        }
        let holds_here =
            self.ignore.iter().filter(|entry| entry.paths.is_empty() || entry.paths.contain(path));
        CheckSettings {
            severity,
            strict_excludes1: self.strict_excludes1,
            payer: self.payer.clone(),
            recognition: self.recognition,
            accepted: holds_here.map(|entry| entry.accepted.clone()).collect(),
        }
    }

    /// Whether a file is left out.
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.iter().any(|paths| paths.contain(Some(path)))
    }

    /// Whether a file is wanted that has not one of the usual endings.
    pub fn includes(&self, path: &Path) -> bool {
        self.include.iter().any(|paths| paths.contain(Some(path)))
    }
}

/// Levels with each family written out; a rule's own level wins. Switching a family on does not switch on the rules that
/// are off by default: those are asked for one by one.
fn by_rule(levels: &Levels) -> Levels {
    let mut found = Levels::new();
    for family in rules::FAMILIES {
        let Some(level) = levels.get(family.id) else { continue };
        let rules = family.rules.iter().filter(|rule| rule.is_on || level.is_none());
        found.extend(rules.map(|rule| (rule.id.to_owned(), *level)));
    }
    let own = levels.iter().filter(|(id, _)| rules::find(id).is_some());
    found.extend(own.map(|(id, level)| (id.clone(), *level)));
    found
}

#[cfg(test)]
mod tests {
    use medcode_codes::issue::Severity;
    use serde_json::json;

    use super::super::{Settings, Source};
    use super::*;

    fn settings(value: &serde_json::Value) -> Settings {
        Settings::of(&[Source { base: Some(Path::new("/p")), ..Source::editor(value) }]).0
    }

    #[test]
    fn a_rule_wins_over_its_family_and_a_file_over_all() {
        let settings = settings(&json!({
            "rules": {"writing": "off", "missing-dot": "warning", "expired-code": "hint"},
            "overrides": [{"paths": ["templates/**"], "rules": {"missing-dot": "error", "validity": "off"}}],
        }));
        let note = settings.for_check(Some(Path::new("/p/a.md"))).severity;
        assert_eq!(note["misplaced-dot"], None);
        assert_eq!(note["missing-dot"], Some(Severity::Warning));
        assert_eq!(note["expired-code"], Some(Severity::Hint));
        let template = settings.for_check(Some(Path::new("/p/templates/a.md"))).severity;
        assert_eq!(template["missing-dot"], Some(Severity::Error));
        assert_eq!(template["expired-code"], None);
        assert_eq!(settings.for_check(None).severity["missing-dot"], Some(Severity::Warning));
    }

    #[test]
    fn a_later_place_wins_over_what_an_earlier_one_says_of_a_file() {
        let project = json!({"overrides": [{"paths": ["*"], "rules": {"missing-dot": "off"}}], "rules": {"missing-dot": "hint"}});
        let flag = json!({"rules": {"missing-dot": "error"}});
        let of = |sources: &[Source<'_>]| {
            Settings::of(sources).0.for_check(Some(Path::new("/p/a.md"))).severity["missing-dot"]
        };
        assert_eq!(of(&[Source::editor(&project)]), None);
        let both = [Source::editor(&project), Source::editor(&flag)];
        assert_eq!(of(&both), Some(Severity::Error));
    }

    #[test]
    fn entries_hold_for_their_files() {
        let settings = settings(&json!({
            "ignore": [
                {"rule": "expired-code", "paths": ["old"], "reason": "archive"},
                {"rule": "unknown-code", "codes": ["E11.66"], "reason": "test code"},
            ],
            "files": {"exclude": ["drafts/"]},
        }));
        let accepted = |path: &str| settings.for_check(Some(Path::new(path))).accepted.len();
        assert_eq!((accepted("/p/old/a.md"), accepted("/p/a.md")), (2, 1));
        assert!(settings.excludes(Path::new("/p/drafts/x/a.md")));
        assert!(!settings.excludes(Path::new("/p/a.md")));
    }
}
