//! The only file that names tower-lsp and lsp-types. Everything else takes from here what it needs of them, so that a
//! change of framework touches this file, the two converters and the attribute on one impl.

pub(crate) use tower_lsp::{
    Client, ClientSocket, ExitedError, LanguageServer, LspService, Server, async_trait,
    jsonrpc::{Error, ErrorCode, Id, Request, Response, Result},
    lsp_types::*,
};
