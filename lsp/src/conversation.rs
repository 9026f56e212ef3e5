//! Holds the conversation: the framework between its two pipes, and every way in which it can end.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncWrite, duplex},
    time::timeout,
};
use tower::Service;
use tracing::{Dispatch, instrument::WithSubscriber};

use crate::{
    ingress::{Ingress, Signals},
    parent_watch,
    protocol::{ClientSocket, ExitedError, Request, Response, Server as Framework},
    session::Session,
    transport,
};

/// Requests that are worked on at a time. With few places a cancellation waits behind the requests it is to end.
const CONCURRENCY: usize = 1024;

/// Bytes that wait between a pipe and the framework.
const PIPE_CAPACITY: usize = 64 * 1024;

/// How long answers may still be written after the client said `exit`: the answer to `shutdown` may be among them.
const EXIT_GRACE: Duration = Duration::from_millis(50);

/// How long work may go on after the end of input, for clients that close the pipe and still read.
const END_OF_INPUT_GRACE: Duration = Duration::from_secs(1);

/// Why a conversation ended.
#[derive(Debug)]
enum Ending {
    /// The client said `exit`.
    Exit,
    /// The client closed its end.
    InputEnded,
    /// The client reads no more.
    OutputLost,
    /// The process that started the server is gone.
    ParentGone,
    /// The framework stopped, which it does only after the end of its input.
    FrameworkEnded,
}

/// Serves until one side is gone or has said that it leaves, whatever the other streams do.
pub(crate) async fn hold<S, I, O>(
    ingress: Ingress<S>,
    socket: ClientSocket,
    session: &Session,
    signals: &Signals,
    input: I,
    output: O,
) where
    S: Service<Request, Response = Option<Response>, Error = ExitedError> + Send + 'static,
    S::Future: Send + 'static,
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let (messages, framework_input) = duplex(PIPE_CAPACITY);
    let (framework_output, answers) = duplex(PIPE_CAPACITY);
    let mut inlet = tokio::spawn(transport::inlet(input, messages));
    let mut outlet = tokio::spawn(transport::outlet(answers, output));
    let framework =
        Framework::new(framework_input, framework_output, socket).concurrency_level(CONCURRENCY);
    // The framework logs whole messages at its lowest level. The ingress restores the log for what is ours.
    let mut framework = tokio::spawn(framework.serve(ingress).with_subscriber(Dispatch::none()));
    let parent_gone = async {
        signals.initialized().await;
        parent_watch::gone(session.snapshot().client.process_id).await;
    };

    let ending = tokio::select! {
        biased;
        () = signals.exit.notified() => Ending::Exit,
        _ = &mut inlet => Ending::InputEnded,
        _ = &mut framework => Ending::FrameworkEnded,
        _ = &mut outlet => Ending::OutputLost,
        () = parent_gone => Ending::ParentGone,
    };
    tracing::info!(?ending, "the conversation ends");

    // Without input the framework finishes what it has begun, and closes its output.
    inlet.abort();
    match ending {
        Ending::Exit | Ending::InputEnded => {
            let limit =
                if matches!(ending, Ending::Exit) { EXIT_GRACE } else { END_OF_INPUT_GRACE };
            let finished = async {
                let _ = (&mut framework).await;
                let _ = (&mut outlet).await;
            };
            let _ = timeout(limit, finished).await;
        }
        Ending::FrameworkEnded => {
            let _ = timeout(END_OF_INPUT_GRACE, &mut outlet).await;
        }
        Ending::OutputLost | Ending::ParentGone => {}
    }
    framework.abort();
    outlet.abort();
}
