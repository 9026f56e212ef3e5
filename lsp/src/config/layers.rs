//! The places that settings come from, and which of them wins.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Problem, Settings};

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
    layers: [Value; 3],
    told: BTreeSet<Problem>,
}

impl Layers {
    /// Replaces what one place said and returns the settings now in force, with the problems not told before.
    pub(crate) fn set(&mut self, layer: Layer, value: Value) -> (Settings, Vec<Problem>) {
        let slot = match layer {
            Layer::Initialization => 0,
            Layer::Pushed => 1,
            Layer::Pulled => 2,
        };
        self.layers[slot] = value;
        let mut settings = Settings::default();
        let mut problems: Vec<Problem> =
            self.layers.iter().flat_map(|layer| settings.take_over(layer)).collect();
        problems.retain(|problem| self.told.insert(problem.clone()));
        (settings, problems)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merges_key_by_key_in_order_of_precedence() {
        let mut layers = Layers::default();
        layers.set(Layer::Pulled, json!({"completion": {"max": 9}}));
        layers.set(
            Layer::Initialization,
            json!({"completion": {"max": 7}, "diagnostics": {"max": 7}}),
        );
        let (settings, _) =
            layers.set(Layer::Pushed, json!({"completion": {"max": 8}, "asOf": "2026-03-02"}));
        assert_eq!((settings.completion_max, settings.diagnostics_max), (9, 7));
        assert!(settings.as_of.is_some());
    }

    #[test]
    fn tells_each_problem_once() {
        let mut layers = Layers::default();
        assert_eq!(layers.set(Layer::Initialization, json!({"nope": 1})).1.len(), 1);
        assert_eq!(layers.set(Layer::Pushed, json!({"nope": 2})).1.len(), 0);
        assert_eq!(layers.set(Layer::Pulled, json!({"other": 2})).1.len(), 1);
    }
}
