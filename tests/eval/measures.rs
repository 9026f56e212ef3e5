//! How good answers are: exact@k, category@k, first three with descendants, reciprocal rank, and how many found nothing.

use std::collections::HashMap;

use medcode_codes::code::Code;

use crate::queries::Query;

/// Means over the lines of a file, in per cent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measures {
    exact: [f64; 3],
    category: [f64; 3],
    first_three: f64,
    reciprocal: f64,
    none: f64,
    by_category: f64,
}

const DEPTHS: [usize; 3] = [1, 5, 10];

/// Characters of a category.
const CATEGORY: usize = 3;

impl Measures {
    /// The heads of the columns of [`Self::row`].
    pub(crate) const HEAD: &str = "\
| step | exact@1 / 5 / 10 | category@1 / 5 / 10 | code or below it in the first 3 | MRR@10 | nothing | exact@10 by category |
| --- | --- | --- | --- | --- | --- | --- |";

    /// Judges answers.
    pub(crate) fn of(queries: &[Query], found: &[Vec<Code>]) -> Self {
        let mut sums = Self::default();
        let mut categories: HashMap<&str, (f64, f64)> = HashMap::new();
        for (query, codes) in queries.iter().zip(found) {
            let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
            let exact = place(&codes, |code| query.codes.iter().any(|right| right == code));
            let is_near =
                |code: &str| query.codes.iter().any(|right| category(right) == category(code));
            let near = place(&codes, is_near);
            let below =
                |code: &str| query.codes.iter().any(|right| code.starts_with(right.as_str()));
            for (depth, (of_exact, of_category)) in
                DEPTHS.iter().zip(sums.exact.iter_mut().zip(&mut sums.category))
            {
                *of_exact += one_if(exact.is_some_and(|place| place < *depth));
                *of_category += one_if(near.is_some_and(|place| place < *depth));
            }
            sums.first_three += one_if(place(&codes, below).is_some_and(|place| place < 3));
            sums.reciprocal += exact.map_or(0.0, |place| 1.0 / as_float(place + 1));
            sums.none += one_if(codes.is_empty());
            let first = query.codes.first().map_or("", |code| category(code));
            let of_category = categories.entry(first).or_default();
            of_category.0 += one_if(exact.is_some());
            of_category.1 += 1.0;
        }
        let share = |sum: f64| 100.0 * sum / as_float(queries.len().max(1));
        let shares: f64 = categories.values().map(|(found, all)| found / all).sum();
        Self {
            exact: sums.exact.map(share),
            category: sums.category.map(share),
            first_three: share(sums.first_three),
            reciprocal: share(sums.reciprocal) / 100.0,
            none: share(sums.none),
            by_category: 100.0 * shares / as_float(categories.len().max(1)),
        }
    }

    /// A line of a table.
    pub(crate) fn row(&self, name: &str) -> String {
        let three = |[first, five, ten]: [f64; 3]| format!("{first:.1} / {five:.1} / {ten:.1}");
        format!(
            "| {name} | {} | {} | {:.1} | {:.3} | {:.1} | {:.1} |",
            three(self.exact),
            three(self.category),
            self.first_three,
            self.reciprocal,
            self.none,
            self.by_category
        )
    }
}

fn place(codes: &[String], is_right: impl Fn(&str) -> bool) -> Option<usize> {
    codes.iter().position(|code| is_right(code))
}

fn category(code: &str) -> &str {
    code.get(..CATEGORY).unwrap_or(code)
}

fn one_if(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of queries are far below 2^52")]
fn as_float(count: usize) -> f64 {
    count as f64
}
