//! The pages of the tabular list: where definitions, links and hierarchies lead.
//!
//! A page is an ordinary file, `<root>/<system>/<release>/<category>.md`, made from answers of the service when it is
//! first needed. It is made anew in every process, and written only where the file is another: so it never goes stale,
//! and where each code stands is known without reading it back. No page holds licensed text.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use medcode_codes::{
    date::{Date, parse_iso},
    rule::Rule,
    system::CodeSystem,
};
use moka::sync::Cache;
use tokio::{
    sync::{Notify, Semaphore},
    time::timeout,
};

use crate::{
    code_client::{CodeClient, Link},
    concept::Looked,
    protocol::Url,
};

mod draw;
mod files;
mod name;
mod rules;
mod sheet;
mod source;

use name::PageName;
pub(crate) use name::chapter;
use sheet::{Drawn, Spot};
use source::Source;

/// Pages of which it is kept where everything stands.
const MAX_KEPT: u64 = 500;
/// Pages that are made at a time.
const MAX_MAKING: usize = 2;
/// Pages that wait to be made ahead; older ones are forgotten.
const MAX_AHEAD: usize = 200;
/// How long nothing may be asked before pages are made ahead.
const PAUSE: Duration = Duration::from_millis(150);

/// The line of the heading on top of every page, from 0: below the release and an empty line.
const HEADING_LINE: u32 = 2;
/// The column behind the mark of that heading.
const HEADING_COLUMN: u32 = 2;

/// The pages. Cloning shares them.
#[derive(Clone, Default)]
pub(crate) struct Pages {
    /// `None` where there is no folder for them.
    store: Option<Arc<Store>>,
}

struct Store {
    root: PathBuf,
    made: Cache<Key, Arc<Page>>,
    making: Semaphore,
    ahead: Mutex<VecDeque<(Date, PageName)>>,
    more: Notify,
    /// The rules whose pages were written.
    rules: Mutex<HashSet<&'static str>>,
}

/// A page of one release, from one state of the code sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    name: PageName,
    release: Arc<str>,
    state: Option<String>,
}

struct Page {
    uri: Url,
    path: PathBuf,
    drawn: Drawn,
}

/// Where something stands on a page. Lines from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PagePlace {
    /// The file.
    pub(crate) uri: Url,
    /// The line of the code or note.
    pub(crate) line: u32,
    /// The columns of the code in its line, the same in every encoding; empty for a note.
    pub(crate) columns: std::ops::Range<u32>,
    /// The line behind everything that is said there.
    pub(crate) end: u32,
}

impl PagePlace {
    /// The address with the line, as links in Markdown have it.
    pub(crate) fn link(&self) -> String {
        format!("{}#L{}", self.uri, self.line + 1)
    }
}

impl Pages {
    /// Pages below a folder, which need not exist. Without one there are no pages.
    pub(crate) fn new(root: Option<PathBuf>) -> Self {
        let root = root.and_then(|root| std::path::absolute(root).ok());
        let store = root.map(|root| {
            Arc::new(Store {
                root,
                made: Cache::new(MAX_KEPT),
                making: Semaphore::new(MAX_MAKING),
                ahead: Mutex::default(),
                more: Notify::new(),
                rules: Mutex::default(),
            })
        });
        Self { store }
    }

    /// Whether an address is that of a page, which is no note.
    pub(crate) fn hold(&self, uri: &Url) -> bool {
        let Some(store) = &self.store else { return false };
        uri.to_file_path().is_ok_and(|path| path.starts_with(&store.root))
    }

