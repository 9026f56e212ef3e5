//! An unspecified code beside a code that specifies.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Mark, NodeId, NodeKind, TabularList, sides::Side},
};

declare_rule! {
    /// An unspecified code stands together with a specific one of its category.
    ///
    /// ## Why
    /// Unspecified codes are for what is not known. Where a specific code is reported it is known, and the unspecified one
    /// adds nothing; or the two contradict each other.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: J45.909, J45.41
    ///     ^^^^^^^ info[redundant-unspecified-code]: J45.909 (Unspecified asthma, uncomplicated) says less than J45.41 beside it; report it only for another condition.
    /// ```
    ///
    /// ## Exceptions
    /// Silent where a second condition is likely: codes of different sides or of a side that is left open, different 7th
    /// characters, drugs, germs, external causes, and factors of chapter 21.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.9.b and I.B.18.
    "redundant-unspecified-code", Information, Reported, Coding(check), about(Cue::Marked(Mark::Unspecified))
}

/// Categories of which one patient often has several: two germs, two drugs, two events, two facts of a history.
static SEVERAL: CodeSet = CodeSet::new("B95-B97, T36-T65, V00-Y99, Z00-Z99");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let all = encounter.good_diagnoses();
    for vague in all {
        let Some((list, parent)) = parent(vague) else { continue };
        report.skip_unavailable(encounter);
        report.pass();
        // The scope never reaches beyond the category: titles are read only where another code of it stands beside.
        let is_near = |it: &ReportedDiagnosis<'_>| {
            it.key != vague.key && it.key.prefix(3) == vague.key.prefix(3)
        };
        if !all.iter().any(is_near) {
            continue;
        }
        let scope = widened(list, parent);
        let specific = all.iter().find(|it| says_more(it, vague, list, scope));
        let Some(specific) = specific else { continue };
        let message = format!(
            "{} says less than {} beside it; report it only for another condition.",
            vague.named(),
            specific.written()
        );
        let issue = report.fail_on(encounter, vague, message).and(specific);
        issue.remove(vague.item, &vague.written());
    }
}

/// The node that an unspecified code leaves open: the first above it that is not unspecified itself, up to its category.
fn scope<'a>(diagnosis: &ReportedDiagnosis<'a>) -> Option<(&'a TabularList, NodeId)> {
    let (list, parent) = parent(diagnosis)?;
    Some((list, widened(list, parent)))
}

/// What an unspecified code stands in.
fn parent<'a>(diagnosis: &ReportedDiagnosis<'a>) -> Option<(&'a TabularList, NodeId)> {
    let (list, location) = diagnosis.place.filter(|_| diagnosis.is_marked(Mark::Unspecified))?;
    if diagnosis.side() == Some(Side::Unspecified) || SEVERAL.contains(diagnosis) {
        return None;
    }
    Some((list, code_above(list, location.node)?))
}

fn code_above(list: &TabularList, node: NodeId) -> Option<NodeId> {
    list.parent(node).filter(|parent| list.kind(*parent) == NodeKind::Code)
}

/// The nearest node at or above `scope` that names a condition.
fn widened(list: &TabularList, mut scope: NodeId) -> NodeId {
    // "Unspecified asthma" is what asthma is called there; "with unspecified retinopathy" is not all of diabetes.
    while list.title(scope).starts_with("Unspecified ")
        || list.title(scope).starts_with("Other and unspecified ")
        || list.title(scope).ends_with(", unspecified")
    {
        match code_above(list, scope) {
            Some(above) => scope = above,
            None => break,
        }
    }
    scope
}

fn says_more(
    other: &ReportedDiagnosis<'_>,
    vague: &ReportedDiagnosis<'_>,
    list: &TabularList,
    scope_of_vague: NodeId,
) -> bool {
    let (Some((other_list, place)), Some((_, own))) = (other.place, vague.place) else {
        return false;
    };
    if !std::ptr::eq(list, other_list) || place.node == own.node {
        return false;
    }
    let is_below = scope_of_vague < place.node && place.node < list.end(scope_of_vague);
    let leaves_less_open = !other.is_marked(Mark::Unspecified)
        || scope(other).is_some_and(|(_, it)| it != scope_of_vague);
    let (title, other_title) = (list.title(own.node), list.title(place.node));
    // Below a category of several conditions the unspecified one has to be the same; one at a side, at the same place.
    let has_side = vague.side().is_some();
    let is_any = !has_side && list.parent(own.node) == Some(scope_of_vague);
    let condition = if has_side { title } else { title.split(',').next().unwrap_or(title) };
    is_below
        && leaves_less_open
        && other.side() == vague.side()
        && other.seventh() == vague.seventh()
        && !leave_the_same_open(title, other_title)
        && (is_any || names_the_same(condition, other_title))
}

/// Both say "unspecified site".
fn leave_the_same_open(title: &str, other: &str) -> bool {
    let open = |title: &str| {
        let title = title.to_ascii_lowercase();
        let rest = title.split("unspecified ").skip(1).map(|rest| {
            rest.split(' ').next().unwrap_or_default().trim_end_matches(',').to_owned()
        });
        rest.collect::<Vec<_>>()
    };
    let others = open(other);
    open(title).iter().any(|what| others.contains(what))
}

/// Every word of a condition stands in the other title.
fn names_the_same(condition: &str, other: &str) -> bool {
    let others: Vec<_> = words(other).collect();
    let mut counted =
        words(condition).filter(|word| !matches!(word.as_str(), "unspecified" | "the"));
    counted.all(|word| others.contains(&word))
}

fn words(title: &str) -> impl Iterator<Item = String> + '_ {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "redundant-unspecified-code";

    #[test]
    fn reports_the_unspecified_of_two() {
        assert_eq!(reports(RULE, "J45.909, J45.41"), ["info J45.909 J45.41"]);
        assert_eq!(reports(RULE, "E78.00, E78.5"), ["info E78.5 E78.00"]);
        assert_eq!(reports(RULE, "I50.9, I50.22"), ["info I50.9 I50.22"]);
        assert_eq!(reports(RULE, "S52.501A, S52.521A"), ["info S52.501A S52.521A"]);
        assert_eq!(reports(RULE, "I48.91, I48.0"), ["info I48.91 I48.0"]);
    }

    #[test]
    fn accepts_what_may_be_a_second_condition() {
        for codes in [
            "J45.909",
            "M25.569, M25.561",
            "J45.909, J45.901",
            "E11.319, E11.36",
            "S82.209A, S82.201A",
            "I48.91, I48.92",
            "S52.501A, S52.522A",
            "S52.501A, S52.521D",
            "Y92.9, Y92.009",
            "E78.5, I10",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn has_nothing_to_look_at_without_an_unspecified_code() {
        assert_eq!(outcome_of(RULE, &encounter_of("I10, E11.9")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("E78.5, I10")).as_deref(), Some("pass"));
    }
}
