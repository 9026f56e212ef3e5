//! What the server announces: one line per feature.

use serde_json::Value;

use crate::{
    config::WorkspaceCheck,
    handlers::{FORMAT_TRIGGERS, commands::COMMANDS},
    protocol::{
        CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, CompletionOptions,
        CompletionOptionsCompletionItem, DiagnosticOptions, DiagnosticServerCapabilities,
        DocumentLinkOptions, DocumentOnTypeFormattingOptions, ExecuteCommandOptions,
        FoldingRangeProviderCapability, HoverProviderCapability, InitializeResult,
        InlayHintOptions, InlayHintServerCapabilities, OneOf, PositionEncodingKind, RenameOptions,
        SaveOptions, SelectionRangeProviderCapability, SemanticTokensServerCapabilities,
        ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
        TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
        WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
    },
    snapshot::Snapshot,
    to_lsp,
};

/// The answer to `initialize`. It depends on what the client said and on nothing else: nothing is read, opened or asked
/// before it.
pub(crate) fn announce(snapshot: &Snapshot, hooks: &[&str]) -> InitializeResult {
    let client = &snapshot.client;
    let formats = snapshot.settings.features.format_enable;
    let capabilities = ServerCapabilities {
        position_encoding: Some(PositionEncodingKind::new(client.encoding.name())),
        text_document_sync: Some(text_document_sync()),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        inlay_hint_provider: Some(inlay_hints()),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        completion_provider: Some(completion(snapshot)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(rename(client.shown.prepares_rename)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            to_lsp::token_options(client.shown.own_tokens),
        )),
        document_link_provider: Some(document_links()),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(true) }),
        code_action_provider: Some(code_actions(snapshot)),
        document_formatting_provider: formats.then_some(OneOf::Left(true)),
        document_range_formatting_provider: formats.then_some(OneOf::Left(true)),
        document_on_type_formatting_provider: formats.then(on_type_formatting),
        diagnostic_provider: snapshot.pulls.then(|| diagnostics(snapshot)),
        execute_command_provider: Some(execute_command(hooks)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        workspace: Some(workspace()),
        ..ServerCapabilities::default()
    };
    let server_info = ServerInfo {
        name: "medcode".to_owned(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
    };
    InitializeResult { capabilities, server_info: Some(server_info) }
}

/// Capabilities that the types of the framework have no field for, by name. Features that are announced this way add
/// their line here.
const UNTYPED: [(&str, Value); 1] = [("typeHierarchyProvider", Value::Bool(true))];

/// Completes the answer to `initialize` with what the types cannot say.
pub(crate) fn complete(mut answer: Value) -> Value {
    add(&mut answer, &UNTYPED);
    answer
}

fn add(answer: &mut Value, untyped: &[(&str, Value)]) {
    if let Some(capabilities) = answer.get_mut("capabilities").and_then(Value::as_object_mut) {
        capabilities
            .extend(untyped.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
}

fn text_document_sync() -> TextDocumentSyncCapability {
    TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
            include_text: Some(false),
        })),
        ..TextDocumentSyncOptions::default()
    })
}

fn rename(prepares: bool) -> OneOf<bool, RenameOptions> {
    if !prepares {
        return OneOf::Left(true);
    }
    OneOf::Right(RenameOptions {
        prepare_provider: Some(true),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}

fn workspace() -> WorkspaceServerCapabilities {
    let workspace_folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(OneOf::Left(true)),
    };
    WorkspaceServerCapabilities {
        workspace_folders: Some(workspace_folders),
        file_operations: None,
    }
}

fn completion(snapshot: &Snapshot) -> CompletionOptions {
    let triggers = snapshot.settings.completion_triggers.iter().map(char::to_string).collect();
    CompletionOptions {
        resolve_provider: Some(true),
        trigger_characters: Some(triggers),
        completion_item: Some(CompletionOptionsCompletionItem {
            label_details_support: Some(true),
        }),
        ..CompletionOptions::default()
    }
}

fn document_links() -> DocumentLinkOptions {
    DocumentLinkOptions {
        resolve_provider: Some(true),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    }
}

fn inlay_hints() -> OneOf<bool, InlayHintServerCapabilities> {
    OneOf::Right(InlayHintServerCapabilities::Options(InlayHintOptions {
        resolve_provider: Some(true),
        ..InlayHintOptions::default()
    }))
}

fn on_type_formatting() -> DocumentOnTypeFormattingOptions {
    let [first, more @ ..] = FORMAT_TRIGGERS;
    DocumentOnTypeFormattingOptions {
        first_trigger_character: first.to_owned(),
        more_trigger_character: Some(more.map(str::to_owned).to_vec()),
    }
}

/// Kinds go to clients that know kinds.
fn code_actions(snapshot: &Snapshot) -> CodeActionProviderCapability {
    let client = &snapshot.client;
    if !client.action_literals {
        return CodeActionProviderCapability::Simple(true);
    }
    CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(to_lsp::advertised_kinds()),
        work_done_progress_options: WorkDoneProgressOptions::default(),
        resolve_provider: client.edits.resolves_edit.then_some(true),
    })
}

/// Some clients answer a refresh by asking for the workspace alone, and would never learn what is new in open notes: so
/// those that are not open are announced only where they are checked.
fn diagnostics(snapshot: &Snapshot) -> DiagnosticServerCapabilities {
    DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some(to_lsp::SOURCE.to_owned()),
        inter_file_dependencies: false,
        workspace_diagnostics: snapshot.settings.features.workspace_check != WorkspaceCheck::Off,
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}

fn execute_command(hooks: &[&str]) -> ExecuteCommandOptions {
    let commands = COMMANDS.iter().map(|command| command.name).chain(hooks.iter().copied());
    ExecuteCommandOptions {
        commands: commands.map(str::to_owned).collect(),
        ..ExecuteCommandOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn adds_what_the_types_cannot_say() {
        let mut answer = json!({"capabilities": {"hoverProvider": true}, "serverInfo": {}});
        add(&mut answer, &[("typeHierarchyProvider", Value::Bool(true))]);
        assert_eq!(
            answer["capabilities"],
            json!({"hoverProvider": true, "typeHierarchyProvider": true})
        );
        assert_eq!(complete(Value::Null), Value::Null);
    }
}
