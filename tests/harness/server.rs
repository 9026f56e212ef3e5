//! A running `medcode serve` on a free port.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use tonic::transport::{Channel, Endpoint};

/// The service as a child process. Killed when dropped.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// How long it took from the start of the process until the service answered.
    pub started_in: Duration,
    lines: Receiver<String>,
}

const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    /// Starts the service and waits until it serves.
    ///
    /// # Panics
    /// It does not within a minute.
    pub fn start(data_dir: &Path) -> Self {
        Self::start_saying(
            crate::medcode(data_dir, ["serve", "--listen", "127.0.0.1:0"]),
            "serving",
        )
    }

    /// Starts the service by a command and waits until it says a text.
    ///
    /// # Panics
    /// It does not within a minute.
    pub fn start_saying(mut command: Command, text: &str) -> Self {
        let begun = Instant::now();
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let stderr = child.stderr.take().expect("stderr is piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut server = Self { child, address: String::new(), started_in: Duration::ZERO, lines };
        let listening = server.wait_for("listening on ");
        listening.rsplit(' ').next().unwrap_or_default().clone_into(&mut server.address);
        server.wait_for(text);
        server.started_in = begun.elapsed();
        server
    }

    /// The next line of its log that contains a text.
    ///
    /// # Panics
    /// There is none within a minute, or the service ends.
    pub fn wait_for(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self
                .lines
                .recv_timeout(left)
                .unwrap_or_else(|error| panic!("no line with '{text}': {error}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// A channel to it.
    ///
    /// # Panics
    /// It does not accept a connection.
    pub async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address))
            .expect("a well-formed address");
        endpoint.connect().await.expect("the service accepts connections")
    }

    /// The id of its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end and gives the exit code.
    ///
    /// # Panics
    /// It cannot be waited for.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("the child can be waited for").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