    /// Where a code, a beginning of codes, a chapter or a block stands on its page as of a date. A code that has ended is
    /// found in the release that had it. `None` for what has no page, does not exist or could not be asked.
    pub(crate) async fn locate(
        &self,
        codes: &CodeClient,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<PagePlace> {
        let store = self.store.as_ref()?;
        let code = medcode_codes::code::Code::parse(system, code)
            .map_or_else(|_| code.to_owned(), |code| code.to_string());
        let page = store.page_of(codes, system, &code, date).await?;
        if !page.drawn.shows(&code)
            && let Looked::Known(concept) = &*codes.lookup(system, &code, date).await
            && let Some(last) = concept.to.filter(|last| *last < date)
            && let Some(former) = store.page_of(codes, system, &code, last).await
            && former.drawn.shows(&code)
        {
            return Some(former.place(former.drawn.spot(system, &code)?));
        }
        store.look_ahead(date, &page);
        Some(page.place(page.drawn.spot(system, &code)?))
    }

    /// Where a note stands on the page of the node that carries it; at the node itself where its text is not found.
    pub(crate) async fn locate_note(
        &self,
        codes: &CodeClient,
        system: CodeSystem,
        owner: &str,
        text: &str,
        date: Date,
    ) -> Option<PagePlace> {
        let page = self.store.as_ref()?.page_of(codes, system, owner, date).await?;
        match page.drawn.note(owner, text) {
            Some(line) => {
                Some(PagePlace { uri: page.uri.clone(), line, columns: 0..0, end: line + 1 })
            }
            None => Some(page.place(page.drawn.spot(system, owner)?)),
        }
    }

    /// Where a code stands, without waiting for its page, which is made soon: until then its line is that of the heading
    /// on top, below which everything of the page stands. For answers that name many pages. `None` for what has no page.
    pub(crate) async fn reach(
        &self,
        codes: &CodeClient,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<PagePlace> {
        let store = self.store.as_ref()?;
        let Some(name) = PageName::of(system, code) else {
            // The block of a chapter: its page is known only with the block.
            return self.locate(codes, system, code, date).await;
        };
        let release = codes.release_on(system, date).await?;
        let key = Key { name, release, state: codes.state_of_code_sets() };
        if let Some(page) = store.kept(&key).await {
            return Some(page.place(page.drawn.spot(system, code)?));
        }
        let uri = uri(&store.path(&key))?;
        let columns = HEADING_COLUMN..HEADING_COLUMN + key.name.heading_columns();
        store.make_ahead([(date, key.name)]);
        Some(PagePlace { uri, line: HEADING_LINE, columns, end: HEADING_LINE + 1 })
    }

    /// The address of a code's page for Markdown, under the conditions of [`Self::reach`].
    pub(crate) async fn link(
        &self,
        codes: &CodeClient,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<String> {
        Some(self.reach(codes, system, code, date).await?.link())
    }

    /// The page of a rule, written where it is not there yet. `None` where there is no folder, or it cannot be written.
    pub(crate) fn rule(&self, rule: &Rule) -> Option<Url> {
        let store = self.store.as_ref()?;
        let path = rules::path(&store.root, rule);
        if store.rules().insert(rule.id) || !path.exists() {
            rules::write(&store.root, rule)?;
        }
        uri(&path)
    }

    /// Makes pages ahead that others name, when nothing is asked for a moment, and removes those of former releases. Runs
    /// as long as the server.
    pub(crate) async fn tend(self, codes: CodeClient) {
        let Some(store) = self.store else { return };
        let mut link = codes.link();
        let mut pruned_at = None;
        loop {
            tokio::select! {
                () = store.more.notified() => {
                    while timeout(PAUSE, store.more.notified()).await.is_ok() {}
                    store.clear_ahead(&codes).await;
                }
                changed = link.changed() => {
                    if changed.is_err() { return }
                    let up = matches!(&*link.borrow_and_update(), Link::Up(_));
                    let state = codes.state_of_code_sets();
                    if up && state.is_some() && pruned_at != state {
                        store.prune(&codes).await;
                        pruned_at = state;
                    }
                }
            }
        }
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.store.is_some()).finish()
    }
}

impl Store {
    fn ahead(&self) -> MutexGuard<'_, VecDeque<(Date, PageName)>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rules(&self) -> MutexGuard<'_, HashSet<&'static str>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.name.system.id()).join(&*key.release).join(key.name.file())
    }

    /// The page on which a code stands.
    async fn page_of(
        &self,
        codes: &CodeClient,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<Arc<Page>> {
        if let Some(name) = PageName::of(system, code) {
            return self.page(codes, name, date).await;
        }
        if system != CodeSystem::Icd10Cm {
            return None;
        }
        // A block: it stands on the page of its chapter.
        match &*codes.lookup(system, code, date).await {
            Looked::Known(block) => {
                let chapter = PageName::of(system, &block.ancestors.last()?.code)?;
                self.page(codes, chapter, date).await
            }
            Looked::Unknown { .. } | Looked::Unavailable(_) => None,
        }
    }

    /// A page, made where it is not there yet.
    async fn page(&self, codes: &CodeClient, name: PageName, date: Date) -> Option<Arc<Page>> {
        let release = codes.release_on(name.system, date).await?;
        let key = Key { name, release, state: codes.state_of_code_sets() };
        if let Some(page) = self.kept(&key).await {
            return Some(page);
        }
        let _turn = self.making.acquire().await.ok()?;
        if let Some(page) = self.kept(&key).await {
            return Some(page);
        }
        // One page serves all dates of a release: it is that of the release's first day.
        let first_day = parse_iso(&key.release).unwrap_or(date);
        let source = Source::ask(codes, &key.name, first_day).await?;
        let path = self.path(&key);
        let made = key.clone();
        let page = tokio::task::spawn_blocking(move || make(&made, path, &source)).await.ok()??;
        let page = Arc::new(page);
        self.made.insert(key, page.clone());
        Some(page)
    }

    /// A page that was made before and is still there: somebody may have cleared the folder.
    async fn kept(&self, key: &Key) -> Option<Arc<Page>> {
        let page = self.made.get(key)?;
        tokio::fs::try_exists(&page.path).await.ok()?.then_some(page)
    }

    /// Has the pages made that a page names.
    fn look_ahead(&self, date: Date, page: &Page) {
        let named = page.drawn.links.iter();
        self.make_ahead(named.map(|name| (date, name.clone())));
    }

    /// Has pages made soon. The newest come first, and the oldest are forgotten.
    fn make_ahead(&self, wanted: impl IntoIterator<Item = (Date, PageName)>) {
        {
            let mut ahead = self.ahead();
            for wanted in wanted {
                ahead.retain(|other| *other != wanted);
                ahead.push_back(wanted);
            }
            let surplus = ahead.len().saturating_sub(MAX_AHEAD);
            ahead.drain(..surplus);
        }
        self.more.notify_one();
    }

    async fn clear_ahead(&self, codes: &CodeClient) {
        loop {
            let next = self.ahead().pop_back();
            let Some((date, name)) = next else { return };
            // Whatever becomes of it: it is asked for again when it is opened.
            let _ = self.page(codes, name, date).await;
        }
    }

    async fn prune(&self, codes: &CodeClient) {
        let Some(loaded) = codes.loaded_versions().await else { return };
        let root = self.root.clone();
        let pruning = tokio::task::spawn_blocking(move || files::prune(&root, &loaded));
        if pruning.await.is_err() {
            tracing::warn!("pages of former releases could not be removed");
        }
    }
}

impl Page {
    fn place(&self, spot: &Spot) -> PagePlace {
        PagePlace {
            uri: self.uri.clone(),
            line: spot.line,
            columns: spot.columns.clone(),
            end: spot.end,
        }
    }
}

/// Draws a page and writes it.
fn make(key: &Key, path: PathBuf, source: &Source) -> Option<Page> {
    let mut drawn = draw::draw(&key.name, &key.release, source);
    if let Err(error) = files::write(&path, &drawn.text) {
        tracing::warn!(kind = ?error.kind(), "a page could not be written");
        return None;
    }
    // Only where things stand is asked from here on.
    drawn.text = String::new();
    let uri = uri(&path)?;
    Some(Page { uri, path, drawn })
}

fn uri(path: &Path) -> Option<Url> {
    Url::from_file_path(path).ok()
}
