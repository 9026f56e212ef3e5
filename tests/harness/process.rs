//! What Linux says of a process: the time of the processor that it used, and its memory.

use std::fs;

/// Ticks of the processor's time in a second, as Linux reports them.
const TICKS: f64 = 100.0;

/// Seconds that a process has used the processor for, its threads that have ended included.
///
/// # Panics
/// There is no such process.
pub fn processor_seconds(process: u32) -> f64 {
    ticks(process, 11)
}

/// Seconds that children of this process have used, those that have ended.
///
/// # Panics
/// The system does not say.
pub fn children_seconds() -> f64 {
    ticks(std::process::id(), 13)
}

/// Seconds that this thread has used the processor for.
///
/// # Panics
/// The system does not say.
pub fn thread_seconds() -> f64 {
    let said = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells the time");
    let nanoseconds: f64 =
        said.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
    nanoseconds / 1e9
}

/// Resident memory of a process in megabytes.
///
/// # Panics
/// There is no such process.
pub fn resident_megabytes(process: u32) -> f64 {
    let said = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = said.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kilobytes: f64 =
        line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number");
    kilobytes / 1024.0
}

/// The sum of two neighbouring fields of `/proc/PID/stat`, counted from behind the name of the program.
fn ticks(process: u32, field: usize) -> f64 {
    let said = fs::read_to_string(format!("/proc/{process}/stat")).expect("the process runs");
    let (_, behind_name) = said.rsplit_once(')').expect("the name of the program");
    let fields = behind_name.split_whitespace().skip(field).take(2);
    fields.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS
}
