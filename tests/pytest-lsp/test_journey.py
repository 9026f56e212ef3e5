"""One journey through the language server with a client that is not ours: pytest-lsp checks each message against its own
model of the protocol, lsprotocol, and fails at anything that does not fit it.

Environment: MEDCODE_BINARY    the binary
             MEDCODE_DATA_DIR  the data directory of an installed catalog
"""

import asyncio
import json
import os
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import converters, types
from pytest_lsp import ClientServerConfig, LanguageClient

CLIENTS = Path(__file__).parent.parent / "e2e" / "lsp" / "clients"
CAPTURES = sorted(path.stem for path in CLIENTS.glob("*.json"))
TEXT = "DOS: 2026-03-02\n\nDx: N18.3, E11.9 \N{GRINNING FACE} E11.9\n"
LIMIT_S = 30

# Requests of the server that pytest-lsp has no answer for.
ASKED_OF_US = [
    "client/registerCapability",
    "workspace/codeLens/refresh",
    "workspace/inlayHint/refresh",
    "workspace/semanticTokens/refresh",
]


def profile(name: str) -> types.InitializeParams:
    """What a real editor sent, as far as lsprotocol knows it."""
    captured = json.loads((CLIENTS / f"{name}.json").read_text())
    captured.setdefault("initializationOptions", {})["diagnostics"] = {"delayMs": 0}
    for folder in ("rootPath", "rootUri", "workspaceFolders"):
        captured[folder] = None
    return converters.get_converter().structure(captured, types.InitializeParams)


@pytest_lsp.fixture(
    params=CAPTURES,
    config=ClientServerConfig(server_command=[os.environ["MEDCODE_BINARY"], "lsp"]),
)
async def client(request, lsp_client: LanguageClient):
    for method in ASKED_OF_US:
        lsp_client.feature(method)(lambda *_: None)
    answer = await lsp_client.initialize_session(profile(request.param))
    lsp_client.offered = answer.capabilities
    yield
    await lsp_client.shutdown_session()


def open_note(client: LanguageClient, path: Path) -> str:
    path.write_text(TEXT)
    uri = path.as_uri()
    item = types.TextDocumentItem(uri=uri, language_id="markdown", version=1, text=TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return uri


async def issues(client: LanguageClient, uri: str) -> list[types.Diagnostic]:
    """The issues of a note, asked for or told, once the code sets are open."""
    note = types.TextDocumentIdentifier(uri=uri)
    for _ in range(LIMIT_S * 10):
        if client.offered.diagnostic_provider:
            asked = types.DocumentDiagnosticParams(text_document=note)
            found = (await client.text_document_diagnostic_async(asked)).items
        else:
            found = client.diagnostics.get(uri, [])
        if any(issue.code == "expired-code" for issue in found):
            return list(found)
        await asyncio.sleep(0.1)
    raise AssertionError("the expired code was not reported")


@pytest.mark.asyncio
async def test_journey(client: LanguageClient, tmp_path: Path):
    uri = open_note(client, tmp_path / "note.md")
    note = types.TextDocumentIdentifier(uri=uri)
    expired = next(issue for issue in await issues(client, uri) if issue.code == "expired-code")
    assert (expired.range.start.line, expired.range.start.character) == (2, 4)
    assert (expired.range.end.line, expired.range.end.character) == (2, 9)

    # The second E11.9 stands behind a character of two UTF-16 units.
    place = types.Position(line=2, character=22)
    hover = await client.text_document_hover_async(types.HoverParams(note, place))
    assert "Type 2 diabetes mellitus without complications" in hover.contents.value
    assert (hover.range.start.character, hover.range.end.character) == (20, 25)

    actions = await client.text_document_code_action_async(
        types.CodeActionParams(note, expired.range, types.CodeActionContext(diagnostics=[expired]))
    )
    assert any("N18.30" in action.title for action in actions)

    change = types.TextDocumentContentChangePartial(
        range=types.Range(types.Position(3, 0), types.Position(3, 0)), text="Dx: E11.6"
    )
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, uri), [change])
    )
    completion = await client.text_document_completion_async(
        types.CompletionParams(note, types.Position(line=3, character=9))
    )
    assert completion.is_incomplete
    codes = [item.label for item in completion.items]
    assert "E11.65" in codes and all(code.startswith("E11.6") for code in codes)
    resolved = await client.completion_item_resolve_async(completion.items[0])
    assert resolved.documentation

    # What the server announces it answers, in a form that lsprotocol can read.
    offered = client.offered
    whole = types.Range(types.Position(0, 0), types.Position(4, 0))
    here = types.Position(line=2, character=12)
    asked = {
        "document_highlight_provider": ("text_document_document_highlight", types.DocumentHighlightParams(note, here)),
        "references_provider": (
            "text_document_references",
            types.ReferenceParams(types.ReferenceContext(include_declaration=True), note, here),
        ),
        "definition_provider": ("text_document_definition", types.DefinitionParams(note, here)),
        "document_symbol_provider": ("text_document_document_symbol", types.DocumentSymbolParams(note)),
        "workspace_symbol_provider": ("workspace_symbol", types.WorkspaceSymbolParams("E11")),
        "folding_range_provider": ("text_document_folding_range", types.FoldingRangeParams(note)),
        "selection_range_provider": (
            "text_document_selection_range",
            types.SelectionRangeParams(note, [here]),
        ),
        "inlay_hint_provider": ("text_document_inlay_hint", types.InlayHintParams(note, whole)),
        "document_link_provider": ("text_document_document_link", types.DocumentLinkParams(note)),
        "code_lens_provider": ("text_document_code_lens", types.CodeLensParams(note)),
        "type_hierarchy_provider": (
            "text_document_prepare_type_hierarchy",
            types.TypeHierarchyPrepareParams(note, here),
        ),
        "semantic_tokens_provider": ("text_document_semantic_tokens_full", types.SemanticTokensParams(note)),
        "document_formatting_provider": (
            "text_document_formatting",
            types.DocumentFormattingParams(note, types.FormattingOptions(tab_size=4, insert_spaces=True)),
        ),
    }
    for capability, (method, params) in asked.items():
        if getattr(offered, capability):
            await getattr(client, f"{method}_async")(params)
