//! What a command ends with: the answer, or why there is none.

use std::process::ExitCode;

/// The answer of a command, as its exit code tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Fine.
    Yes,
    /// The answer is no: an error was found, a code is not valid, nothing matched.
    No,
    /// Neither: the installed data cannot tell. No data is never a pass.
    NoData,
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::SUCCESS,
            Answer::No => Self::from(1),
            Answer::NoData => Self::from(3),
        }
    }
}

/// Why a command could not answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call was wrong.
    Usage(String),
    /// The answer is no, and this is why: a file was refused.
    Refused(String),
    /// The catalog or the server could not be used.
    Unavailable(String),
    /// Whoever reads the output has gone. Not an error.
    BrokenPipe,
}

impl Failure {
    /// What a command ends with that has said of so many lines that they are not what it reads; `None` for no line.
    pub(crate) fn of_lines(refused: usize, one: &str, several: &str) -> Option<Self> {
        match refused {
            0 => None,
            1 => Some(Self::Usage(format!("one line is no {one}"))),
            _ => Some(Self::Usage(format!("{refused} lines are no {several}"))),
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::Unavailable(_) => ExitCode::from(3),
            Self::BrokenPipe => ExitCode::SUCCESS,
        }
    }

    /// Says what went wrong, on stderr.
    #[expect(clippy::print_stderr, reason = "the one place that prints an error")]
    pub(crate) fn print(&self) {
        match self {
            Self::Refused(message) | Self::Usage(message) | Self::Unavailable(message) => {
                eprintln!("error: {message}");
            }
            Self::BrokenPipe => {}
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

impl From<tonic::Status> for Failure {
    fn from(status: tonic::Status) -> Self {
        match status.code() {
            tonic::Code::InvalidArgument | tonic::Code::NotFound => {
                Self::Usage(status.message().to_owned())
            }
            code => Self::Unavailable(format!(
                "the code service did not answer ({code:?}): {}",
                status.message()
            )),
        }
    }
}
