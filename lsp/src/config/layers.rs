//! The places that settings come from, and which of them wins.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Problem, Settings, Source};

/// Where a set of settings came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// `initializationOptions`. Yields to the others.
    Initialization,
    /// The last `workspace/didChangeConfiguration`.
    Pushed,
    /// The answer to `workspace/configuration`. Wins.
    Pulled,
}

/// What each place said last. Keys merge one by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    said: [Value; 3],
    /// What flags and the environment say; stands above everything.
    flags: Value,
    told: BTreeSet<String>,
}

impl Layers {
    /// Nothing said yet, except by flags and the environment.
    pub(crate) fn new(flags: Value) -> Self {
        Self { flags, ..Self::default() }
    }

    /// Replaces what one place said.
    pub(crate) fn set(&mut self, layer: Layer, value: Value) {
        let slot = match layer {
            Layer::Initialization => 0,
            Layer::Pushed => 1,
            Layer::Pulled => 2,
        };
        self.said[slot] = value;
    }

    /// The settings that files and everything above them make together: first the user's file, then the project's.
    pub(crate) fn settings(&self, files: &[Source<'_>]) -> (Settings, Vec<Problem>) {
        let above = self.said.iter().chain(std::iter::once(&self.flags)).map(Source::editor);
        let sources: Vec<_> = files.iter().copied().chain(above).collect();
        Settings::of(&sources)
    }

    /// Those of `sentences` that were not told before.
    pub(crate) fn news(&mut self, sentences: impl IntoIterator<Item = String>) -> Vec<String> {
        sentences.into_iter().filter(|sentence| self.told.insert(sentence.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::SettingsFile;

    #[test]
    fn merges_key_by_key_in_order_of_precedence() {
        let mut layers = Layers::new(json!({"payer": "flag"}));
        layers.set(Layer::Pulled, json!({"completion": {"max": 9}}));
        layers.set(
            Layer::Initialization,
            json!({"completion": {"max": 7}, "diagnostics": {"max": 7}}),
        );
        layers.set(Layer::Pushed, json!({"completion": {"max": 8}, "asOf": "2026-03-02"}));
        let folder = std::path::Path::new("/p");
        let user = SettingsFile::parse(
            "completion.max = 1\ndiagnostics.delayMs = 1\nrecognition = \"lenient\"",
        );
        let project = SettingsFile::parse("diagnostics.delayMs = 2\npayer = \"file\"");
        let files = [Source::user(&user, folder), Source::project(&project, folder)];
        let (settings, problems) = layers.settings(&files);
        assert_eq!(problems, []);
        assert_eq!((settings.completion_max, settings.diagnostics_max), (9, 7));
        assert_eq!(settings.diagnostics_delay.as_millis(), 2);
        assert_eq!(settings.recognition, medcode_codes::document::Recognition::Lenient);
        assert_eq!(settings.payer.as_deref(), Some("flag"));
        assert!(settings.as_of.is_some());
    }

    #[test]
    fn tells_each_problem_once() {
        let mut layers = Layers::default();
        assert_eq!(layers.news(["a".to_owned(), "b".to_owned()]).len(), 2);
        assert_eq!(layers.news(["a".to_owned()]), Vec::<String>::new());
    }
}
