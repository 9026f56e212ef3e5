//! Which crate may name which.

use std::{path::Path, process::Command};

use anyhow::Context;
use serde_json::Value;

use super::Fault;

/// Members and the members they may depend on.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("medcode-codes", &[]),
    ("medcode-proto", &[]),
    ("medcode-import", &["medcode-codes"]),
    ("medcode-server", &["medcode-codes", "medcode-import", "medcode-proto"]),
    ("medcode-lsp", &["medcode-codes", "medcode-proto"]),
    (
        "medcode",
        &["medcode-codes", "medcode-import", "medcode-proto", "medcode-server", "medcode-lsp"],
    ),
];

/// What the domain and the importers may not name: they have no IO.
const NOT_IN_THE_DOMAIN: [&str; 6] = ["tokio", "tonic", "rusqlite", "moka", "prost", "tower-lsp"];

pub(super) fn check(root: &Path) -> anyhow::Result<Vec<Fault>> {
    let output = Command::new("cargo")
        .current_dir(root)
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .output()
        .context("run cargo metadata")?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("cargo metadata is JSON")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        let runtime = dependencies.filter(|dependency| dependency["kind"].is_null());
        for dependency in runtime.filter_map(|dependency| dependency["name"].as_str()) {
            if is_forbidden(name, dependency) {
                let what =
                    format!("must not depend on {dependency}; see ARCHITECTURE.md, directions");
                faults.push(Fault { place: name.to_owned(), what });
            }
        }
    }
    Ok(faults)
}

fn is_forbidden(name: &str, dependency: &str) -> bool {
    let Some((_, allowed)) = ALLOWED.iter().find(|(member, _)| *member == name) else {
        return false;
    };
    let is_member = ALLOWED.iter().any(|(member, _)| *member == dependency);
    (is_member && !allowed.contains(&dependency))
        || (name == "medcode-codes" && NOT_IN_THE_DOMAIN.contains(&dependency))
        // One official file is protobuf.
        || (name == "medcode-import"
            && dependency != "prost"
            && NOT_IN_THE_DOMAIN.contains(&dependency))
}

#[cfg(test)]
mod tests {
    use super::is_forbidden;

    #[test]
    fn server_and_language_server_never_see_each_other() {
        assert!(
            is_forbidden("medcode-server", "medcode-lsp")
                && is_forbidden("medcode-lsp", "medcode-server")
        );
        assert!(is_forbidden("medcode-codes", "tokio") && !is_forbidden("medcode-server", "tokio"));
        assert!(!is_forbidden("medcode", "medcode-lsp"));
    }
}
