//! Names of members: which lead out of an archive, and which are not worth reading.

use super::error::disturbs;

/// Files that file managers leave behind, in lower case.
const LEFT_BEHIND: [&str; 4] = [".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"];

/// The path of a member without empty and `.` parts, or what is wrong with it. A folder ends in `/` and loses it.
pub(super) fn member_path(name: &str) -> Result<String, &'static str> {
    let mut start = name.chars();
    if name.chars().any(disturbs) {
        return Err("has control characters in it");
    }
    if name.contains('\\') {
        return Err("has backslashes in it");
    }
    if name.starts_with('/') {
        return Err("starts at the root of a disk");
    }
    if start.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && start.next() == Some(':')
    {
        return Err("starts with a drive letter");
    }
    if name.split('/').any(|part| part == "..") {
        return Err("leads out of the archive");
    }
    let parts: Vec<_> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.is_empty() {
        return Err("is empty");
    }
    Ok(parts.join("/"))
}

/// Whether a file is there for a file manager only. Parts of `path` are separated by `/`.
pub(super) fn is_left_behind(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "__MACOSX")
        || last.starts_with("._")
        || LEFT_BEHIND.iter().any(|name| last.eq_ignore_ascii_case(name))
}
