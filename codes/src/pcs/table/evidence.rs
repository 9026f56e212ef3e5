//! Whether the titles bear a label out.

use super::{APPROACH, Alignment, Derived, Label, Region, Span, is_boundary, is_separator, strip};

impl Alignment<'_, '_> {
    /// Keeps the labels that every title bears out.
    pub(super) fn finish(&self) -> Derived {
        let claims = &self.claims;
        self.classes
            .iter()
            .map(|class| {
                let axis = class.key.axis;
                let borne_out = |index: &usize| {
                    claims[*index][axis].is_some_and(|claim| self.stands_alone(*index, claim))
                };
                let whole = !class.label.iter().any(|word| is_boundary(*word));
                let label =
                    if !class.label.is_empty() && whole && class.members.iter().all(borne_out) {
                        Label::Words(class.label.clone())
                    } else if class.label.is_empty()
                        && class.members.iter().all(|i| self.unsaid(*i, axis))
                    {
                        Label::Unsaid
                    } else {
                        Label::Unknown
                    };
                (class.key, label)
            })
            .collect()
    }

    /// Whether the words beside a claim are separators or claimed themselves: a label that stops in the middle of a
    /// name is none.
    fn stands_alone(&self, index: usize, claim: Span) -> bool {
        let words = self.members[index].words;
        let beside = [claim.start().checked_sub(1), Some(claim.end())];
        beside.into_iter().flatten().all(|at| {
            words.get(at).is_none_or(|word| is_separator(*word)) || self.is_claimed(index, at)
        })
    }

    fn is_claimed(&self, index: usize, at: usize) -> bool {
        let word = Span::new(at, at + 1);
        let owners = self.claims[index].iter().chain([&self.operations[index]]);
        owners.flatten().any(|claim| claim.overlaps(word))
    }

    /// Whether the title says nothing that could be of this axis.
    fn unsaid(&self, index: usize, axis: usize) -> bool {
        let member = &self.members[index];
        match member.regions[axis] {
            Some(Region::Absent) => true,
            // "No Qualifier" where another character of the axis changes the words of another axis.
            Some(Region::Text(region)) => {
                let nothing = strip(region.of(member.words)) == self.known.nothing;
                member.characters[axis] == b'Z'
                    && (nothing
                        || (region.start()..region.end()).all(|at| {
                            self.is_claimed(index, at)
                                || member.words.get(at).is_none_or(|word| is_separator(*word))
                        }))
            }
            None => member.characters[axis] == b'Z' || self.names[axis] == APPROACH,
        }
    }
}
