//! What the client said of itself in `initialize`: read once, from the raw JSON.
//!
//! The raw JSON and not the typed parameters, because the types refuse what some clients send (an empty root, for one)
//! and lose what they do not know. Everything here is negotiated; the name of the client decides only where a setting
//! can change it.

use serde_json::Value;

use crate::{config::DiagnosticsMode, positions::Encoding};

mod edits;
mod shown;

pub(crate) use edits::EditFacts;
pub(crate) use shown::Shown;

/// Which of our own extensions speaks, since each knows a few things that no capability says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Visual Studio Code and its relatives.
    VsCode,
    /// Neovim.
    Neovim,
    /// Any other.
    Other,
}

/// The capabilities and wishes of the client.
#[expect(
    clippy::struct_excessive_bools,
    reason = "capabilities of the protocol are yes or no each"
)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClientFacts {
    /// Who speaks.
    pub(crate) identity: Identity,
    /// What columns count.
    pub(crate) encoding: Encoding,
    /// The process whose end is ours. `None` when the client names none.
    pub(crate) process_id: Option<u32>,
    /// How much the client wants to be traced.
    pub(crate) trace: Trace,
    /// Settings that came with `initialize`.
    pub(crate) options: Value,
    /// The client shows `medcode/status`.
    pub(crate) status_notification: bool,
    /// `workspace/configuration` may be asked.
    pub(crate) configuration_pull: bool,
    /// Changes of the configuration are to be registered for.
    pub(crate) configuration_registration: bool,
    /// Progress may be shown.
    pub(crate) progress: bool,
    /// Hovers may be Markdown.
    pub(crate) hover_markdown: bool,
    /// Documentation of completion items may be Markdown.
    pub(crate) completion_markdown: bool,
    /// Titles go beside the label.
    pub(crate) label_details: bool,
    /// An item may insert a snippet.
    pub(crate) snippets: bool,
    /// An item can be marked as deprecated.
    pub(crate) completion_deprecated: bool,
    /// An item can be selected beforehand.
    pub(crate) completion_preselect: bool,
    /// The range of an item may reach beyond the caret and is replaced whole.
    pub(crate) replaces_behind_caret: bool,
    /// Tooltips of hints are asked for when they are shown.
    pub(crate) resolves_tooltips: bool,
    /// Lists open while words are typed, and say that the user asked for them.
    pub(crate) opens_while_typing: bool,
    /// Code actions may be literals rather than commands.
    pub(crate) action_literals: bool,
    /// Actions can be marked as preferred.
    pub(crate) action_preferred: bool,
    /// What can be done with changes that the server proposes.
    pub(crate) edits: EditFacts,
    /// Edits may carry the version they fit.
    pub(crate) versioned_edits: bool,
    /// Diagnostics can be asked for.
    pub(crate) pull_diagnostics: bool,
    /// Diagnostics are asked for again on demand.
    pub(crate) refresh_diagnostics: bool,
    /// Inlay hints are asked for again on demand.
    pub(crate) refresh_inlay_hints: bool,
    /// Semantic tokens are asked for again on demand.
    pub(crate) refresh_semantic_tokens: bool,
    /// Code lenses are asked for again on demand.
    pub(crate) refresh_code_lenses: bool,
    /// Definitions may say what they start from.
    pub(crate) definition_links: bool,
    /// Links may have tooltips.
    pub(crate) link_tooltips: bool,
    /// Documents can be shown on demand.
    pub(crate) shows_documents: bool,
    /// Diagnostics may name the page of their rule.
    pub(crate) code_description: bool,
    /// Diagnostics may point at other places.
    pub(crate) related_information: bool,
    /// Diagnostics may be marked as unnecessary.
    pub(crate) tag_unnecessary: bool,
    /// Diagnostics may be marked as deprecated.
    pub(crate) tag_deprecated: bool,
    /// Diagnostics keep their data until actions are asked for.
    pub(crate) diagnostic_data: bool,
    /// How it shows a note as a whole.
    pub(crate) shown: Shown,
}

/// How much of the traffic is logged. Nothing of it ever holds text or parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trace {
    /// Nothing.
    Off,
    /// Method, duration and size.
    Messages,
    /// Also ids and counts.
    Verbose,
}

