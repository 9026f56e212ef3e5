//! Reads values by key from an LMDB file held in memory.
//!
//! By key and never by searching: the file keeps pages of earlier transactions, and a search finds values that are
//! dead. Only what is needed is understood: one main database without duplicate keys, 4096-byte pages, little-endian.
//! Source: the layout of LMDB 0.9 (`mdb.c`), checked against a file of its making. Every number is checked before it
//! is used, so that any bytes give a value or an error.

use std::fmt;

use super::bytes::{slice_at, u16_at, u32_at, u64_at};

const PAGE: usize = 4096;
const PAGE_HEADER: usize = 16;
const MAGIC: u32 = 0xBEEF_C0DE;
const VERSION: u32 = 1;
/// Offset of the record of the free list in a meta page; its first number is the page size.
const FREE_RECORD: usize = 40;
/// Offset of the record of the main database in a meta page.
const MAIN_RECORD: usize = 88;
const TRANSACTION: usize = 144;
const BRANCH: u16 = 1;
const LEAF: u16 = 2;
/// The data of a node lies on pages of its own.
const BIG_DATA: u16 = 1;
/// No tree has more levels: 2^32 pages with two keys each.
const MOST_LEVELS: u16 = 32;

/// The bytes are not an LMDB file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LmdbError {
    /// Where, as a byte offset into the file.
    pub offset: u64,
    /// What was expected there.
    pub problem: &'static str,
}

impl fmt::Display for LmdbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.problem, self.offset)
    }
}

impl std::error::Error for LmdbError {}

fn error(offset: usize, problem: &'static str) -> LmdbError {
    LmdbError { offset: offset as u64, problem }
}

/// An LMDB file.
#[derive(Clone, Copy, Debug)]
pub struct Lmdb<'a> {
    bytes: &'a [u8],
    meta: Meta,
}

