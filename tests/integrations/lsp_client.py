"""Speaks to `unbake lsp` with a real client of the Language Server Protocol.

    pip install pytest-lsp
    UNBAKE=target/release/unbake pytest tests/integrations/lsp_client.py
"""

import os

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

BROKEN = "Peter\u00e2\u20ac\u2122s hat"
UNBAKE = os.environ.get("UNBAKE", "unbake")


@pytest_lsp.fixture(
    params=["neovim", "visual_studio_code", "emacs"],
    config=ClientServerConfig(server_command=[UNBAKE, "lsp"]),
)
async def client(request, lsp_client: LanguageClient):
    params = types.InitializeParams(capabilities=client_capabilities(request.param))
    lsp_client.agreed = await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


async def opened(client, uri, text, version=1):
    document = types.TextDocumentItem(uri=uri, language_id="python", version=version, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return client.diagnostics[uri]


@pytest.mark.asyncio
async def test_diagnostics_and_repairs(client: LanguageClient, tmp_path):
    uri = (tmp_path / "größe a.py").as_uri()
    found = await opened(client, uri, f"# \U0001f600 {BROKEN}\nfine = 1\n")
    assert len(found) == 1 and found[0].source == "unbake" and found[0].severity == types.DiagnosticSeverity.Warning
    # What is before it is 2 + the emoji + 1 + 5 characters.
    units = client.agreed.capabilities.position_encoding
    start = {"utf-8": 2 + 4 + 6, "utf-16": 2 + 2 + 6, "utf-32": 2 + 1 + 6}[getattr(units, "value", units) or "utf-16"]
    assert (found[0].range.start.line, found[0].range.start.character) == (0, start)
    about = types.TextDocumentIdentifier(uri=uri)
    context = types.CodeActionContext(diagnostics=found)
    params = types.CodeActionParams(text_document=about, range=found[0].range, context=context)
    actions = await client.text_document_code_action_async(params)
    assert [action.kind for action in actions] == ["quickfix", "quickfix", "source.fixAll.unbake"]
    assert actions[0].edit.changes[uri][0].new_text == "\u2019" and actions[0].edit.changes[uri][0].range == found[0].range
    assert actions[1].edit.changes[uri][0].new_text == " # unbake: ignore"


@pytest.mark.asyncio
async def test_changes_and_saves(client: LanguageClient, tmp_path):
    uri = (tmp_path / "b.py").as_uri()
    assert not await opened(client, uri, "fine")
    about = types.VersionedTextDocumentIdentifier(uri=uri, version=2)
    whole = [types.TextDocumentContentChangeWholeDocument(text=BROKEN)]
    client.text_document_did_change(types.DidChangeTextDocumentParams(text_document=about, content_changes=whole))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert len(client.diagnostics[uri]) == 1
    (tmp_path / "unbake.toml").write_text("exclude = ['b.py']\n")
    client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=uri)))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert not client.diagnostics[uri], "settings are read again"
