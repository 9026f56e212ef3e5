//! Code sets that change while an editor has a note open.

use e2e::{
    import_miniature,
    lsp_client::{LspClient, LspServer},
    own_catalog,
    server::Server,
};

use super::{NOTE, capable};

/// Opens a note with a code of which only an import tells, and imports.
fn learns_of_an_import(mut client: LspClient, data_dir: &std::path::Path) {
    client.initialize(&capable());
    client.wait_for("ready", |body| body["params"]["health"] == "ok");
    client.open(NOTE, 1, "DOS: 2026-03-02\nHCPCS: A0001\n");
    client.wait_for_rule(NOTE, 1, "code-set-not-loaded");
    import_miniature(data_dir, "hcpcs-anweb.txt", &[]);
    // Nobody has typed or asked anything.
    client.wait_for_rule(NOTE, 1, "date-beyond-code-set");
    client.assert_quiet(&[]);
}

#[test]
fn open_notes_are_checked_anew_after_an_import() {
    let Some(data_dir) = own_catalog() else { return };
    learns_of_an_import(LspServer::with_codes(data_dir.path()).spawn(), data_dir.path());
}

#[test]
fn open_notes_are_checked_anew_after_an_import_behind_a_service() {
    let Some(data_dir) = own_catalog() else { return };
    let server = Server::start(data_dir.path());
    let client = LspServer::with_service(&format!("http://{}", server.address)).spawn();
    learns_of_an_import(client, data_dir.path());
}
