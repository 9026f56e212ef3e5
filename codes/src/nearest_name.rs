//! The known name that an unknown one is most like: for settings and rules alike.

/// The candidate that differs least from `name` in spelling, if the difference is small.
pub fn nearest_of<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    candidates
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements of characters that lead from one text to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, left) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_name_that_was_mistyped() {
        let known = ["diagnostics.delayMs", "completion.max"];
        assert_eq!(nearest_of("diagnostic.delay", known.into_iter()), Some("diagnostics.delayMs"));
        assert_eq!(nearest_of("colours", known.into_iter()), None);
    }

    #[test]
    fn counts_single_edits() {
        assert_eq!(distance("asof", "asof"), 0);
        assert_eq!(distance("as", "asof"), 2);
        assert_eq!(distance("abc", "axc"), 1);
    }
}
