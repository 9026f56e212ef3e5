//! What changes in a title when one character changes.

use super::{
    span::Span,
    table::{AXES, Member, Region},
    words::{Word, common_prefix, common_suffix, strip},
};

/// Compares the codes that differ in one axis only, for each axis.
pub(super) fn find_regions(members: &mut [Member<'_>]) {
    for axis in 0..AXES {
        let mut order: Vec<([u8; AXES], usize)> = members
            .iter()
            .enumerate()
            .map(|(index, member)| {
                let mut others = member.characters;
                others[axis] = 0;
                (others, index)
            })
            .collect();
        order.sort_unstable();
        for group in order.chunk_by(|left, right| left.0 == right.0) {
            let indices: Vec<usize> = group.iter().map(|it| it.1).collect();
            compare(members, &indices, axis);
        }
    }
}

fn compare(members: &mut [Member<'_>], group: &[usize], axis: usize) {
    let [first, rest @ ..] = group else { return };
    if rest.is_empty() {
        return;
    }
    let pattern = members[*first].words;
    let shortest = group.iter().map(|index| members[*index].words.len()).min().unwrap_or_default();
    let least = |common: fn(&[Word], &[Word]) -> usize| {
        rest.iter().map(|index| common(pattern, members[*index].words)).min().unwrap_or_default()
    };
    let prefix = least(common_prefix).min(shortest);
    let suffix = least(common_suffix).min(shortest - prefix);
    let region = |words: &[Word]| Span::new(prefix, words.len() - suffix);
    // Texts that come and go bring their comma or their "with" along.
    let optional = group.iter().any(|index| {
        let words = members[*index].words;
        let text = region(words).of(words);
        strip(text).len() < text.len()
    });
    for index in group {
        let member = &mut members[*index];
        let region = region(member.words);
        member.regions[axis] =
            Some(if region.is_empty() && optional { Region::Absent } else { Region::Text(region) });
    }
}