impl<'a> Lmdb<'a> {
    /// Opens the state that the newest transaction left.
    ///
    /// # Errors
    /// No meta page can be read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, LmdbError> {
        let metas = [Meta::read(bytes, 0), Meta::read(bytes, PAGE)];
        let newest = metas.into_iter().flatten().max_by_key(|meta| meta.transaction);
        newest.map(|meta| Self { bytes, meta }).ok_or_else(|| error(0, "no meta page"))
    }

    /// The value of a key, with the NULs that pad it. NULs at the end of a stored key do not count. `None` when no
    /// such key is stored.
    ///
    /// # Errors
    /// A page on the way to the key cannot be read.
    pub fn get(&self, key: &str) -> Result<Option<&'a [u8]>, LmdbError> {
        let Some(mut page) = self.meta.root else { return Ok(None) };
        for _ in 0..self.meta.levels.min(MOST_LEVELS) {
            let page_at = self.page_offset(page)?;
            let flags = u16_at(self.bytes, page_at + 10);
            match flags.ok_or_else(|| error(page_at, "no page header"))? {
                BRANCH => page = self.child(page_at, key.as_bytes())?,
                LEAF => return self.value(page_at, key.as_bytes()),
                _ => return Err(error(page_at, "neither a branch nor a leaf page")),
            }
        }
        Err(error(0, "a tree that is deeper than its header says"))
    }

    /// The page below a branch page in whose range the key lies.
    fn child(&self, page_at: usize, key: &[u8]) -> Result<u64, LmdbError> {
        let nodes = self.nodes(page_at)?;
        // The first node has no key: it stands for everything before the second.
        let mut wanted = *nodes.first().ok_or_else(|| error(page_at, "a branch with nodes"))?;
        for node in nodes.into_iter().skip(1) {
            if self.key(node)? > key {
                break;
            }
            wanted = node;
        }
        let [low, high, flags] = self.node_numbers(wanted)?;
        Ok(u64::from(low) | u64::from(high) << 16 | u64::from(flags) << 32)
    }

    /// The value of the key on a leaf page.
    fn value(&self, page_at: usize, key: &[u8]) -> Result<Option<&'a [u8]>, LmdbError> {
        for node in self.nodes(page_at)? {
            if self.key(node)? != key {
                continue;
            }
            let [low, high, flags] = self.node_numbers(node)?;
            let length = usize::from(low) | usize::from(high) << 16;
            let key_length = u16_at(self.bytes, node + 6).ok_or_else(|| error(node, "a node"))?;
            let inline = node + 8 + usize::from(key_length);
            let at = match flags {
                0 => inline,
                BIG_DATA => {
                    let page = u64_at(self.bytes, inline);
                    let page = page.ok_or_else(|| error(inline, "the page of a value"))?;
                    self.page_offset(page)? + PAGE_HEADER
                }
                _ => return Err(error(node, "a plain value")),
            };
            let value = slice_at(self.bytes, at, length);
            return value.map(Some).ok_or_else(|| error(at, "a whole value"));
        }
        Ok(None)
    }

    /// Offsets of the nodes of a page, in key order.
    fn nodes(&self, page_at: usize) -> Result<Vec<usize>, LmdbError> {
        let broken = || error(page_at, "a page with a node list");
        let page = slice_at(self.bytes, page_at, PAGE).ok_or_else(broken)?;
        let lower = usize::from(u16_at(page, 12).ok_or_else(broken)?);
        if !(PAGE_HEADER..=PAGE).contains(&lower) {
            return Err(broken());
        }
        let count = (lower - PAGE_HEADER) / 2;
        let offset =
            |index: usize| Some(page_at + usize::from(u16_at(page, PAGE_HEADER + 2 * index)?));
        (0..count).map(|index| offset(index).ok_or_else(broken)).collect()
    }

    fn key(&self, node: usize) -> Result<&'a [u8], LmdbError> {
        let key = u16_at(self.bytes, node + 6)
            .and_then(|length| slice_at(self.bytes, node + 8, usize::from(length)))
            .ok_or_else(|| error(node, "a whole key"))?;
        let end = key.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        Ok(&key[..end])
    }

    /// The three numbers that a node begins with: low and high half of a size or page, and flags.
    fn node_numbers(&self, node: usize) -> Result<[u16; 3], LmdbError> {
        let number = |at| u16_at(self.bytes, at).ok_or_else(|| error(node, "a whole node"));
        Ok([number(node)?, number(node + 2)?, number(node + 4)?])
    }

    /// Where a page begins; an error when it does not lie in the file as a whole.
    fn page_offset(&self, page: u64) -> Result<usize, LmdbError> {
        let at = usize::try_from(page).ok().and_then(|page| page.checked_mul(PAGE));
        at.filter(|at| slice_at(self.bytes, *at, PAGE).is_some()).ok_or(LmdbError {
            offset: page.saturating_mul(PAGE as u64),
            problem: "a page that the tree refers to",
        })
    }
}

/// What a meta page says.
#[derive(Clone, Copy, Debug)]
struct Meta {
    transaction: u64,
    /// Page of the root; `None` when the database is empty.
    root: Option<u64>,
    levels: u16,
}

