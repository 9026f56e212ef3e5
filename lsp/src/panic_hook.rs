//! What is said when something panics: the place, and never the message, which may quote a note.

use std::{panic, sync::Once};

static INSTALLED: Once = Once::new();

/// Replaces the process's panic hook, once. The default one prints the message to stderr, where a slice out of a note
/// would show its text.
pub(crate) fn install() {
    INSTALLED.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
            tracing::error!(
                place = place.as_deref().unwrap_or("unknown"),
                "a task failed unexpectedly"
            );
        }));
    });
}