impl Trace {
    /// The level with this name; `Off` for any other.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "messages" => Self::Messages,
            "verbose" => Self::Verbose,
            _ => Self::Off,
        }
    }
}

impl ClientFacts {
    /// Reads the parameters of `initialize`. Total: what is missing or of another type counts as absent.
    pub(crate) fn read(params: &Value) -> Self {
        let options = params.get("initializationOptions").cloned().unwrap_or(Value::Null);
        let yes = |path: &str| {
            params.pointer(&format!("/capabilities{path}")) == Some(&Value::Bool(true))
        };
        let has = |path: &str| {
            params.pointer(&format!("/capabilities{path}")).is_some_and(Value::is_object)
        };
        let lists = |path: &str, wanted: &str| {
            let found = params.pointer(&format!("/capabilities{path}")).and_then(Value::as_array);
            found.is_some_and(|entries| entries.iter().any(|entry| entry == wanted))
        };
        let tag = |path: &str, wanted: u64| {
            let found = params.pointer(&format!("/capabilities{path}/tagSupport/valueSet"));
            let found = found.and_then(Value::as_array);
            found.is_some_and(|tags| tags.iter().any(|tag| tag.as_u64() == Some(wanted)))
        };
        let identity = identity(params, &options);
        let publish = "/textDocument/publishDiagnostics";
        let item = "/textDocument/completion/completionItem";
        Self {
            identity,
            encoding: encoding(params, &options),
            process_id: params
                .get("processId")
                .and_then(Value::as_u64)
                .and_then(|id| u32::try_from(id).ok()),
            trace: Trace::named(params.get("trace").and_then(Value::as_str).unwrap_or_default()),
            status_notification: options.get("statusNotification") == Some(&Value::Bool(true)),
            configuration_pull: yes("/workspace/configuration"),
            configuration_registration: yes(
                "/workspace/didChangeConfiguration/dynamicRegistration",
            ),
            progress: yes("/window/workDoneProgress"),
            hover_markdown: lists("/textDocument/hover/contentFormat", "markdown"),
            completion_markdown: lists(&format!("{item}/documentationFormat"), "markdown"),
            label_details: yes(&format!("{item}/labelDetailsSupport")),
            snippets: yes(&format!("{item}/snippetSupport")),
            completion_deprecated: tag(item, 1),
            completion_preselect: yes(&format!("{item}/preselectSupport")),
            replaces_behind_caret: identity == Identity::VsCode,
            opens_while_typing: identity == Identity::VsCode,
            resolves_tooltips: lists(
                "/textDocument/inlayHint/resolveSupport/properties",
                "tooltip",
            ),
            action_literals: has("/textDocument/codeAction/codeActionLiteralSupport"),
            action_preferred: yes("/textDocument/codeAction/isPreferredSupport"),
            edits: EditFacts::read(params),
            versioned_edits: yes("/workspace/workspaceEdit/documentChanges"),
            // The types of the framework call the second one `diagnostic`, as an early draft did.
            pull_diagnostics: has("/textDocument/diagnostic"),
            refresh_diagnostics: yes("/workspace/diagnostics/refreshSupport")
                || yes("/workspace/diagnostic/refreshSupport"),
            code_description: yes(&format!("{publish}/codeDescriptionSupport")),
            refresh_inlay_hints: yes("/workspace/inlayHint/refreshSupport"),
            refresh_semantic_tokens: yes("/workspace/semanticTokens/refreshSupport"),
            refresh_code_lenses: yes("/workspace/codeLens/refreshSupport"),
            definition_links: yes("/textDocument/definition/linkSupport"),
            link_tooltips: yes("/textDocument/documentLink/tooltipSupport"),
            shows_documents: yes("/window/showDocument/support"),
            related_information: yes(&format!("{publish}/relatedInformation")),
            tag_unnecessary: tag(publish, 1),
            tag_deprecated: tag(publish, 2),
            diagnostic_data: yes(&format!("{publish}/dataSupport")),
            shown: Shown::read(params),
            options,
        }
    }
}

