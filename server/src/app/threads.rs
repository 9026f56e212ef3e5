//! Threads that answer, as many as the machine runs at once. Each has a runtime of its own, and a connection stays with
//! the thread that it was given to.
//!
//! A request is answered where it is read: a lookup takes less than to wake another thread for it, and on a runtime that
//! threads share nearly every request wakes one. What takes long leaves its thread, see [`crate::rpc::Work`].

use std::{io, net::TcpStream as Socket, num::NonZero, thread};

use futures::{FutureExt, StreamExt, future::try_join_all, stream::BoxStream};
use tokio::{
    net::TcpStream,
    runtime::Builder,
    sync::{
        mpsc::{UnboundedSender, unbounded_channel},
        oneshot,
    },
};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::transport::{Error, server::TcpIncoming};

use super::{Draining, ServeError};

/// A connection that no runtime has yet, or why none could be accepted.
type Accepted = io::Result<Socket>;

/// Tells how a thread has ended.
type End = oneshot::Receiver<Result<(), ServeError>>;

/// The connections of one thread.
pub type Connections = BoxStream<'static, io::Result<TcpStream>>;

/// Answers connections on every thread with what `answer` makes there. It is to accept no more when `draining` begins,
/// and to end with its last connection; then this ends. When this is dropped, connections are cut.
///
/// # Errors
/// A thread cannot be started, or one of them has ended with an error.
pub async fn serve<F>(
    incoming: TcpIncoming,
    draining: Draining,
    answer: impl FnOnce(Connections, Draining) -> F + Clone + Send + 'static,
) -> Result<(), ServeError>
where
    F: Future<Output = Result<(), Error>>,
{
    let count = thread::available_parallelism().map_or(1, NonZero::get);
    let started = (1..=count).map(|number| {
        let (answer, draining) = (answer.clone(), draining.clone());
        start(number, |connections| answer(connections, draining))
    });
    let started: Result<Vec<_>, _> = started.collect();
    let (threads, ends): (Vec<_>, Vec<_>) =
        started.map_err(ServeError::Thread)?.into_iter().unzip();
    let panicked = || ServeError::Thread(io::Error::other("it has panicked"));
    let ends = ends.into_iter().map(|end| end.map(|end| end.unwrap_or_else(|_| Err(panicked()))));
    let mut ended = try_join_all(ends);
    tokio::select! {
        ended = &mut ended => return ended.map(drop),
        () = hand_out(incoming, threads) => {}
        () = draining.begins() => {}
    }
    ended.await.map(drop)
}

/// Gives connections to the threads in turn.
async fn hand_out(mut incoming: TcpIncoming, threads: Vec<UnboundedSender<Accepted>>) {
    for thread in threads.iter().cycle() {
        let Some(accepted) = incoming.next().await else { return };
        // A thread that has ended takes none; that ends the service anyway.
        let _ = thread.send(accepted.and_then(TcpStream::into_std));
    }
}

/// Starts a thread; gives what takes its connections and what tells how it has ended. It ends early when nobody waits to
/// be told.
fn start<F>(
    number: usize,
    answer: impl FnOnce(Connections) -> F + Send + 'static,
) -> io::Result<(UnboundedSender<Accepted>, End)>
where
    F: Future<Output = Result<(), Error>>,
{
    let (connections, accepted) = unbounded_channel();
    let (mut ended, end) = oneshot::channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name(format!("medcode-serve-{number}")).spawn(move || {
        let accepted = UnboundedReceiverStream::new(accepted);
        let connections =
            accepted.map(|accepted: Accepted| accepted.and_then(TcpStream::from_std)).boxed();
        let answered = runtime.block_on(async {
            tokio::select! {
                answered = answer(connections) => Some(answered),
                () = ended.closed() => None,
            }
        });
        // What still runs on other threads is not waited for.
        runtime.shutdown_background();
        if let Some(answered) = answered {
            // There may be nobody left to be told.
            let _ = ended.send(answered.map_err(ServeError::Transport));
        }
    })?;
    Ok((connections, end))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;

    async fn listen() -> (TcpIncoming, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (TcpIncoming::from(listener), address)
    }

    #[tokio::test]
    async fn connections_go_to_the_threads_in_turn() {
        let (incoming, address) = listen().await;
        let (threads, mut taken): (Vec<_>, Vec<_>) = (0..2).map(|_| unbounded_channel()).unzip();
        let mut clients = Vec::new();
        let connecting = async {
            for _ in 0..3 {
                clients.push(TcpStream::connect(address).await.unwrap());
            }
            let mut peers = Vec::new();
            for thread in [0, 1, 0] {
                let connection: Accepted = taken[thread].recv().await.unwrap();
                peers.push(connection.unwrap().peer_addr().unwrap());
            }
            peers
        };
        let peers = tokio::select! {
            peers = connecting => peers,
            () = hand_out(incoming, threads) => unreachable!(),
        };
        let own = clients.iter().map(|client| client.local_addr().unwrap());
        assert_eq!(peers, own.collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn connections_are_cut_when_nobody_serves_any_more() {
        let (incoming, address) = listen().await;
        let (_drain, draining) = Draining::channel();
        let keeps = async |connections: Connections, _: Draining| {
            let _kept: Vec<_> = connections.collect().await;
            pending().await
        };
        let serving = tokio::spawn(serve(incoming, draining, keeps));
        let mut client = TcpStream::connect(address).await.unwrap();
        serving.abort();
        // It is closed or reset; either way nothing comes any more.
        assert_eq!(client.read(&mut [0]).await.unwrap_or_default(), 0);
    }

    #[tokio::test]
    async fn a_thread_that_panics_ends_the_service() {
        let (incoming, _) = listen().await;
        let (_drain, draining) = Draining::channel();
        let panics = async |_: Connections, _: Draining| panic!("on purpose");
        let error = serve(incoming, draining, panics).await.unwrap_err();
        assert!(matches!(error, ServeError::Thread(_)), "{error}");
    }
}
