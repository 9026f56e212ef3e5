//! Headers where a billable code is required.

use crate::{
    code_table::CodeTable,
    encounter::JudgedEncounter,
    issue::Issue,
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

/// At most this many codes below the header are offered.
const MOST_OFFERED: usize = 20;

declare_rule! {
    /// The code is a header; a more specific code is required.
    ///
    /// ## Why
    /// Only complete codes, at the highest number of characters, can be reported.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.2
    ///     ^^^^^ error[non-billable-code]: E11.2 is a header with 3 children; a billable code is required.
    /// ```
    ///
    /// ## Exceptions
    /// In prose a header is at most an information: text may speak of a category.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.3, I.B.2 and IV.F; Medicare Code Editor, invalid code edit.
    "non-billable-code", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.verdict == Verdict::Header {
            let issue = report.fail(coded.item, judgement, message(judgement));
            offer_billable(issue, judgement);
            offer_by_prefix(issue, judgement, encounter.terminology.table(judgement.system));
        } else {
            report.pass();
        }
    }
}

fn message(judgement: &Judgement<'_>) -> String {
    let children = judgement.concept.map_or(0, |concept| concept.children().len());
    let with = match children {
        0 => String::new(),
        1 => " with 1 child".to_owned(),
        many => format!(" with {many} children"),
    };
    format!("{} is a header{with}; a billable code is required.", judgement.written())
}

/// Offers the billable codes below the one at fault, in document order.
pub(super) fn offer_billable(issue: &mut Issue, judgement: &Judgement<'_>) {
    let Some((edition, location)) = judgement.concept.and_then(|concept| concept.place()) else {
        return;
    };
    let list = &edition.list;
    let nodes = std::iter::once(location.node).chain(list.descendants(location.node));
    let codes = nodes
        .filter(|node| list.is_leaf(*node))
        .flat_map(|leaf| list.billable_forms(leaf).into_iter().map(move |key| (leaf, key)));
    for (node, key) in codes.take(MOST_OFFERED) {
        if let Some(code) = crate::code::Code::from_key(judgement.system, key) {
            issue.replace(code, Some(list.title(node)), false);
        }
    }
}

/// For a category that is newer than the newest edition: the codes that begin with it.
fn offer_by_prefix(issue: &mut Issue, judgement: &Judgement<'_>, table: Option<&CodeTable>) {
    let Some((table, code)) = table.zip(judgement.code).filter(|_| judgement.concept.is_none())
    else {
        return;
    };
    let valid = table.below(code.key()).filter(|entry| {
        entry.lifetime().period().is_some_and(|period| period.contains(judgement.date))
    });
    for entry in valid.take(MOST_OFFERED) {
        if let Some(code) = crate::code::Code::from_key(judgement.system, entry.key()) {
            issue.replace(code, None, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_headers_behind_a_label() {
        for text in ["Dx: E11", "Dx: E11.2", "Dx: J45.90"] {
            assert_eq!(rules_fired(text), ["non-billable-code"], "{text}");
        }
    }

    #[test]
    fn accepts_complete_codes_of_three_characters() {
        for text in ["Dx: I10", "Dx: E11.9", "Dx: B20"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
