//! Puts the service together, serves it, and stops it cleanly.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use medcode_codes::date::Date;
use medcode_proto::v1::{
    code_system_service_server::CodeSystemServiceServer,
    document_service_server::DocumentServiceServer,
    encounter_service_server::EncounterServiceServer,
};
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch};
use tonic::transport::{
    Channel, Server,
    server::{Router, TcpIncoming},
};

use tower::layer::util::{Identity, Stack};

use crate::{
    catalog::Catalog,
    config::Config,
    layers::{Layers, layers},
    service::{Clock, Encoding, Service},
    telemetry,
};

mod health;
mod in_process;
mod reflection;
pub mod threads;

use health::Health;

/// How often a silent connection is asked whether it lives, and how long it may take to answer.
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_ANSWER: Duration = Duration::from_secs(10);

/// Bytes of a message that may be on their way before the other side has read them, for a stream and a connection.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// The service could not be started, or has ended without being told to.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Other machines could connect, and nothing would protect the service.
    #[error(
        "refusing to listen on {0}: the service has neither TLS nor authentication, so only this machine may connect. \
         Use a loopback address such as 127.0.0.1:50051, or allow it with --allow-insecure-listen in a network you trust"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A thread that answers cannot be started, or has panicked.
    #[error("a thread that answers has failed")]
    Thread(#[source] io::Error),
    /// The descriptions of the API do not load.
    #[error("the description of the API cannot be read")]
    Reflection(#[source] tonic_reflection::server::Error),
    /// Serving has failed.
    #[error("the service has failed")]
    Transport(#[source] tonic::transport::Error),
}

/// What is served, with the layers round it.
type Served = Router<Stack<Layers, Identity>>;

/// Tells when no more is to be accepted, and what is in flight is to end.
#[derive(Clone, Debug)]
pub struct Draining(watch::Receiver<()>);

impl Draining {
    /// Begins when the other end is dropped.
    pub fn channel() -> (watch::Sender<()>, Self) {
        let (drain, draining) = watch::channel(());
        (drain, Self(draining))
    }

    /// Over when draining begins.
    pub async fn begins(mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

/// The service over a catalog. The catalog may be empty at first; methods answer `UNAVAILABLE` until it is published.
pub struct App {
    config: Arc<Config>,
    catalog: Arc<Catalog>,
    clock: Clock,
}

/// Opens the listener. Where it is reached from other machines, the settings have to allow it.
///
/// # Errors
/// The address is not a loopback address and not allowed, or cannot be listened on.
pub async fn bind(config: &Config) -> Result<TcpListener, ServeError> {
    let address = config.listen;
    if !address.ip().is_loopback() {
        if !config.allow_insecure_listen {
            return Err(ServeError::NotLoopback(address));
        }
        tracing::warn!(%address, "listening for other machines without TLS and authentication");
    }
    TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
}

/// A server of HTTP/2 with the layers and limits of the service, and nothing to serve yet. Benchmarks put a service into it
/// that does nothing.
pub fn without_services(config: &Arc<Config>) -> Server<Stack<Layers, Identity>> {
    let limits = &config.limits;
    Server::builder()
        .layer(layers(config))
        .max_concurrent_streams(limits.streams_per_connection)
        .http2_max_header_list_size(limits.header_bytes)
        .http2_max_pending_accept_reset_streams(Some(limits.pending_resets))
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_ANSWER))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
}

impl App {
    /// A service. `clock` says what today is, in the time zone of the program's choice.
    pub fn new(
        config: Config,
        catalog: Arc<Catalog>,
        clock: impl Fn() -> Date + Send + Sync + 'static,
    ) -> Self {
        Self { config: Arc::new(config), catalog, clock: Arc::new(clock) }
    }

    /// Serves until `stop` is over: then the health checks say no, requests in flight finish, and it returns.
    ///
    /// # Errors
    /// The service cannot be put together, or fails while serving.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServeError> {
        let is_local = listener.local_addr().is_ok_and(|address| address.ip().is_loopback());
        let lame_duck = if is_local { 0 } else { self.config.stopping.lame_duck_ms };
        // `serve_with_incoming` ignores what the builder says of TCP, so it is set where connections are accepted.
        let connections =
            TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(KEEPALIVE));
        let takes_text = self.config.documents.enabled.unwrap_or(is_local);
        let serve = |router: Served, draining| {
            threads::serve(connections, draining, |connections, draining: Draining| {
                router.serve_with_incoming_shutdown(connections, draining.begins())
            })
        };
        self.run(serve, Duration::from_millis(lame_duck), takes_text, stop).await
    }

    /// Serves inside the process and gives a channel to it. It ends by itself when the last clone of the channel is
    /// dropped. Has to be called on a runtime.
    pub fn into_channel(self) -> Channel {
        in_process::serve(self)
    }

    /// Serves with `serve` until `stop` is over, and then until what is in flight has ended.
    async fn run<F>(
        self,
        serve: impl FnOnce(Served, Draining) -> F,
        lame_duck: Duration,
        takes_text: bool,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServeError>
    where
        F: Future<Output = Result<(), ServeError>>,
    {
        let health = Health::new(takes_text).await;
        let (drain, draining) = Draining::channel();
        let (stop_watching, stopping) = watch::channel(false);
        let router = self.router(&health, takes_text, stopping)?;
        let mut serving = pin!(serve(router, draining));
        tokio::select! {
            ended = &mut serving => return ended,
            never = health.follow(&self.catalog) => match never {},
            () = stop => {}
        }
        let stopping = &self.config.stopping;
        tracing::info!("stopping");
        health.refuse().await;
        stop_watching.send_replace(true);
        let ended = tokio::time::timeout(lame_duck, &mut serving).await;
        health.end_watches().await;
        drop(drain);
        let left = Duration::from_millis(stopping.drain_ms).saturating_sub(lame_duck);
        let drained = match ended {
            Ok(ended) => Ok(ended),
            Err(_) => tokio::time::timeout(left, serving).await,
        };
        telemetry::log_caches(&self.catalog);
        drained.unwrap_or_else(|_| {
            tracing::warn!("connections that did not end in time are cut");
            Ok(())
        })
    }

    fn router(
        &self,
        health: &Health,
        takes_text: bool,
        stopping: watch::Receiver<bool>,
    ) -> Result<Served, ServeError> {
        let limits = &self.config.limits;
        let service = Arc::new(Service {
            catalog: Arc::clone(&self.catalog),
            config: Arc::clone(&self.config),
            clock: Arc::clone(&self.clock),
            stopping,
        });
        let code_systems = CodeSystemServiceServer::from_arc(Arc::clone(&service))
            .max_decoding_message_size(limits.request_bytes)
            .max_encoding_message_size(limits.response_bytes);
        let code_systems = Encoding::new(Arc::clone(&service), code_systems);
        let documents = takes_text.then(|| {
            DocumentServiceServer::from_arc(Arc::clone(&service))
                .max_decoding_message_size(self.config.documents.request_bytes)
                .max_encoding_message_size(limits.response_bytes)
        });
        let encounters = EncounterServiceServer::from_arc(Arc::clone(&service))
            .max_decoding_message_size(limits.request_bytes)
            .max_encoding_message_size(limits.response_bytes);
        let encounters = Encoding::new(service, encounters);
        let router = without_services(&self.config)
            .add_service(health.server())
            .add_service(code_systems)
            .add_service(encounters)
            .add_optional_service(documents);
        reflection::add_to(router, takes_text).map_err(ServeError::Reflection)
    }
}
