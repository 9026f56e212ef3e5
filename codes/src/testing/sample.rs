//! Reads the sample of the code sets.

use std::collections::HashMap;

use crate::{
    code::{Code, CodeKey},
    code_table::{CodeTable, CodeTableBuilder, Lifetime},
    date::{Date, Period, parse_iso},
    flag::{Flag, Flags},
    gem::{GemDirection, GemEntry, GemMap},
    release::{Content, Release},
    supplements::{OfRelease, Supplements},
    system::CodeSystem,
    tabular::{NodeKind, NoteKind, TabularBuilder},
    terminology::{Edition, Terminology},
};

pub(super) fn parse(text: &str) -> Terminology {
    let lines = lines(text);
    let edition = Edition {
        release: release("icd-10-cm", "2026-04-01", Some("2026-09-30"), Content::Complete),
        list: tabular(&lines).into(),
    };
    let tables = vec![
        dated(&lines, CodeSystem::Icd10Cm, "cm"),
        dated(&lines, CodeSystem::Icd10Pcs, "pcs"),
        fragment(&lines),
    ];
    Terminology::new(tables, vec![edition]).with(supplements(&lines))
}

/// The tables beside codes and lists.
pub(super) fn supplements_of(text: &str) -> Supplements {
    supplements(&lines(text))
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect()
}

fn supplements(lines: &[&str]) -> Supplements {
    let gem = |word, direction| {
        let entries = with_word(lines, word).map(|fields| {
            let flags: Vec<u8> = fields[2].bytes().map(|byte| byte - b'0').collect();
            GemEntry {
                from: key(fields[0]),
                to: (fields[1] != "-").then(|| key(fields[1])),
                approximate: flags[0] == 1,
                combination: flags[2] == 1,
                scenario: flags[3],
                choice_list: flags[4],
            }
        });
        let release = release(word, "2015-10-01", None, Content::Complete);
        OfRelease {
            release,
            covered_to: None,
            rows: GemMap { direction, entries: entries.collect() },
        }
    };
    let titles = with_word(lines, "icd9").map(|fields| (key(fields[0]), fields[1..].join(" ")));
    let icd9 = release("icd-9-cm", "2014-10-01", Some("2015-09-30"), Content::Complete);
    Supplements {
        gems: vec![
            gem("gem-icd-9-cm-to-icd-10-cm", GemDirection::Icd9ToCm),
            gem("gem-icd-10-cm-to-icd-9-cm", GemDirection::CmToIcd9),
        ],
        icd9_diagnoses: Some(OfRelease { release: icd9, covered_to: None, rows: titles.collect() }),
        ..Supplements::default()
    }
}

fn tabular(lines: &[&str]) -> crate::tabular::TabularList {
    let mut builder = TabularBuilder::default();
    for line in lines {
        let depth = line.bytes().take_while(|byte| *byte == b'\t').count();
        let (word, rest) = line.trim_start().split_once(' ').expect("each line has words");
        let (name, title) = rest.split_once(' ').unwrap_or((rest, ""));
        let kind = match word {
            "chapter" => NodeKind::Chapter,
            "section" => NodeKind::Section,
            "code" => NodeKind::Code,
            "7" => {
                builder
                    .seventh_character(name.chars().next().expect("a character"), title)
                    .expect("a node is open");
                continue;
            }
            _ => {
                if let Some(kind) = word.strip_prefix('!') {
                    let kind = NoteKind::from_id(kind).expect("a known kind of note");
                    builder
                        .note(kind, name.parse().expect("a container number"), title)
                        .expect("a node is open");
                }
                continue;
            }
        };
        while builder.open_depth() > depth {
            builder.close().expect("a node is open");
        }
        builder.open(kind, name, title).expect("a well-formed name");
    }
    while builder.open_depth() > 0 {
        builder.close().expect("a node is open");
    }
    builder.finish().expect("a well-formed list")
}

fn dated(lines: &[&str], system: CodeSystem, word: &str) -> CodeTable {
    let release = release("mce", "2026-10-01", None, Content::Complete);
    let mut builder = CodeTableBuilder::new(system, release, Some(day("2027-03-31")));
    let titles =
        builder.title_release(self::release(system.id(), "2023-10-01", None, Content::Complete));
    let titles = titles.expect("one release");
    let named: HashMap<&str, String> =
        with_word(lines, "title").map(|title| (title[0], title[1..].join(" "))).collect();
    for fields in with_word(lines, word) {
        let key = key(fields[0]);
        let life = days(fields[1]);
        let periods: Vec<(Period, Flags)> = fields[2..].iter().map(|field| period(field)).collect();
        let title = named.get(fields[0]).map(|title| (title.as_str(), titles));
        builder.code(key, Lifetime::Dated(life), title, &periods).expect("a small table");
    }
    for fields in
        with_word(lines, "was").filter(|fields| Code::from_key(system, key(fields[0])).is_some())
    {
        builder.replacement(key(fields[1]), key(fields[0]));
    }
    builder.finish().expect("no code stands twice")
}

fn fragment(lines: &[&str]) -> CodeTable {
    let release = release("hcpcs", "2026-07-01", None, Content::Fragment);
    let mut builder = CodeTableBuilder::new(CodeSystem::Hcpcs, release.clone(), None);
    let titles = builder.title_release(release).expect("one release");
    for fields in with_word(lines, "hcpcs") {
        let lifetime = Lifetime::Seen { first: day(fields[1]), last: day(fields[2]) };
        let title = fields[3..].join(" ");
        builder.code(key(fields[0]), lifetime, Some((&title, titles)), &[]).expect("a small table");
    }
    builder.finish().expect("no code stands twice")
}

fn with_word<'a>(lines: &'a [&'a str], word: &'a str) -> impl Iterator<Item = Vec<&'a str>> {
    let rest = lines.iter().filter_map(move |line| line.strip_prefix(word)?.strip_prefix(' '));
    rest.map(|rest| rest.split(' ').collect())
}

fn period(field: &str) -> (Period, Flags) {
    let (period, names) = field.split_once('=').expect("a period has flags");
    let mut flags = Flags::default();
    for name in names.split(',') {
        flags.insert(Flag::from_name(name).expect("a known flag"));
    }
    (days(period), flags)
}

fn days(field: &str) -> Period {
    let (start, end) = field.split_once("..").expect("a period has two ends");
    Period { start: day(start), end: (!end.is_empty()).then(|| day(end)) }
}

fn release(dataset: &str, version: &str, to: Option<&str>, content: Content) -> Release {
    Release {
        dataset: dataset.to_owned(),
        version: day(version),
        effective_to: to.map(day),
        digest: format!("sha256:{:064x}", dataset.len()),
        title: format!("{dataset} {version}, sample"),
        content,
    }
}

fn day(text: &str) -> Date {
    parse_iso(text).expect("an ISO date")
}

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).expect("a code without its point")
}

#[cfg(test)]
mod tests {
    use super::super::{TODAY, sample};
    use super::*;

    #[test]
    fn the_sample_holds_what_tests_rely_on() {
        let code = Code::parse(CodeSystem::Icd10Cm, "E11.9").unwrap();
        let concept = sample().concept(code, TODAY).unwrap();
        assert_eq!(concept.title().unwrap().0, "Type 2 diabetes mellitus without complications");
        assert_eq!(concept.billable(), Some(true));
        assert_eq!(concept.ancestors().last().unwrap().name(), "chapter-04");
    }
}
