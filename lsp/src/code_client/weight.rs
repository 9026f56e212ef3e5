//! How much memory kept answers take, so that the caches are bounded by what they hold and not by how many.

use medcode_codes::{
    code_context::{CodeContext, Sides},
    document::{EncounterAnswer, EncounterRequest, ItemFact},
};

/// Bytes of a string or list beside its content.
const HEAD: usize = 24;

/// Roughly the bytes of a question and its answer.
pub(super) fn of_verdict(request: &EncounterRequest, answer: &EncounterAnswer) -> u32 {
    let encounter = &request.encounter;
    let asked = (encounter.diagnoses.len() + encounter.lines.len()) * 8 * HEAD;
    let answered = match answer {
        EncounterAnswer::Answered { issues, checks, facts, terms, .. } => {
            let issues = issues.iter().map(|it| 20 * HEAD + it.message.len() + it.source.len());
            let facts = facts.iter().map(|it| fact(it));
            checks.len() * 2 * HEAD + terms.size() + issues.sum::<usize>() + facts.sum::<usize>()
        }
        EncounterAnswer::Unavailable => 0,
    };
    u32::try_from(asked + answered).unwrap_or(u32::MAX)
}

fn fact(fact: &ItemFact) -> usize {
    let title = fact.title.as_ref().map_or(0, String::len);
    4 * HEAD + title + fact.context.as_ref().map_or(0, |around| context(around))
}

fn context(context: &CodeContext) -> usize {
    let sides = context.sides.as_ref().map_or(0, Sides::size);
    let others = context.ancestors.size() + context.siblings.size() + sides;
    let strings = context.terms.iter().chain(&context.flags).map(|it| HEAD + it.len());
    20 * HEAD + others + strings.sum::<usize>()
}
