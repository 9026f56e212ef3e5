//! The difference between two texts by lines, in the unified form that `patch` and `git apply` read.

use std::fmt::Write;

/// Lines around a change.
const AROUND: usize = 3;

/// More lines in a stretch that differs are shown as one change: the comparison grows with their square.
const MOST_COMPARED: usize = 2_000;

/// One line of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'t> {
    Same(&'t str),
    Old(&'t str),
    New(&'t str),
}

/// The difference as text; empty when there is none.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let lines = compare(&split(old), &split(new));
    let is_change = |line: &Line<'_>| !matches!(line, Line::Same(_));
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_change(line)).map(|(at, _)| at).collect();
    let mut out = String::new();
    if changed.is_empty() {
        return out;
    }
    let _ = writeln!(out, "--- {path}\n+++ {path}");
    let mut at = 0;
    while let Some(first) = changed.get(at) {
        let mut last = *first;
        while let Some(next) = changed.get(at + 1).filter(|next| **next <= last + 2 * AROUND + 1) {
            last = *next;
            at += 1;
        }
        at += 1;
        let start = first.saturating_sub(AROUND);
        let end = (last + AROUND + 1).min(lines.len());
        hunk(&mut out, &lines, start, end);
    }
    out
}

fn hunk(out: &mut String, lines: &[Line<'_>], start: usize, end: usize) {
    let count = |range: &[Line<'_>], without: fn(&Line<'_>) -> bool| {
        range.iter().filter(|line| !without(line)).count()
    };
    let is_new = |line: &Line<'_>| matches!(line, Line::New(_));
    let is_old = |line: &Line<'_>| matches!(line, Line::Old(_));
    let (before, within) = (&lines[..start], &lines[start..end]);
    let first = |skipped: usize, length: usize| if length == 0 { skipped } else { skipped + 1 };
    let (old, new) = (count(within, is_new), count(within, is_old));
    let (old_at, new_at) = (first(count(before, is_new), old), first(count(before, is_old), new));
    let _ = writeln!(out, "@@ -{old_at},{old} +{new_at},{new} @@");
    for line in within {
        let (mark, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Old(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        out.push(mark);
        out.push_str(text);
        if !text.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// The lines with their ends.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn compare<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Line<'t>> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let (old_core, new_core) =
        (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut lines: Vec<_> = old[..head].iter().copied().map(Line::Same).collect();
    lines.extend(core(old_core, new_core));
    lines.extend(old[old.len() - tail..].iter().copied().map(Line::Same));
    lines
}

/// The longest common subsequence, with what goes before what comes.
fn core<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Line<'t>> {
    let removed = || old.iter().copied().map(Line::Old);
    let added = || new.iter().copied().map(Line::New);
    if old.len().max(new.len()) > MOST_COMPARED {
        return removed().chain(added()).collect();
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            longest[i * width + j] = if left == right {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::with_capacity(old.len() + new.len());
    while let (Some(left), Some(right)) = (old.get(i), new.get(j)) {
        if left == right {
            lines.push(Line::Same(left));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            lines.push(Line::Old(left));
            i += 1;
        } else {
            lines.push(Line::New(right));
            j += 1;
        }
    }
    lines.extend(old[i..].iter().copied().map(Line::Old));
    lines.extend(new[j..].iter().copied().map(Line::New));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_changes_with_their_surroundings() {
        let old = (1..=20).map(|line| line.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let new = old.replace("10\n", "ten\n").replace("20\n", "");
        assert_eq!(
            unified("a.md", &old, &new),
            "--- a.md\n+++ a.md\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n@@ -17,4 +17,3 @@\n 17\n 18\n 19\n-20\n"
        );
        assert_eq!(unified("a.md", &old, &old), "");
    }

    #[test]
    fn knows_texts_without_a_last_line_end() {
        assert_eq!(
            unified("a", "x", "y"),
            "--- a\n+++ a\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
        );
    }
}
