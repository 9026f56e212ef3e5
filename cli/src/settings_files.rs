//! Where settings come from on this machine, beside the editor.

use std::path::PathBuf;

use medcode_lsp::{SettingsSources, project::NAMES};
use serde_json::json;

use crate::{args::Global, failure::Failure};

/// The user's file, the one that was named, and what flags say.
pub(crate) fn sources(global: &Global) -> Result<SettingsSources, Failure> {
    if let Some(named) = global.config.as_deref().filter(|named| !named.is_file()) {
        return Err(Failure::Usage(format!(
            "{}: there is no such file of settings",
            named.display()
        )));
    }
    let flags = match global.as_of {
        Some(date) => json!({ "asOf": date.to_string() }),
        None => json!({}),
    };
    let named = global.config.as_deref().map(std::path::absolute).transpose()?;
    Ok(SettingsSources { user: user(), named, flags, ..SettingsSources::default() })
}

/// The user's own file; it need not exist.
pub(crate) fn user() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "medcode")?;
    Some(dirs.config_dir().join(NAMES[0]))
}
