//! The service inside another program: a pipe in memory instead of a socket, and no port.

use std::{future::pending, io, time::Duration};

use futures::TryFutureExt;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{io::DuplexStream, sync::mpsc};
use tokio_stream::{StreamExt, wrappers::UnboundedReceiverStream};
use tonic::transport::{Channel, Endpoint};

use super::{App, CONNECTION_WINDOW, Draining, STREAM_WINDOW, ServeError, Served};

/// Bytes that a pipe holds.
const PIPE: usize = 256 << 10;

/// Serves on the runtime at hand. Each connection of the channel is a pipe of its own.
pub(super) fn serve(app: App) -> Channel {
    let (connections, accepted) = mpsc::unbounded_channel();
    let accepted = UnboundedReceiverStream::new(accepted).map(io::Result::<DuplexStream>::Ok);
    let takes_text = app.config.documents.enabled.unwrap_or(true);
    tokio::spawn(async move {
        let serve = |router: Served, draining: Draining| {
            let served = router.serve_with_incoming_shutdown(accepted, draining.begins());
            served.map_err(ServeError::Transport)
        };
        if let Err(error) = app.run(serve, Duration::ZERO, takes_text, pending()).await {
            tracing::error!(%error, "the service inside the process has ended");
        }
    });
    let connect = move |_: Uri| {
        let (client, server) = tokio::io::duplex(PIPE);
        let sent = connections.send(server);
        async move {
            sent.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
            Ok::<_, io::Error>(TokioIo::new(client))
        }
    };
    Endpoint::from_static("http://in-process")
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect_with_connector_lazy(tower::service_fn(connect))
}
