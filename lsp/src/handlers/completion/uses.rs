//! Which codes the note has already, and what follows for the order of an offer.

use std::collections::{HashMap, HashSet};

use medcode_codes::{
    code::Code,
    normalize::normalize,
    note::{Note, TypingContext},
    system::CodeSystem,
};

use super::super::encounter_date::encounter_at;
use crate::concept::Hit;

/// The most codes of the note itself that are offered in an empty field.
const MAX_USED: usize = 20;

/// The codes of a note, besides the one being typed. Without points, in capitals.
pub(super) struct Uses {
    /// In the encounter of the caret.
    here: HashSet<String>,
    /// In other encounters.
    elsewhere: HashSet<String>,
    /// How often each stands in the note.
    counts: HashMap<(CodeSystem, String), usize>,
}

impl Uses {
    /// Looks through a note.
    pub(super) fn count(text: &str, note: &Note, context: &TypingContext, offset: usize) -> Self {
        let encounter = encounter_at(note, offset);
        let caret = context.replace.start..=context.code_end.max(offset);
        let mut uses =
            Self { here: HashSet::new(), elsewhere: HashSet::new(), counts: HashMap::new() };
        for mention in &note.mentions {
            if mention.range.start <= *caret.end() && *caret.start() <= mention.range.end {
                continue;
            }
            let code = normalize(mention.system, &text[mention.range.clone()]).code;
            *uses.counts.entry((mention.system, code.clone())).or_default() += 1;
            if Some(mention.encounter) == encounter {
                uses.here.insert(code);
            } else {
                uses.elsewhere.insert(code);
            }
        }
        uses
    }

    /// The codes of these systems that stand in the note most often.
    pub(super) fn most_used(&self, systems: &[CodeSystem]) -> Vec<Code> {
        let wanted = self.counts.iter().filter(|((system, _), _)| systems.contains(system));
        let mut codes: Vec<_> = wanted.collect();
        codes.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        let codes = codes.into_iter().map(|((system, code), _)| Code::parse(*system, code));
        codes.filter_map(Result::ok).take(MAX_USED).collect()
    }

    /// The hits in the order in which they are offered: what the encounter has already and what is ruled out, by code as
    /// published, goes to the end; then the exact code, what is no header, what other encounters of the note use, and the
    /// order of the search.
    ///
    /// With `systems` what belongs to an earlier one goes before what belongs to a later one.
    pub(super) fn ranked(
        &self,
        mut hits: Vec<Hit>,
        systems: &[CodeSystem],
        ruled_out: &HashSet<String>,
    ) -> Vec<Hit> {
        hits.sort_by_cached_key(|hit| {
            let code = normalize(hit.system, &hit.titled.code).code;
            let stands_here = self.here.contains(&code) && !hit.exact;
            let system = systems.iter().position(|system| *system == hit.system);
            let is_last = stands_here || ruled_out.contains(&hit.titled.code);
            (is_last, !hit.exact, system, hit.header, !self.elsewhere.contains(&code))
        });
        hits
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::{context_at, scan};

    use super::*;
    use crate::concept::Titled;

    fn hit(code: &str, billable: bool, exact: bool) -> Hit {
        let titled = Titled { code: code.to_owned(), title: String::new() };
        let system = CodeSystem::Icd10Cm;
        Hit { system, titled, header: !billable, ended: false, matched: String::new(), exact }
    }

    fn uses(marked: &str) -> Uses {
        let offset = marked.find('$').unwrap();
        let text = marked.replace('$', "");
        Uses::count(&text, &scan(&text), &context_at(&text, offset), offset)
    }

    #[test]
    fn offers_in_the_order_of_use() {
        let uses = uses("## 2026-03-02\nDx: E11.65\n\n## 2026-03-09\nDx: E11.22, E11.9, E11.$\n");
        let hits = vec![
            hit("E11", false, false),
            hit("E11.22", true, false),
            hit("E11.21", true, false),
            hit("E11.65", true, false),
            hit("E11.9", true, true),
        ];
        let order: Vec<_> = uses
            .ranked(hits, &[], &HashSet::new())
            .into_iter()
            .map(|hit| hit.titled.code)
            .collect();
        assert_eq!(order, ["E11.9", "E11.65", "E11.21", "E11", "E11.22"]);
    }

    #[test]
    fn what_is_ruled_out_goes_to_the_end() {
        let hits = vec![hit("O80", true, true), hit("O82", true, false), hit("O36", false, false)];
        let ruled_out = ["O80", "O82"].map(str::to_owned).into();
        let order = uses("Dx: O$").ranked(hits, &[], &ruled_out).into_iter();
        assert_eq!(order.map(|hit| hit.titled.code).collect::<Vec<_>>(), ["O36", "O80", "O82"]);
    }

    #[test]
    fn counts_what_the_note_uses_most() {
        let uses = uses("Dx: I10, E11.9, I10, $\nCPT: 99213\n");
        let most = uses.most_used(&[CodeSystem::Icd10Cm]).into_iter();
        assert_eq!(most.map(|code| code.to_string()).collect::<Vec<_>>(), ["I10", "E11.9"]);
    }
}
