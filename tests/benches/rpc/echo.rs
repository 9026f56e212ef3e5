//! The limit: a bare tonic service that answers the same methods with one constant message each, and does nothing else.
//!
//! It runs as a process of its own, with the same windows of HTTP/2 as `medcode serve` and on threads of the same kind, so
//! that what is left between the two is the work and the layers of the service. It can stand behind these layers, which
//! leaves the work alone, and it can run as tonic is usually run, on one runtime for all threads.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    io::{BufRead, BufReader},
    path::Path,
    pin::Pin,
    process::{Child, Command, Stdio},
    sync::Arc,
    task::{Context, Poll},
};

use futures::{Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use medcode_proto::v1;
use medcode_server::{
    app::{self, Draining, threads},
    config::Config,
};
use prost::Message;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    server::{Grpc, NamedService, StreamingService},
    transport::server::TcpIncoming,
};
use tonic_prost::ProstCodec;
use tower::service_fn;

/// As the service has them.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// The constant answers, as they were recorded from the service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replies {
    pub(crate) lookup: v1::LookupCodesResponse,
    pub(crate) lookup_batch: v1::LookupCodesResponse,
    pub(crate) validate: v1::ValidateCodesResponse,
    pub(crate) validate_batch: v1::ValidateCodesResponse,
    pub(crate) encounter: v1::ValidateEncountersResponse,
}

impl Replies {
    /// Keeps the answers where the process of the limit finds them.
    pub(crate) fn write(&self, folder: &Path) {
        let write = |name: &str, bytes: Vec<u8>| {
            std::fs::write(folder.join(name), bytes).expect("the answer is kept");
        };
        write("lookup", self.lookup.encode_to_vec());
        write("lookup_batch", self.lookup_batch.encode_to_vec());
        write("validate", self.validate.encode_to_vec());
        write("validate_batch", self.validate_batch.encode_to_vec());
        write("encounter", self.encounter.encode_to_vec());
    }

    fn read(folder: &Path) -> Self {
        Self {
            lookup: decoded(folder, "lookup"),
            lookup_batch: decoded(folder, "lookup_batch"),
            validate: decoded(folder, "validate"),
            validate_batch: decoded(folder, "validate_batch"),
            encounter: decoded(folder, "encounter"),
        }
    }
}

fn decoded<M: Message + Default>(folder: &Path, name: &str) -> M {
    let bytes = std::fs::read(folder.join(name)).expect("the answer was kept");
    M::decode(bytes.as_slice()).expect("an answer")
}

/// How the limit is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// A runtime for each thread, as the service has it, without its layers.
    Bare,
    /// The same behind the layers of the service.
    Layered,
    /// One runtime for all threads, as `#[tokio::main]` makes it, without layers.
    OnOneRuntime,
}

impl Limit {
    /// The argument that asks for it.
    pub(crate) fn argument(self) -> &'static str {
        match self {
            Self::Bare => "echo",
            Self::Layered => "echo-behind-layers",
            Self::OnOneRuntime => "echo-on-one-runtime",
        }
    }

    /// How the limit is to be run, if this is the argument for it.
    pub(crate) fn asked(argument: &str) -> Option<Self> {
        [Self::Bare, Self::Layered, Self::OnOneRuntime]
            .into_iter()
            .find(|limit| limit.argument() == argument)
    }
}

/// The process of the limit. Killed when dropped.
pub(crate) struct EchoProcess {
    child: Child,
    pub(crate) address: String,
}

impl EchoProcess {
    /// Starts this program once more, as the limit.
    pub(crate) fn start(limit: Limit, replies: &Path) -> Self {
        let program = std::env::current_exe().expect("the path of this program");
        let mut child = Command::new(program)
            .arg(limit.argument())
            .arg(replies)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the limit starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        Self { child, address: line.trim().to_owned() }
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for EchoProcess {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the constant answers for ever, and says where.
#[expect(clippy::print_stdout, reason = "tells the parent where it listens")]
pub(crate) fn serve(limit: Limit, replies: &Path) {
    let replies = Replies::read(replies);
    let echo = Echo(Arc::new(replies));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let bare = || {
            tonic::transport::Server::builder()
                .initial_stream_window_size(STREAM_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW)
        };
        let (codes, encounters) = (Codes(echo.clone()), Encounters(echo));
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let (_never_drained, draining) = Draining::channel();
        match limit {
            Limit::Bare => {
                let router = bare().add_service(codes).add_service(encounters);
                threads::serve(incoming, draining, |connections, _| {
                    router.serve_with_incoming(connections)
                })
                .await
                .expect("it serves");
            }
            Limit::Layered => {
                let router = app::without_services(&Arc::new(Config::default()))
                    .add_service(codes)
                    .add_service(encounters);
                threads::serve(incoming, draining, |connections, _| {
                    router.serve_with_incoming(connections)
                })
                .await
                .expect("it serves");
            }
            Limit::OnOneRuntime => {
                let router = bare().add_service(codes).add_service(encounters);
                router.serve_with_incoming(incoming).await.expect("it serves");
            }
        }
    });
}

#[derive(Clone)]
struct Echo(Arc<Replies>);

#[derive(Clone)]
struct Codes(Echo);

#[derive(Clone)]
struct Encounters(Echo);

impl NamedService for Codes {
    const NAME: &'static str = v1::code_system_service_server::SERVICE_NAME;
}

impl NamedService for Encounters {
    const NAME: &'static str = v1::encounter_service_server::SERVICE_NAME;
}

impl tower::Service<http::Request<Body>> for Codes {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let replies = self.0.0.clone();
        Box::pin(async move {
            let answer = if request.uri().path().ends_with("/LookupCodes") {
                let lookup = service_fn(|asked: Request<v1::LookupCodesRequest>| {
                    let one = asked.get_ref().codings.len() == 1;
                    constant(if one { &replies.lookup } else { &replies.lookup_batch })
                });
                Grpc::new(ProstCodec::default()).unary(lookup, request).await
            } else {
                let validate = service_fn(|asked: Request<v1::ValidateCodesRequest>| {
                    let one = asked.get_ref().items.len() == 1;
                    constant(if one { &replies.validate } else { &replies.validate_batch })
                });
                Grpc::new(ProstCodec::default()).unary(validate, request).await
            };
            Ok(answer)
        })
    }
}

impl tower::Service<http::Request<Body>> for Encounters {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let echo = self.0.clone();
        Box::pin(async move {
            Ok(Grpc::new(ProstCodec::default()).streaming(Validations(echo), request).await)
        })
    }
}

fn constant<M: Clone>(reply: &M) -> Ready<Result<Response<M>, Status>> {
    ready(Ok(Response::new(reply.clone())))
}

struct Validations(Echo);

impl StreamingService<v1::ValidateEncountersRequest> for Validations {
    type Response = v1::ValidateEncountersResponse;
    type ResponseStream = BoxStream<'static, Result<Self::Response, Status>>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<v1::ValidateEncountersRequest>>) -> Self::Future {
        let requests: Pin<Box<dyn Stream<Item = _> + Send>> = Box::pin(request.into_inner());
        let replies = self.0.0.clone();
        // The options, which come first, are not answered.
        let answers = requests.skip(1).enumerate().map(move |(sequence, request)| {
            request.map(|_: v1::ValidateEncountersRequest| {
                let sequence = u64::try_from(sequence).unwrap_or(u64::MAX);
                v1::ValidateEncountersResponse { sequence, ..replies.encounter.clone() }
            })
        });
        ready(Ok(Response::new(answers.boxed())))
    }
}
