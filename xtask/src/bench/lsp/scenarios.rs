//! What is measured.

use std::{thread::sleep, time::Duration};

use serde_json::{Value, json};

use super::{Bench, both};
use crate::bench::{
    client::{Client, millis},
    measure::Series,
    notes::{Dice, chart},
};

/// Requests before anything counts.
const WARM_UP: usize = 50;

/// Spawned servers.
const STARTS: usize = 20;

/// Requests that count.
const REQUESTS: usize = 1_000;

/// A pause in which nothing else of the server goes on, so that its time belongs to one edit.
const SETTLE: Duration = Duration::from_millis(15);

/// From the request to the answer, the process just spawned.
pub(super) fn initialize(bench: &mut Bench) -> anyhow::Result<Value> {
    let (mut asked, mut spawned) = (Series::default(), Series::default());
    for _ in 0..STARTS {
        let mut client = bench.client()?;
        let answer = client.initialize()?;
        asked.add(answer.clock);
        spawned.add(millis(answer.at - client.spawned));
    }
    bench.goal("initialize, request to answer, p50", "ms", 50.0, asked.percentile(50));
    bench.goal("initialize, spawn to answer, p50", "ms", 100.0, spawned.percentile(50));
    Ok(json!({ "request_to_answer_ms": asked.json(), "spawn_to_answer_ms": spawned.json() }))
}

/// A note of 1,000 lines with 300 codes: one typed character after the other, each checked.
pub(super) fn note_of_1000_lines(bench: &mut Bench) -> anyhow::Result<Value> {
    let text = chart(&bench.pool, 1_000, 300, 1);
    let (result, processor) = typed(bench, &text, 60)?;
    bench.goal("1,000 lines, 300 codes: CPU of a check after an edit, p95", "ms", 10.0, processor);
    Ok(result)
}

/// A note of 1 MB with 2,000 codes: each edit checked; then fast typing with completion and hover after each character.
pub(super) fn note_of_1_mb(bench: &mut Bench) -> anyhow::Result<Value> {
    let text = chart(&bench.pool, 16_300, 2_000, 2);
    let (mut result, processor) = typed(bench, &text, 40)?;
    bench.goal("1 MB, 2,000 codes: CPU of a check after an edit, p95", "ms", 30.0, processor);
    let fast = fast_typing(bench, &text)?;
    if let (Some(result), Value::Object(fast)) = (result.as_object_mut(), fast) {
        result.extend(fast);
    }
    Ok(result)
}

/// The place in the middle of a note where prose ends a line.
fn middle(text: &str) -> (usize, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let is_prose = |line: &&str| line.ends_with('.') && !line.starts_with(['#', '1', '2']);
    let half = lines.len() / 2;
    let behind = lines.iter().skip(half).position(is_prose).unwrap_or_default();
    (half + behind, lines.get(half + behind).map_or(0, |line| line.len()))
}

/// Types characters at the middle of a note and waits for the diagnostics of each. The second value is the 95th
/// percentile of the time of the processor.
fn typed(bench: &Bench, text: &str, edits: i32) -> anyhow::Result<(Value, f64)> {
    let uri = "file:///measured.md";
    let mut client = bench.warm()?;
    let before = client.processor()?;
    client.open(uri, text)?;
    let (_, issues) = client.diagnostics(uri, 1)?;
    sleep(SETTLE);
    let cold = client.processor()? - before;
    let (mut clock, mut processor) = (Series::default(), Series::default());
    let (line, mut column) = middle(text);
    for version in 2..edits + 2 {
        let before = client.processor()?;
        let started = std::time::Instant::now();
        client.type_at(uri, version, (line, column), if version % 5 == 0 { " " } else { "a" })?;
        column += 1;
        let (at, _) = client.diagnostics(uri, version)?;
        sleep(SETTLE);
        clock.add(millis(at - started));
        processor.add(client.processor()? - before);
    }
    let result = json!({
        "bytes": text.len(),
        "lines": text.lines().count(),
        "diagnostics_sent": issues,
        "first_check_cpu_ms": cold,
        "check_after_edit": both(&clock, &processor),
    });
    Ok((result, processor.percentile(95)))
}

/// 300 characters, one each 30 ms, with completion and hover after each. Behind each edit a request that needs nothing
/// shows how long the reader was held up.
fn fast_typing(bench: &mut Bench, text: &str) -> anyhow::Result<Value> {
    let uri = "file:///measured.md";
    let mut client = bench.warm()?;
    client.open(uri, text)?;
    client.diagnostics(uri, 1)?;
    let (line, mut column) = middle(text);
    let (mut completion, mut hover) = (Series::default(), Series::default());
    let mut reader = Series::default();
    let typed = " Dx: E11.9 ".chars().cycle().take(300);
    for (version, character) in (2..).zip(typed) {
        let turn = std::time::Instant::now();
        client.type_at(uri, version, (line, column), &character.to_string())?;
        column += 1;
        // An item of nobody comes back as it is.
        let nothing = client.request("completionItem/resolve", &json!({ "label": "-" }))?;
        reader.add(nothing.clock);
        let place = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": column },
        });
        completion.add(client.request("textDocument/completion", &place)?.clock);
        hover.add(client.request("textDocument/hover", &place)?.clock);
        sleep(Duration::from_millis(30).saturating_sub(turn.elapsed()));
    }
    bench.goal("1 MB, typing: completion, p95", "ms", 15.0, completion.percentile(95));
    bench.goal("1 MB, typing: hover, p95", "ms", 15.0, hover.percentile(95));
    bench.goal(
        "1 MB, typing: edit taken and next request answered, p95",
        "ms",
        5.0,
        reader.percentile(95),
    );
    Ok(json!({
        "typing_completion_clock_ms": completion.json(),
        "typing_hover_clock_ms": hover.json(),
        "typing_edit_and_empty_request_clock_ms": reader.json(),
    }))
}

