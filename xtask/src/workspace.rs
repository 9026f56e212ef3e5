//! Where things are.

use std::path::PathBuf;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}

/// Where tests keep what they install: inside the target folder, so that it goes with it.
pub(crate) fn test_cache() -> PathBuf {
    target().join("test-cache")
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The binary that tests start.
pub(crate) fn binary() -> PathBuf {
    target().join("debug").join(format!("medcode{}", std::env::consts::EXE_SUFFIX))
}