impl ClientFacts {
    /// Whether the client asks for diagnostics rather than being told: never both, and never against what it can do.
    pub(crate) fn pulls_in(&self, mode: DiagnosticsMode) -> bool {
        match mode {
            DiagnosticsMode::Auto => self.pull_diagnostics && self.refresh_diagnostics,
            DiagnosticsMode::Push => false,
            DiagnosticsMode::Pull => self.pull_diagnostics,
        }
    }
}

/// Our extensions say who they are; otherwise the name of the product is a hint.
fn identity(params: &Value, options: &Value) -> Identity {
    match options.get("client").and_then(Value::as_str) {
        Some("vscode") => return Identity::VsCode,
        Some("neovim") => return Identity::Neovim,
        _ => {}
    }
    match params.pointer("/clientInfo/name").and_then(Value::as_str) {
        Some(name) if name.contains("Visual Studio Code") => Identity::VsCode,
        Some("code-server" | "VSCodium") => Identity::VsCode,
        Some("Neovim") => Identity::Neovim,
        _ => Identity::Other,
    }
}

/// The encoding of positions. utf-16 wins where it is offered: VS Code accepts nothing else, and Neovim warns when two
/// servers of one buffer differ, most of which answer utf-16.
fn encoding(params: &Value, options: &Value) -> Encoding {
    let offer: Vec<&str> = params
        .pointer("/capabilities/general/positionEncodings")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .filter(|names: &Vec<&str>| !names.is_empty())
        .unwrap_or_else(|| vec!["utf-16"]);
    if let Some(wish) = options.get("positionEncoding").and_then(Value::as_str)
        && offer.contains(&wish)
        && let Some(encoding) = Encoding::named(wish)
    {
        return encoding;
    }
    if offer.contains(&"utf-16") {
        return Encoding::Utf16;
    }
    offer.iter().find_map(|name| Encoding::named(name)).unwrap_or(Encoding::Utf16)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoding_of(offer: &Value, wish: &Value) -> Encoding {
        let params = json!({
            "capabilities": {"general": {"positionEncodings": offer}},
            "initializationOptions": {"positionEncoding": wish},
        });
        ClientFacts::read(&params).encoding
    }

    #[test]
    fn answers_the_encoding_that_was_wished_for_when_it_is_offered() {
        assert_eq!(encoding_of(&json!(["utf-16", "utf-8"]), &json!("utf-8")), Encoding::Utf8);
        assert_eq!(encoding_of(&json!(["utf-16"]), &json!("utf-8")), Encoding::Utf16);
    }

    #[test]
    fn prefers_utf_16_then_the_first_that_is_known() {
        assert_eq!(
            encoding_of(&json!(["utf-8", "utf-16", "utf-32"]), &Value::Null),
            Encoding::Utf16
        );
        assert_eq!(
            encoding_of(&json!(["utf-7", "utf-32", "utf-8"]), &Value::Null),
            Encoding::Utf32
        );
        assert_eq!(encoding_of(&json!([]), &Value::Null), Encoding::Utf16);
        assert_eq!(encoding_of(&Value::Null, &json!(7)), Encoding::Utf16);
        assert_eq!(encoding_of(&json!(["utf-7"]), &Value::Null), Encoding::Utf16);
    }

    #[test]
    fn takes_a_client_that_says_nothing() {
        let facts =
            ClientFacts::read(&json!({"processId": null, "rootUri": "", "capabilities": {}}));
        assert_eq!(
            (facts.identity, facts.process_id, facts.trace),
            (Identity::Other, None, Trace::Off)
        );
        assert!(!facts.hover_markdown && !facts.progress && !facts.diagnostic_data);
        assert_eq!(ClientFacts::read(&Value::Null), ClientFacts::read(&json!({"capabilities": 3})));
    }

    #[test]
    fn believes_our_extensions_before_the_name_of_the_product() {
        let of = |name: &str, client: &str| {
            let params =
                json!({"clientInfo": {"name": name}, "initializationOptions": {"client": client}});
            ClientFacts::read(&params).identity
        };
        assert_eq!(of("code-server", ""), Identity::VsCode);
        assert_eq!(of("Some Fork", "vscode"), Identity::VsCode);
        assert_eq!(of("Neovim", ""), Identity::Neovim);
        assert_eq!(of("helix", "other"), Identity::Other);
    }
}