/// What somebody has typed behind a label: beginnings of codes, words, codes that want a character or a modifier.
fn beginnings(bench: &Bench, count: usize) -> Vec<String> {
    let mut dice = Dice::new(3);
    let typed = (0..count).filter_map(|number| {
        let (code, title) = bench.pool.get(dice.below(bench.pool.len()))?;
        Some(match number % 8 {
            0..=4 => format!("Dx: {}", code.chars().take(1 + dice.below(6)).collect::<String>()),
            5 => format!("Dx: {}", title.chars().take(4 + dice.below(12)).collect::<String>()),
            6 => "CPT: 99213-".to_owned(),
            _ => format!("Dx: S{}2.0{}1", dice.below(10), dice.below(3)),
        })
    });
    typed.collect()
}

/// Completions of all kinds in a small note.
pub(super) fn completion(bench: &mut Bench) -> anyhow::Result<Value> {
    let mut client = bench.warm()?;
    let mut clock = Series::default();
    let mut before = client.processor()?;
    for (number, typed) in beginnings(bench, REQUESTS + WARM_UP).iter().enumerate() {
        if number == WARM_UP {
            before = client.processor()?;
        }
        let took = complete(&mut client, typed)?;
        if number >= WARM_UP {
            clock.add(took);
        }
    }
    let processor = (client.processor()? - before) / 1000.0;
    bench.goal("completion, p95", "ms", 10.0, clock.percentile(95));
    Ok(json!({ "clock_ms": clock.json(), "cpu_ms_per_request_with_its_note": processor }))
}

/// Opens a note that ends with what was typed, and completes there.
fn complete(client: &mut Client, typed: &str) -> anyhow::Result<f64> {
    let uri = "file:///completed.md";
    client.open(uri, &format!("DOS: 2026-03-02\n\n{typed}"))?;
    let place = json!({
        "textDocument": { "uri": uri },
        "position": { "line": 2, "character": typed.chars().count() },
        "context": { "triggerKind": 1 },
    });
    let answer = client.request("textDocument/completion", &place)?;
    client.close(uri)?;
    Ok(answer.clock)
}

/// Hovers over codes of a long note, each asked for the first time or, two of three, again.
pub(super) fn hover(bench: &mut Bench) -> anyhow::Result<Value> {
    let uri = "file:///hovered.md";
    let mut client = bench.warm()?;
    let codes = bench.pool.iter().step_by((bench.pool.len() / 350).max(1)).take(350);
    let codes: Vec<&str> = codes.map(|(code, _)| &**code).collect();
    let lines: Vec<String> = codes.iter().map(|code| format!("Code {code} is named.\n")).collect();
    let text = lines.concat();
    client.open(uri, &text)?;
    let (mut clock, mut dice) = (Series::default(), Dice::new(4));
    let mut before = client.processor()?;
    let mut cold = 0;
    for number in 0..REQUESTS + WARM_UP {
        if number == WARM_UP {
            before = client.processor()?;
        }
        let line = if number % 3 == 0 {
            cold += 1;
            cold - 1
        } else {
            dice.below(cold.max(1))
        };
        let place = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line % codes.len(), "character": 6 },
        });
        let took = client.request("textDocument/hover", &place)?.clock;
        if number >= WARM_UP {
            clock.add(took);
        }
    }
    let processor = (client.processor()? - before) / 1000.0;
    bench.goal("hover, p95", "ms", 5.0, clock.percentile(95));
    Ok(json!({ "clock_ms": clock.json(), "cpu_ms_per_request": processor }))
}

/// Memory after loading, with 10 notes open, and after 1,000 completions.
pub(super) fn memory(bench: &mut Bench) -> anyhow::Result<Value> {
    let mut client = bench.warm()?;
    let loaded = client.memory()?;
    for seed in 0..10 {
        let uri = format!("file:///note-{seed}.md");
        client.open(&uri, &chart(&bench.pool, 200, 60, seed))?;
        client.diagnostics(&uri, 1)?;
    }
    let with_notes = client.memory()?;
    for typed in beginnings(bench, REQUESTS) {
        complete(&mut client, &typed)?;
    }
    let last = client.memory()?;
    bench.goal("memory, resident", "MB", 100.0, last.resident);
    let shown = |memory: crate::bench::client::Memory| {
        json!({
            "resident_mb": memory.resident,
            "peak_mb": memory.peak,
            "anonymous_mb": memory.anonymous,
            "mapped_mb": memory.mapped,
        })
    };
    Ok(json!({
        "after_load": shown(loaded),
        "with_10_notes": shown(with_notes),
        "after_1000_completions": shown(last),
    }))
}
