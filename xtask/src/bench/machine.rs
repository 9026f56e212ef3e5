//! What figures were taken on.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

/// The load of the machine, as it says itself.
pub(crate) fn load() -> String {
    read("/proc/loadavg")
}

/// What the machine is, with its load before and now.
pub(crate) fn facts(load_before: &str) -> Value {
    json!({
        "processor": processor(),
        "processors": std::thread::available_parallelism().map(usize::from).ok(),
        "kernel": read("/proc/sys/kernel/osrelease"),
        "load_before": load_before,
        "load_after": load(),
    })
}

/// The day, in UTC.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

/// What a program says of its version.
pub(crate) fn version(program: &Path) -> String {
    let asked = Command::new(program).arg("--version").output();
    asked.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default()
}

fn processor() -> String {
    let all = read("/proc/cpuinfo");
    let name = all.lines().find_map(|line| line.strip_prefix("model name"));
    name.unwrap_or_default().trim_start_matches([' ', '\t', ':']).to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}
