//! Which files an entry of the settings is about.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Files by globs, as ignore files write them: without a slash a glob names files and folders at any depth, with one it
/// is seen from the folder of the file it stands in. A folder stands for everything below.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    patterns: Vec<String>,
    base: Option<PathBuf>,
    globs: GlobSet,
}

impl PartialEq for Paths {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns && self.base == other.base
    }
}

impl Paths {
    /// The files that `patterns` name, seen from the folder `base`; without one from any folder. The error is the
    /// pattern that is none.
    pub(super) fn new(patterns: Vec<String>, base: Option<&Path>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in &patterns {
            for glob in globs(pattern, base.is_none()).map_err(|_| pattern.clone())? {
                set.add(glob);
            }
        }
        let globs = set.build().map_err(|_| patterns.join(", "))?;
        Ok(Self { patterns, base: base.map(Path::to_owned), globs })
    }

    /// Whether there is no pattern at all.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether `path` is one of the files. A text without a path is none.
    pub fn contain(&self, path: Option<&Path>) -> bool {
        let Some(path) = path else { return false };
        match &self.base {
            Some(base) => path.strip_prefix(base).is_ok_and(|path| self.globs.is_match(path)),
            None => self.globs.is_match(path),
        }
    }
}

fn globs(pattern: &str, anywhere: bool) -> Result<[Glob; 2], globset::Error> {
    let plain = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    let anchored = plain.contains('/') && !anywhere;
    let plain = plain.trim_start_matches('/');
    let full = if anchored { plain.to_owned() } else { format!("**/{plain}") };
    let glob = |text: &str| GlobBuilder::new(text).literal_separator(true).build();
    Ok([glob(&full)?, glob(&format!("{full}/**"))?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contain(pattern: &str, base: Option<&str>, path: &str) -> bool {
        let paths = Paths::new(vec![pattern.to_owned()], base.map(Path::new)).unwrap();
        paths.contain(Some(Path::new(path)))
    }

    #[test]
    fn reads_globs_as_ignore_files_do() {
        assert!(contain("*.txt", Some("/p"), "/p/a/b.txt"));
        assert!(contain("old", Some("/p"), "/p/a/old/b.txt"));
        assert!(contain("notes/old/", Some("/p"), "/p/notes/old/b.txt"));
        assert!(contain("notes/*.md", Some("/p"), "/p/notes/b.md"));
        assert!(!contain("notes/*.md", Some("/p"), "/p/a/notes/b.md"));
        assert!(!contain("notes/*.md", Some("/p"), "/p/notes/a/b.md"));
        assert!(contain("**/b.md", Some("/p"), "/p/notes/a/b.md"));
        assert!(!contain("*.md", Some("/p"), "/q/b.md"));
        assert!(contain("notes/*.md", None, "/anywhere/notes/b.md"));
    }

    #[test]
    fn refuses_what_is_no_glob() {
        assert_eq!(Paths::new(vec!["a[".to_owned()], None), Err("a[".to_owned()));
    }

    #[test]
    fn a_text_without_a_path_is_in_no_file() {
        let paths = Paths::new(vec!["**".to_owned()], None).unwrap();
        assert!(!paths.contain(None));
    }
}
