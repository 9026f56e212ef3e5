//! Invented notes of any size. The same seed gives the same note.

/// Sentences of notes, one a line; none of a real person. The benchmarks of the crates write with the same.
const SENTENCES: &str = include_str!("../../../tests/harness/sentences.txt");

/// Codes of one visit.
const CODES_OF_A_VISIT: usize = 15;

/// Pseudo-random numbers, the same everywhere.
pub(super) struct Dice(u64);

impl Dice {
    /// A sequence.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }

    /// One of several; the empty text of none.
    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all.get(self.below(all.len().max(1))).copied().unwrap_or_default()
    }
}

/// Beginnings of codes, a letter and a digit, over all chapters.
pub(super) fn beginnings() -> Vec<String> {
    let letters = ('A'..='Z').filter(|letter| *letter != 'U');
    letters.flat_map(|letter| [0, 1, 3, 5, 8].map(|digit| format!("{letter}{digit}"))).collect()
}

/// A chart of visits with `codes` codes in about `lines` lines.
pub(super) fn chart(pool: &[(String, String)], lines: usize, codes: usize, seed: u64) -> String {
    let sentences: Vec<_> = SENTENCES.lines().collect();
    let dice = &mut Dice::new(seed);
    let visits = codes.div_ceil(CODES_OF_A_VISIT).max(1);
    let mut text = "# Chart review\n\n".to_owned();
    for visit in 0..visits {
        let (month, day) = (1 + visit % 6, 1 + visit % 28);
        text.extend([format!("## 2026-{month:02}-{day:02} Visit {}\n\n", visit + 1)]);
        let who = dice.of(&["woman", "man"]);
        text.extend([format!("Patient: {}-year-old {who}.\n\n", 30 + visit % 50)]);
        text.push_str("### Subjective\n\n");
        let own = CODES_OF_A_VISIT.min(codes - visit * CODES_OF_A_VISIT);
        for _ in 0..(lines / visits).saturating_sub(own + 9).max(1) {
            text.push_str(dice.of(&sentences));
            text.push('\n');
        }
        text.push_str("\n### Assessment and plan\n\n");
        for number in 1..=own.saturating_sub(3) {
            let Some((code, title)) = pool.get(dice.below(pool.len().max(1))) else { continue };
            text.extend([match dice.below(3) {
                0 => format!("{number}. {title} ({code}): {}\n", dice.of(&sentences)),
                1 => format!("{number}. {title}. Dx: {code}\n"),
                _ => format!("{number}. {code} - {title}\n"),
            }]);
        }
        let last = (0..own.min(3)).filter_map(|_| pool.get(dice.below(pool.len().max(1))));
        let last: Vec<&str> = last.map(|(code, _)| &**code).collect();
        text.extend(["\nDx: ", last.join(", ").as_str(), "\n\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_its_lines_and_codes_and_repeats() {
        let pool = [("E11.9".to_owned(), "Type 2 diabetes".to_owned())];
        let text = chart(&pool, 1_000, 300, 1);
        assert_eq!(text.matches("E11.9").count(), 300);
        assert!((900..1_100).contains(&text.lines().count()), "{}", text.lines().count());
        assert_eq!(text, chart(&pool, 1_000, 300, 1));
        assert_ne!(text, chart(&pool, 1_000, 300, 2));
    }
}
