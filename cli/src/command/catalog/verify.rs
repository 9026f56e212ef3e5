//! `medcode catalog verify`: whether the catalog is what it says.

use std::path::Path;

use medcode_server::catalog::verify::{Verified, verify};
use serde::Serialize;

use crate::{
    args::Format,
    failure::{Answer, Failure},
    output::{self, Style},
};

#[derive(Debug, Serialize)]
struct Document<'a> {
    catalog: String,
    digest: &'a str,
    result: bool,
    releases: usize,
    rows: u64,
    parts: usize,
    problems: &'a [String],
}

/// Checks the catalog and says what is wrong with it.
pub(super) fn run(catalog: &Path, format: Format) -> Result<Answer, Failure> {
    let verified = verify(catalog).map_err(|error| Failure::Unavailable(error.to_string()))?;
    let Verified { digest, releases, rows, parts, problems } = &verified;
    let answer = if verified.is_sound() { Answer::Yes } else { Answer::No };
    if format.json {
        output::json(&Document {
            catalog: catalog.display().to_string(),
            digest,
            result: verified.is_sound(),
            releases: *releases,
            rows: *rows,
            parts: *parts,
            problems,
        })?;
        return Ok(answer);
    }
    let style = Style::for_stdout();
    output::line(&style.dim(&format!("{}  {digest}", catalog.display())))?;
    for problem in problems {
        output::line(&format!("{} {problem}", style.bad("wrong:")))?;
    }
    let state = if verified.is_sound() {
        style.good("in order")
    } else {
        "run `medcode catalog install --force`, and import again what does not come back".to_owned()
    };
    output::line(&format!("{releases} releases with {rows} rows, {parts} parts: {state}"))?;
    Ok(answer)
}
