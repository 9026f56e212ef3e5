//! `workspace/symbol`: the codes that the notes of the workspace use; with a prefix such as `icd:` those of a code set.

use std::collections::{BTreeSet, HashMap};

use futures::future::join_all;
use medcode_codes::{code::Code, system::CodeSystem};

use super::everywhere::everywhere;
use crate::{
    concept::Hit,
    protocol::{Result, SymbolInformation, WorkspaceSymbolParams},
    snapshot::Snapshot,
    to_lsp::{self, UsedCode},
    wire::Query,
};

/// The most places of used codes in an answer: it is asked for again with every character.
const MOST_PLACES: usize = 1_000;
/// The most codes of a code set in an answer.
const MOST_HITS: u16 = 50;

/// The prefixes that search a code set.
const PREFIXES: [(&str, CodeSystem); 4] = [
    ("icd:", CodeSystem::Icd10Cm),
    ("pcs:", CodeSystem::Icd10Pcs),
    ("cpt:", CodeSystem::Cpt),
    ("hcpcs:", CodeSystem::Hcpcs),
];

/// Answers with one entry for each place.
///
/// A prefix alone lists the codes of its system that the notes use: VS Code sends only the first word of a query and
/// filters by the others itself, so that there is nothing to search for.
pub(crate) async fn symbol(
    snapshot: Snapshot,
    params: WorkspaceSymbolParams,
) -> Result<Option<Vec<SymbolInformation>>> {
    let asked = Asked::read(&params.query);
    match asked.prefix {
        Some((prefix, system)) if !asked.words.is_empty() => {
            Ok(Some(of_code_set(&snapshot, prefix, system, asked.words).await))
        }
        _ => Ok(Some(used(&snapshot, &asked).await)),
    }
}

/// A query taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'q> {
    prefix: Option<(&'static str, CodeSystem)>,
    /// What is searched for, a code or words.
    words: &'q str,
}

impl<'q> Asked<'q> {
    fn read(query: &'q str) -> Self {
        let query = query.trim();
        let prefixed = PREFIXES.into_iter().find_map(|(prefix, system)| {
            let (head, words) = query.split_at_checked(prefix.len())?;
            head.eq_ignore_ascii_case(prefix).then(|| (prefix, system, words.trim()))
        });
        match prefixed {
            Some((prefix, system, words)) => Self { prefix: Some((prefix, system)), words },
            None => Self { prefix: None, words: query },
        }
    }

    fn wants(&self, code: Code) -> bool {
        self.prefix.is_none_or(|(_, system)| system == code.system())
    }

    /// Whether a code answers: it begins with what is searched for, or code and title hold each of its words.
    fn finds(&self, code: Code, title: &str) -> bool {
        let plain: String = self.words.chars().filter(|it| !matches!(it, '.' | ' ')).collect();
        let begins = code.key().text().starts_with(&plain.to_uppercase());
        let name = format!("{code} {title}").to_lowercase();
        begins || self.words.split_whitespace().all(|word| name.contains(&word.to_lowercase()))
    }
}

async fn used(snapshot: &Snapshot, asked: &Asked<'_>) -> Vec<SymbolInformation> {
    let notes = everywhere(snapshot).await;
    let places = || {
        notes.iter().flat_map(|note| {
            let evident = note.codes.iter().filter(|place| place.is_evident);
            evident.filter_map(move |place| Some((place.coded.code()?, note, place.span)))
        })
    };
    let codes: BTreeSet<Code> =
        places().map(|(code, ..)| code).filter(|code| asked.wants(*code)).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let briefs = snapshot.codes.briefs(&codes, snapshot.as_of()).await;
    let found: HashMap<Code, _> = codes
        .into_iter()
        .zip(briefs)
        .filter(|(code, brief)| {
            asked.finds(*code, brief.as_ref().map_or("", |brief| &brief.titled.title))
        })
        .collect();
    let mut found: Vec<UsedCode> = places()
        .filter_map(|(code, note, span)| {
            let brief = found.get(&code)?.clone();
            Some(UsedCode { code, brief, uri: note.uri.clone(), span })
        })
        .collect();
    found.sort_by(|a, b| (a.code, &a.uri, a.span.start).cmp(&(b.code, &b.uri, b.span.start)));
    found.truncate(MOST_PLACES);
    let prefix = asked.prefix.map(|(prefix, _)| prefix);
    to_lsp::used_codes(found, prefix, snapshot)
}

async fn of_code_set(
    snapshot: &Snapshot,
    prefix: &str,
    system: CodeSystem,
    words: &str,
) -> Vec<SymbolInformation> {
    let date = snapshot.as_of();
    let query = Query { text: words, systems: &[system], date, max: MOST_HITS, ended: false };
    let hits: Vec<Hit> = snapshot.codes.search(&query).await.unwrap_or_default();
    let placed = hits.iter().map(|hit| async {
        let code = &hit.titled.code;
        let place = snapshot.pages.reach(&snapshot.codes, system, code, date).await?;
        Some(to_lsp::code_of_set(prefix, hit, &place))
    });
    join_all(placed).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_prefixes_off() {
        let read = |query| {
            let asked = Asked::read(query);
            (asked.prefix.map(|(prefix, _)| prefix), asked.words)
        };
        assert_eq!(read("icd: foot ulcer"), (Some("icd:"), "foot ulcer"));
        assert_eq!(read(" HCPCS:J1885 "), (Some("hcpcs:"), "J1885"));
        assert_eq!(read("icd:"), (Some("icd:"), ""));
        assert_eq!(read("diabetes"), (None, "diabetes"));
        assert_eq!(read("é"), (None, "é"));
    }

    #[test]
    fn finds_by_code_and_by_title() {
        let code = Code::parse(CodeSystem::Icd10Cm, "E11.65").unwrap();
        let title = "Type 2 diabetes mellitus with hyperglycemia";
        for query in ["", "e11", "E116", "E11.6", "diab hyper", "e11.65 type"] {
            assert!(Asked::read(query).finds(code, title), "{query}");
        }
        for query in ["e10", "gout", "diabetes gout", "11.6x"] {
            assert!(!Asked::read(query).finds(code, title), "{query}");
        }
    }
}
