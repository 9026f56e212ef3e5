//! The methods of the server: one line each.

use serde_json::Value;

use crate::{
    capabilities,
    client_requests::ClientRequests,
    handlers,
    protocol::{
        CodeActionParams, CodeActionResponse, CompletionItem, CompletionParams, CompletionResponse,
        Error, ExecuteCommandParams, Hover, HoverParams, InitializeParams, InitializeResult,
        InitializedParams, LanguageServer, Result, async_trait,
    },
    snapshot::Snapshot,
};

/// Answers requests from the snapshot that the ingress took when they arrived. Documents and settings never come this
/// far: the ingress keeps them.
pub(crate) struct Server {
    client: ClientRequests,
    test_hooks: bool,
}

impl Server {
    /// `test_hooks` adds the commands of [`handlers::test_hooks`].
    pub(crate) fn new(client: ClientRequests, test_hooks: bool) -> Self {
        Self { client, test_hooks }
    }

    fn commands(&self) -> &'static [&'static str] {
        if self.test_hooks { handlers::test_hooks::COMMANDS } else { &[] }
    }
}

/// The snapshot of the running request. Every request comes through the ingress, which sets it.
fn snapshot() -> Result<Snapshot> {
    Snapshot::current().ok_or_else(Error::internal_error)
}

#[async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(capabilities::announce(&snapshot()?, self.commands()))
    }

    async fn initialized(&self, _: InitializedParams) {}

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        handlers::hover(snapshot()?, params).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        handlers::completion(snapshot()?, params).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        handlers::completion_resolve(snapshot()?, item).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        handlers::code_action(snapshot()?, params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        if self.commands().contains(&params.command.as_str()) {
            return handlers::test_hooks::run(snapshot()?, &self.client, params).await.map(Some);
        }
        Err(Error::invalid_params("medcode has no such command"))
    }
}
