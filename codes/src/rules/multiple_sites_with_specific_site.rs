//! "Multiple sites" beside one of the sites.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    date::Date,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{NodeId, NodeKind, TabularList},
};

declare_rule! {
    /// A "multiple sites" code stands beside a code for one of the sites.
    ///
    /// ## Why
    /// Sites that are documented are coded one by one. A code for multiple sites is for sites that are not told.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: M06.09, M06.061
    ///     ^^^^^^ info[multiple-sites-with-specific-site]: M06.09 (multiple sites) stands beside M06.061: code documented sites one by one, the other only for sites not documented.
    /// ```
    ///
    /// ## Exceptions
    /// Only in chapter 13, for lymphoma and for burns. Silent for dates before 2025-10-01, except for burns and corrosions,
    /// and beside codes that name no site.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.20 and I.C.13.a.2, new in that edition; I.C.19.d.5 for burns.
    "multiple-sites-with-specific-site", Information, Reported, Coding(check), about(Cue::Codes(&[&CODES]))
}

static CODES: CodeSet = CodeSet::new("M00-M99, C81-C88, T20-T25");
static BURNS: CodeSet = CodeSet::new("T20-T25");

/// The first day of the edition that brought the guideline.
const SINCE: Date = jiff::civil::date(2025, 10, 1);

/// Words of titles that name no site.
const NO_SITE: [&str; 4] = ["unspecified", "other", "extranodal", "in remission"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let all = encounter.good_diagnoses();
    for several in all {
        let Some((list, node)) = multiple_sites(several) else { continue };
        let applies = BURNS.contains(several) || encounter.date >= SINCE;
        let Some(parent) = list.parent(node).filter(|_| applies) else { continue };
        report.skip_unavailable(encounter);
        let mut sites = all.iter().filter(|it| is_a_site(it, list, node, parent, several));
        let Some(first) = sites.next() else {
            report.pass();
            continue;
        };
        let written = several.written();
        let message = format!(
            "{written} (multiple sites) stands beside {}: code documented sites one by one, the other only for sites not documented.",
            first.written()
        );
        let issue = report.fail_on(encounter, several, message).and(first);
        issue.remove(several.item, &written);
        for site in sites {
            issue.and(site);
        }
    }
}

/// The highest node above a code that says "multiple sites", itself included.
fn multiple_sites<'a>(diagnosis: &ReportedDiagnosis<'a>) -> Option<(&'a TabularList, NodeId)> {
    let (list, location) = diagnosis.place.filter(|_| CODES.contains(diagnosis))?;
    let above = std::iter::successors(Some(location.node), |node| list.parent(*node));
    let codes = above.take_while(|node| list.kind(*node) == NodeKind::Code);
    let node = codes.filter(|node| list.title(*node).contains("multiple sites")).last()?;
    Some((list, node))
}

/// Whether a code names a site beside the node for several, at the same stage of care.
fn is_a_site(
    other: &ReportedDiagnosis<'_>,
    list: &TabularList,
    node: NodeId,
    parent: NodeId,
    several: &ReportedDiagnosis<'_>,
) -> bool {
    let Some((other_list, place)) = other.place else { return false };
    let below = |node: NodeId| node <= place.node && place.node < list.end(node);
    let title = list.title(place.node).to_ascii_lowercase();
    let has =
        |phrase: &&str| format!(" {} ", title.replace(',', " ")).contains(&format!(" {phrase} "));
    std::ptr::eq(list, other_list)
        && below(parent)
        && !below(node)
        && other.seventh() == several.seventh()
        && !NO_SITE.iter().any(has)
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "multiple-sites-with-specific-site";

    #[test]
    fn reports_a_site_beside_several() {
        assert_eq!(reports(RULE, "M06.09, M06.061"), ["info M06.09 M06.061"]);
        assert_eq!(reports(RULE, "M06.061, M06.032, M06.09"), ["info M06.09 M06.061 M06.032"]);
        assert_eq!(reports(RULE, "T20.19XA, T20.15XA @2020-01-01"), ["info T20.19XA T20.15XA"]);
        assert_eq!(reports(RULE, "C81.08, C81.03"), ["info C81.08 C81.03"]);
    }

    #[test]
    fn accepts_several_alone_and_sites_alone() {
        for codes in [
            "M06.09",
            "M06.061, M06.032",
            "M06.09, M06.061 @2025-09-30",
            "M06.09, M06.00",
            "M06.09, M06.361",
            "T20.19XD, T20.15XA",
            "C81.08, C81.00",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("M06.061")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("M06.09")).as_deref(), Some("pass"));
    }
}
