//! Whose the words between the claims of a title are.

use super::{AXES, Span, Word, is_preposition, is_separator, strip};

/// Whose the words beside a label are, while some axis has no label yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The label's, up to the next separator.
    First,
    /// The labels have had their chance: the words go to the axis that has none.
    Settled,
    /// That axis could not take them: the label's after all.
    Last,
}

/// What lies beside the claims of one title.
pub(super) struct Shares<'a> {
    pub(super) before: [&'a [Word]; AXES],
    pub(super) after: [&'a [Word]; AXES],
    /// Pieces that touch no claim.
    pub(super) free: Vec<&'a [Word]>,
}

/// Shares out the words between the claims. Separators end a label, unless nobody else can own what follows.
pub(super) fn share<'a>(
    words: &'a [Word],
    operation: Option<Span>,
    claims: &[Option<Span>; AXES],
    missing: bool,
    stage: Stage,
) -> Shares<'a> {
    let mut shares = Shares { before: [&[]; AXES], after: [&[]; AXES], free: Vec::new() };
    let mut owned: Vec<(Span, Option<usize>)> = claims
        .iter()
        .enumerate()
        .filter_map(|(axis, claim)| Some(((*claim)?, Some(axis))))
        .chain(operation.map(|span| (span, None)))
        .collect();
    owned.sort_unstable();
    owned.push((Span::new(words.len(), words.len()), None));
    let mut from = 0;
    let mut left = None;
    for (span, right) in owned {
        let gap = words.get(from..span.start()).unwrap_or_default();
        let first = gap.iter().position(|word| is_separator(*word));
        let last = gap.iter().rposition(|word| is_separator(*word));
        let before_first = gap.get(..first.unwrap_or(gap.len())).unwrap_or_default();
        let after_last = gap.get(last.map_or(0, |last| last + 1)..).unwrap_or_default();
        match (left, right) {
            (Some(left), Some(right)) if missing && last.is_some() => {
                shares.before[right] = after_last;
                shares.after[left] = before_first;
            }
            (Some(left), Some(right)) if last.is_some() => {
                // "with" and the like begin a label, a comma may stand within one.
                let split = gap.iter().rposition(|word| is_preposition(*word)).or(last);
                shares.after[left] = gap.get(..split.unwrap_or_default()).unwrap_or_default();
                shares.before[right] =
                    gap.get(split.map_or(0, |split| split + 1)..).unwrap_or_default();
            }
            (Some(left), Some(_)) if !missing => shares.after[left] = gap,
            (Some(left), None) => shares.after[left] = if missing { before_first } else { gap },
            (None, Some(right)) if !missing => shares.before[right] = gap,
            (None, Some(right)) if last.is_some() || stage == Stage::Last => {
                shares.before[right] = after_last;
            }
            _ => {}
        }
        if missing {
            let start = if left.is_some() && stage == Stage::First {
                first.unwrap_or(gap.len())
            } else {
                0
            };
            let end = if right.is_some() && stage == Stage::First {
                last.unwrap_or(0)
            } else {
                gap.len()
            };
            let piece = strip(gap.get(start..end).unwrap_or_default());
            if !piece.is_empty() {
                shares.free.push(piece);
            }
        }
        from = span.end().max(from);
        left = right;
    }
    shares
}
