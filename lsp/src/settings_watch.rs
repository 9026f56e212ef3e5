//! Notices that a settings file came, changed or went.

use std::{sync::Arc, time::Duration};

use crate::session::Session;

/// How often the files in use are looked at. Few files, and a look is a question for size and time.
const EVERY: Duration = Duration::from_secs(2);

/// Looks again and again, and has everything checked anew when something changed.
pub(crate) async fn run(session: Arc<Session>) {
    let mut pause = tokio::time::interval(EVERY);
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = pause.tick() => {}
            // A client that watches tells sooner.
            () = session.settings_touched().notified() => {}
        }
        let governing = session.governing().clone();
        let looked = tokio::task::spawn_blocking(move || governing.refresh()).await;
        if looked.unwrap_or_default() {
            session.reconsider(true);
        }
    }
}
