//! Invented charts of any size with codes of a catalog, the same ones on every run.

use std::fmt::Write as _;

use medcode_codes::{code::Code, system::CodeSystem, terminology::Terminology};

use crate::claims::Random;

/// Sentences of notes, one a line; none of a real person.
const SENTENCES: &str = include_str!("sentences.txt");

/// Bytes of a chart of "1 MB", about.
pub const MEGABYTE: usize = 1_000_000;

/// A chart of about `bytes` bytes with `codes` diagnoses in `visits` visits of one length: prose, then the assessment as a
/// list of titles with codes. The codes are drawn from all that may be submitted on 2026-04-01, so that one chart has
/// nearly as many different ones.
///
/// # Panics
/// The terminology has no ICD-10-CM, or there is no visit.
pub fn chart(
    terminology: &Terminology,
    (bytes, codes, visits): (usize, usize, usize),
    seed: u64,
) -> String {
    let day = jiff::civil::date(2026, 4, 1);
    let table = terminology.table(CodeSystem::Icd10Cm).expect("ICD-10-CM is loaded");
    let valid = table
        .iter()
        .filter(|entry| entry.lifetime().period().is_some_and(|period| period.contains(day)));
    let valid: Vec<_> = valid.map(|entry| entry.key()).collect();
    let sentences: Vec<_> = SENTENCES.lines().collect();
    let mut random = Random::new(seed);
    let mut text = "# Chart review\n\n".to_owned();
    for visit in 0..visits {
        let (month, date) = (1 + visit % 6, 1 + visit % 28);
        let who = if random.once_in(2) { "woman" } else { "man" };
        let _ = write!(
            text,
            "## 2026-{month:02}-{date:02} Visit {}\n\nPatient: {}-year-old {who}.\n\n### Subjective\n\n",
            visit + 1,
            30 + visit % 50,
        );
        let own = codes * (visit + 1) / visits - codes * visit / visits;
        // An item of the assessment is about as long as this.
        let end = (bytes * (visit + 1) / visits).saturating_sub(own * 95);
        while text.len() < end {
            text.push_str(sentences[random.below(sentences.len())]);
            text.push('\n');
        }
        text.push_str("\n### Assessment and plan\n\n");
        for number in 1..=own {
            let code = Code::from_key(CodeSystem::Icd10Cm, valid[random.below(valid.len())]);
            let code = code.expect("a code of the table");
            let concept = terminology.concept(code, day).expect("a code of the table");
            let title = concept.title().map(|(title, _)| title.into_owned()).unwrap_or_default();
            let _ = match random.below(3) {
                0 => writeln!(text, "{number}. {title} ({code}): stable."),
                1 => writeln!(text, "{number}. {title}. Dx: {code}"),
                _ => writeln!(text, "{number}. {code} - {title}"),
            };
        }
        text.push('\n');
    }
    text
}
