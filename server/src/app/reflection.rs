//! Tells clients which services there are, in both versions of the protocol: older tools know the first only.

use medcode_proto::{
    FILE_DESCRIPTOR_SET,
    v1::{
        code_system_service_server::SERVICE_NAME as CODE_SYSTEMS,
        document_service_server::SERVICE_NAME as DOCUMENTS,
        encounter_service_server::SERVICE_NAME as ENCOUNTERS,
    },
};
use tonic::transport::server::Router;
use tonic_reflection::server::{Builder, Error};

/// The services that are listed: those that people ask for.
const LISTED: [&str; 3] = [CODE_SYSTEMS, ENCOUNTERS, "grpc.health.v1.Health"];

/// Adds reflection to the services.
pub(super) fn add_to<L>(router: Router<L>, takes_text: bool) -> Result<Router<L>, Error> {
    let builder = || builder(takes_text);
    Ok(router.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?))
}

fn builder(takes_text: bool) -> Builder<'static> {
    let described = Builder::configure()
        .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .include_reflection_service(false);
    let documents = takes_text.then_some(DOCUMENTS);
    LISTED.into_iter().chain(documents).fold(described, Builder::with_service_name)
}
