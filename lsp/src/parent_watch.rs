//! Ends the server when the editor that started it is gone.
//!
//! The end of input usually says so first; but a pipe can be held open by a process that outlives the editor.

use std::time::Duration;

/// How often the parent is looked at.
const PERIOD: Duration = Duration::from_secs(2);

/// Returns when the process that was there at the call is gone. Never returns for one that was not visible at the call,
/// as happens across containers and remote connections.
pub(crate) async fn gone(process_id: Option<u32>) {
    gone_seen_every(PERIOD, process_id).await;
}

async fn gone_seen_every(period: Duration, process_id: Option<u32>) {
    let visible = process_id.filter(|process_id| is_alive(*process_id));
    let Some(process_id) = visible else {
        return std::future::pending().await;
    };
    let mut period = tokio::time::interval(period);
    loop {
        period.tick().await;
        if !is_alive(process_id) {
            return;
        }
    }
}

/// Whether a process exists. A process that may not be asked exists.
#[cfg(unix)]
fn is_alive(process_id: u32) -> bool {
    let process_id = i32::try_from(process_id).ok().and_then(rustix::process::Pid::from_raw);
    process_id.is_some_and(|process_id| {
        rustix::process::test_kill_process(process_id) != Err(rustix::io::Errno::SRCH)
    })
}

/// Elsewhere the end of input has to do: no process is ever visible.
#[cfg(not(unix))]
fn is_alive(_process_id: u32) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn sees_itself_and_no_nonsense() {
        assert!(is_alive(std::process::id()));
        assert!(!is_alive(0));
        assert!(!is_alive(u32::MAX));
    }

    #[tokio::test]
    async fn returns_when_the_process_is_gone() {
        let mut child =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let watched = tokio::spawn(gone_seen_every(Duration::from_millis(5), Some(child.id())));
        // Alive until here: the child ends only with its input.
        tokio::task::yield_now().await;
        child.kill().unwrap();
        child.wait().unwrap();
        tokio::time::timeout(Duration::from_secs(20), watched).await.unwrap().unwrap();
    }
}