impl Meta {
    fn read(bytes: &[u8], page_at: usize) -> Option<Self> {
        let page = slice_at(bytes, page_at, PAGE)?;
        let page_size = usize::try_from(u32_at(page, FREE_RECORD)?).ok()?;
        if u32_at(page, 16)? != MAGIC || u32_at(page, 20)? != VERSION || page_size != PAGE {
            return None;
        }
        let root = u64_at(page, MAIN_RECORD + 40)?;
        Some(Self {
            transaction: u64_at(page, TRANSACTION)?,
            root: (root != u64::MAX).then_some(root),
            levels: u16_at(page, MAIN_RECORD + 6)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::lmdb_file;

    fn sample() -> Vec<u8> {
        let long = vec![7; 5_000];
        lmdb_file(&[
            ("age_ranges", b"short".to_vec()),
            ("mce_i10dx_master", long.clone()),
            ("mce_i10sg_master", vec![9; 200]),
            ("zz", b"last".to_vec()),
        ])
    }

    /// Sets a number of a page.
    fn patched(page: usize, at: usize, bytes: &[u8]) -> Vec<u8> {
        let mut file = sample();
        file[page * PAGE + at..][..bytes.len()].copy_from_slice(bytes);
        file
    }

    #[test]
    fn finds_values_in_leaves_and_on_pages_of_their_own() {
        let bytes = sample();
        let file = Lmdb::open(&bytes).unwrap();
        assert_eq!(file.get("age_ranges"), Ok(Some(&b"short"[..])));
        assert_eq!(file.get("mce_i10dx_master").unwrap().unwrap(), vec![7; 5_000]);
        assert_eq!(file.get("mce_i10sg_master").unwrap().unwrap(), vec![9; 200]);
        assert_eq!(file.get("zz"), Ok(Some(&b"last"[..])));
        for absent in ["", "a", "mce_i10dx_maste", "mce_i10dx_master2", "zzz"] {
            assert_eq!(file.get(absent), Ok(None), "{absent}");
        }
    }

    #[test]
    fn takes_the_newest_state_and_falls_back_to_the_other() {
        // The second meta page has no root; as the newest it would show an empty file.
        let bytes = patched(1, TRANSACTION, &9_u64.to_le_bytes());
        assert_eq!(Lmdb::open(&bytes).unwrap().get("zz"), Ok(None));
        let bytes = patched(1, 16, &[0; 4]);
        assert_eq!(Lmdb::open(&bytes).unwrap().get("zz"), Ok(Some(&b"last"[..])));
    }

    #[test]
    fn refuses_what_is_no_lmdb_file() {
        assert!(Lmdb::open(b"").is_err());
        assert!(Lmdb::open(&vec![0; 3 * PAGE]).is_err());
        let mut other_page_size = patched(0, FREE_RECORD, &8192_u32.to_le_bytes());
        other_page_size.truncate(PAGE);
        assert!(Lmdb::open(&other_page_size).is_err());
    }

    #[test]
    fn refuses_broken_trees() {
        let root = sample().len() / PAGE - 1;
        let first_node =
            |file: &[u8]| usize::from(u16_at(file, root * PAGE + PAGE_HEADER).unwrap());
        let at = first_node(&sample());
        let to_itself = u16::try_from(root).unwrap().to_le_bytes();
        for (what, bytes) in [
            ("a circle", patched(root, at, &to_itself)),
            ("a page behind the end", patched(root, at, &[0xFF, 0xFF])),
            ("a meta page as node", patched(root, at, &[0, 0])),
            ("no header", patched(root, 12, &[0, 0])),
            ("a node list longer than the page", patched(root, 12, &[0xFF, 0xFF])),
            ("no nodes", patched(root, 12, &[16, 0])),
            ("a node behind the end", patched(root, PAGE_HEADER, &[0xFF, 0xFF])),
            (
                "a root behind the end",
                patched(0, MAIN_RECORD + 40, &u64::MAX.wrapping_sub(1).to_le_bytes()),
            ),
        ] {
            assert!(Lmdb::open(&bytes).unwrap().get("age_ranges").is_err(), "{what}");
        }
        let mut cut = sample();
        cut.truncate(cut.len() - 1);
        assert!(Lmdb::open(&cut).unwrap().get("zz").is_err());
    }

    #[test]
    fn refuses_values_that_do_not_fit() {
        let bytes = sample();
        let leaf = (2..bytes.len() / PAGE)
            .find(|page| u16_at(&bytes, page * PAGE + 10) == Some(LEAF))
            .unwrap();
        let node = usize::from(u16_at(&bytes, leaf * PAGE + PAGE_HEADER).unwrap());
        let absurd = patched(leaf, node, &[0xFF; 4]);
        assert!(Lmdb::open(&absurd).unwrap().get("age_ranges").is_err());
        let nested = patched(leaf, node + 4, &2_u16.to_le_bytes());
        assert!(Lmdb::open(&nested).unwrap().get("age_ranges").is_err());
    }

    proptest! {
        #[test]
        fn never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..9_000)) {
            if let Ok(file) = Lmdb::open(&bytes) {
                let _ = file.get("mce_i10dx_master");
            }
        }

        #[test]
        fn never_panics_on_changed_files(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
            length in any::<prop::sample::Index>(),
            cut in any::<bool>(),
        ) {
            let mut bytes = sample();
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            if cut {
                bytes.truncate(length.index(bytes.len()));
            }
            if let Ok(file) = Lmdb::open(&bytes) {
                for key in ["age_ranges", "mce_i10dx_master", "zz"] {
                    let _ = file.get(key);
                }
            }
        }
    }
}
