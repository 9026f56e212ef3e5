//! The folders of the workspace, as the client names them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::protocol::Url;

/// A folder of the workspace. It need not exist: some clients name one that does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    /// The address, as the client wrote it.
    pub(crate) uri: Url,
    /// Where it lies.
    pub(crate) path: PathBuf,
}

impl Folder {
    /// The folder at this address. `None` for one that is not on a disk.
    pub(crate) fn at(uri: &str) -> Option<Self> {
        let uri: Url = uri.parse().ok()?;
        let path = crate::governing::path_of(&uri)?;
        Some(Self { uri, path })
    }

    /// The address of a file below, on the grounds of the client's own spelling of the folder.
    pub(crate) fn uri_of(&self, file: &Path) -> Option<Url> {
        let below = file.strip_prefix(&self.path).ok()?;
        let names: Option<Vec<&str>> = below.iter().map(|name| name.to_str()).collect();
        let mut uri = self.uri.clone();
        uri.path_segments_mut().ok()?.pop_if_empty().extend(names?);
        Some(uri)
    }
}

/// The folders that `initialize` names; the older ways of naming one count where there is no list.
pub(crate) fn named(params: &Value) -> Vec<Folder> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(list) = params.get("workspaceFolders").and_then(Value::as_array) {
        let uris = list.iter().filter_map(|folder| folder.get("uri").and_then(text));
        return distinct(uris.filter_map(|uri| Folder::at(&uri)).collect());
    }
    if let Some(uri) = params.get("rootUri").and_then(text) {
        return Folder::at(&uri).into_iter().collect();
    }
    let root = params.get("rootPath").and_then(text).map(PathBuf::from);
    let root = root.filter(|path| path.is_absolute());
    let folder = root.and_then(|path| Some(Folder { uri: Url::from_file_path(&path).ok()?, path }));
    folder.into_iter().collect()
}

/// The folders after some came and some went.
pub(crate) fn changed(folders: &[Folder], added: Vec<Folder>, removed: &[Folder]) -> Vec<Folder> {
    let kept = folders.iter().filter(|folder| !removed.iter().any(|it| it.path == folder.path));
    distinct(kept.cloned().chain(added).collect())
}

fn distinct(folders: Vec<Folder>) -> Vec<Folder> {
    let mut distinct: Vec<Folder> = Vec::new();
    for folder in folders {
        if !distinct.iter().any(|other| other.path == folder.path) {
            distinct.push(folder);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(params: &Value) -> Vec<String> {
        named(params).iter().map(|folder| folder.path.display().to_string()).collect()
    }

    #[test]
    fn survives_what_clients_send() {
        let all = json!({"workspaceFolders": [
            {"uri": "file:///a%20b", "name": "a"}, {"uri": "", "name": "bogus"}, {"name": "none"},
            {"uri": "vscode-vfs://github/x", "name": "remote"}, {"uri": "file:///c"}, {"uri": "file:///c/"}],
            "rootUri": "file:///z"});
        assert_eq!(paths(&all), ["/a b", "/c"]);
        assert_eq!(paths(&json!({"workspaceFolders": null, "rootUri": "file:///z"})), ["/z"]);
        assert_eq!(paths(&json!({"rootUri": null, "rootPath": "/z"})), ["/z"]);
        assert_eq!(paths(&json!({"rootPath": "z"})), Vec::<String>::new());
        assert_eq!(paths(&Value::Null), Vec::<String>::new());
    }

    #[test]
    fn folders_come_and_go() {
        let folder = |uri| Folder::at(uri).unwrap();
        let (a, b) = (folder("file:///a"), folder("file:///b"));
        let both = [a.clone(), b.clone()];
        assert_eq!(changed(&both[..1], vec![b.clone(), a], &[]), both);
        assert_eq!(changed(&both, Vec::new(), &[folder("file:///a/")]), [b]);
    }

    #[test]
    fn addresses_keep_the_spelling_of_the_client() {
        let folder = Folder::at("file:///my%20notes/%C3%A4/").unwrap();
        let uri = folder.uri_of(Path::new("/my notes/ä/sub dir/a#1.md")).unwrap();
        assert_eq!(uri.as_str(), "file:///my%20notes/%C3%A4/sub%20dir/a%231.md");
        assert_eq!(folder.uri_of(Path::new("/elsewhere/a.md")), None);
    }
}
