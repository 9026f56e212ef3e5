//! What a handler sees: an immutable state of everything, taken when its request arrived.

use std::sync::Arc;

use medcode_codes::date::Date;

use crate::{
    client_facts::ClientFacts,
    code_client::CodeClient,
    config::Settings,
    documents::{Document, Documents},
    folders::Folder,
    governing::Governing,
    issue_links::IssueLinks,
    pages::Pages,
    protocol::Url,
    reported::Reported,
    tokens_given::TokensGiven,
    workspace_index::WorkspaceIndex,
};

tokio::task_local! {
    static CURRENT: Snapshot;
}

/// The state when a request arrived. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The open documents with their texts.
    pub(crate) documents: Documents,
    /// The settings in force: those that no project changes, and after [`Self::at`] those of a document.
    pub(crate) settings: Arc<Settings>,
    /// The settings by document.
    pub(crate) governing: Arc<Governing>,
    /// What the client can do.
    pub(crate) client: Arc<ClientFacts>,
    /// Who is asked about codes.
    pub(crate) codes: CodeClient,
    /// What was last reported of each document.
    pub(crate) reported: Reported,
    /// The tokens that each document was last given.
    pub(crate) tokens_given: TokensGiven,
    /// The codes of the workspace.
    pub(crate) index: WorkspaceIndex,
    /// The folders of the workspace.
    pub(crate) folders: Arc<Vec<Folder>>,
    /// Where issues lead.
    pub(crate) links: IssueLinks,
    /// The pages of the tabular list.
    pub(crate) pages: Pages,
    /// Today.
    pub(crate) today: Date,
    /// The client asks for diagnostics; otherwise they are told. Never both: editors keep the two apart and would show
    /// every issue twice.
    pub(crate) pulls: bool,
    /// Grows with every change of settings, of code sets and of what could be asked of them.
    pub(crate) generation: u64,
}

impl Snapshot {
    /// Runs `future` with this snapshot as the current one. Tasks that it spawns do not inherit it.
    pub(crate) async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// The snapshot of the running request. `None` outside of a request.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// The same with the settings of a document, as its files were last read.
    pub(crate) fn at(mut self, uri: &Url) -> Self {
        self.settings = self.governing.of(uri);
        self
    }

    /// The open document at this address.
    pub(crate) fn document(&self, uri: &Url) -> Option<&Arc<Document>> {
        self.documents.get(uri)
    }

    /// The open note at this address, unless it is too large to be looked into. Pages of the tabular list are no notes.
    pub(crate) fn readable(&self, uri: &Url) -> Option<&Arc<Document>> {
        self.note_or_page(uri).filter(|document| !self.pages.hold(&document.uri))
    }

    /// The open document at this address, unless it is too large to be looked into: for what helps a reader, also of the
    /// pages of the tabular list.
    pub(crate) fn note_or_page(&self, uri: &Url) -> Option<&Arc<Document>> {
        self.document(uri)
            .filter(|document| document.text().len() <= self.settings.max_document_bytes)
    }

    /// The date for notes that state none: the configured one, else today.
    pub(crate) fn as_of(&self) -> Date {
        self.settings.as_of.unwrap_or(self.today)
    }
}
