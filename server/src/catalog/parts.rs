//! The parts of a catalog file that are loaded: written once after assembling, decoded when a catalog is opened.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    thread,
};

use medcode_codes::{
    code_table::CodeTable, supplements::Supplements, tabular::TabularList, terminology::Edition,
};
use medcode_import::rows::Abbreviation;

use super::{
    assemble::Assembled,
    search::{IndexError, SearchIndex},
    store::{StoreError, encoding, read::CatalogReader, write::CatalogWriter},
};

pub(super) mod on_demand;

const ABBREVIATIONS: &str = "abbreviations";
const CODES: &str = "codes/";
const EDITION: &str = "edition/";
const MEANINGS: &str = "meanings";
const SEARCH: &str = "search";
const SUPPLEMENTS: &str = "supplements";

/// What is loaded.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) tables: Vec<CodeTable>,
    /// The newest edition.
    pub(super) editions: Vec<Edition>,
    /// The names of the parts of the older ones: seldom asked for.
    pub(super) older_editions: Vec<String>,
    pub(super) supplements: Supplements,
    pub(super) abbreviations: Vec<Abbreviation>,
    pub(super) search: Option<Result<SearchIndex, IndexError>>,
    /// The table of meanings with the meanings of all descriptions.
    pub(super) meanings: Option<Vec<u8>>,
}

/// Encodes everything that was assembled and the search index over it: names with bytes, in the order of writing. The
/// same for the same releases.
///
/// # Errors
/// None that a caller can do anything about.
pub(super) fn encode(
    assembled: &Assembled,
    search: &SearchIndex,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let terminology = &assembled.terminology;
    let mut parts = Vec::new();
    for table in terminology.tables() {
        parts.push((format!("{CODES}{}", table.system().id()), encoding::encode(table)?));
    }
    let newest = terminology.editions().last();
    for (number, edition) in terminology.editions().iter().enumerate() {
        let older = newest.filter(|newest| !newest.list.is(&edition.list));
        let bytes = match older {
            Some(newest) => {
                encoding::encode(&(&edition.release, edition.list.sharing_text(&newest.list)))
            }
            None => encoding::encode(edition),
        };
        // Numbered with leading zeros, so that names sort as editions do.
        parts.push((format!("{EDITION}{number:03}"), bytes?));
    }
    parts.push((SUPPLEMENTS.to_owned(), encoding::encode(terminology.supplements())?));
    parts.push((ABBREVIATIONS.to_owned(), encoding::encode(&assembled.abbreviations)?));
    parts.push((SEARCH.to_owned(), search.to_bytes()));
    parts.extend(search.meaning_to_bytes().map(|bytes| (MEANINGS.to_owned(), bytes)));
    Ok(parts)
}

/// Writes everything that was assembled, and the search index over it.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    writer: &mut CatalogWriter,
    assembled: &Assembled,
    search: &SearchIndex,
) -> Result<(), StoreError> {
    for (name, bytes) in encode(assembled, search)? {
        writer.part(&name, &bytes)?;
    }
    Ok(())
}

/// Loads the parts on as many threads as there are cores, each with a connection of its own. Older editions are only
/// compared with their checksums.
pub(super) fn load(reader: &CatalogReader, digest: &str) -> Result<Parts, StoreError> {
    let mut names = reader.parts()?;
    // Editions are the largest and come first, so that the threads end together.
    names.sort_by_key(|name| !name.starts_with(EDITION));
    let threads = thread::available_parallelism().map_or(1, usize::from).min(names.len());
    // Opened before any work: a file that is swapped in meanwhile has another digest and is noticed.
    let readers =
        (1..threads).map(|_| same_catalog(reader, digest)).collect::<Result<Vec<_>, _>>()?;
    // Their names sort as they do.
    let newest = names.iter().filter(|name| name.starts_with(EDITION)).max().cloned();
    let queue = Mutex::new(VecDeque::from(names));
    let results = thread::scope(|scope| {
        let work = |reader: CatalogReader| {
            let (queue, newest) = (&queue, newest.as_deref());
            move || work_off(&reader, queue, newest)
        };
        let others: Vec<_> = readers.into_iter().map(|reader| scope.spawn(work(reader))).collect();
        let mut results = vec![work_off(reader, &queue, newest.as_deref())];
        for other in others {
            let ended = other.join();
            let panicked = |_| Err(StoreError::Damaged("a thread panicked".into()));
            results.push(ended.unwrap_or_else(panicked));
        }
        results
    });

    let mut parts = Parts::default();
    for part in results.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        match part {
            Part::Edition(edition) => parts.editions.push(edition),
            Part::OlderEdition(name) => parts.older_editions.push(name),
            Part::Table(table) => parts.tables.push(table),
            Part::Search(index) => parts.search = Some(index),
            Part::Meanings(bytes) => parts.meanings = Some(bytes),
            Part::Supplements(supplements) => parts.supplements = *supplements,
            Part::Abbreviations(abbreviations) => parts.abbreviations = abbreviations,
        }
    }
    parts.tables.sort_by_key(CodeTable::system);
    Ok(parts)
}

enum Part {
    Edition(Edition),
    OlderEdition(String),
    Table(CodeTable),
    Search(Result<SearchIndex, IndexError>),
    Meanings(Vec<u8>),
    Supplements(Box<Supplements>),
    Abbreviations(Vec<Abbreviation>),
}

/// A further connection to the same state of the catalog.
fn same_catalog(reader: &CatalogReader, digest: &str) -> Result<CatalogReader, StoreError> {
    let another = reader.another()?;
    if another.digest()? == digest { Ok(another) } else { Err(StoreError::Replaced) }
}

fn work_off(
    reader: &CatalogReader,
    queue: &Mutex<VecDeque<String>>,
    newest_edition: Option<&str>,
) -> Result<Vec<Part>, StoreError> {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let (mut done, mut bytes) = (Vec::new(), Vec::new());
    while let Some(name) = next() {
        reader.part(&name, &mut bytes)?;
        done.push(match name.as_str() {
            ABBREVIATIONS => Part::Abbreviations(encoding::decode(&bytes)?),
            MEANINGS => Part::Meanings(std::mem::take(&mut bytes)),
            SEARCH => Part::Search(SearchIndex::from_bytes(&bytes)),
            SUPPLEMENTS => Part::Supplements(Box::new(encoding::decode(&bytes)?)),
            name if Some(name) == newest_edition => {
                let (release, list) = encoding::decode(&bytes)?;
                Part::Edition(Edition { release, list: whole(list, None)?.into() })
            }
            older if older.starts_with(EDITION) => Part::OlderEdition(name),
            name if name.starts_with(CODES) => Part::Table(encoding::decode(&bytes)?),
            _ => return Err(StoreError::Damaged(format!("the part {name} is unknown"))),
        });
    }
    Ok(done)
}

/// A list with the text that it was stored without, which is that of the newest edition.
fn whole(list: TabularList, newest: Option<&TabularList>) -> Result<TabularList, StoreError> {
    let whole = match newest {
        Some(newest) => list.with_text_of(newest),
        None => Some(list).filter(|list| !list.lacks_text()),
    };
    whole.ok_or_else(|| StoreError::damaged("an edition without its text"))
}
