//! What installed tables say of a code beside its title: flags of the code editor, coverage, units, payment.

use crate::concept::Particular;

/// A property, and what stands before its value.
const NAMED: [(&str, &str); 11] = [
    ("poa-exempt", "Exempt from reporting present on admission"),
    ("coverage", "Coverage"),
    ("betos", "BETOS"),
    ("status-indicator", "OPPS status indicator"),
    ("mue-practitioner", "Most units, practitioners"),
    ("mue-outpatient", "Most units, outpatient hospitals"),
    ("mue-dme", "Most units, suppliers"),
    ("fee-schedule-status", "Fee schedule status"),
    ("global-days", "Global days"),
    ("bilateral", "Bilateral indicator"),
    ("add-on", "Add-on code of type"),
];

/// The property with the flags of the code editor.
const FLAG: &str = "mce-flag";

/// What the flags of the code editor mean, in the order in which they are told. Those that only name a group of an edit
/// tell a reader nothing.
const FLAGS: [(&str, &str); 14] = [
    ("ecodepdx", "external cause, never the principal diagnosis"),
    ("manifestation", "manifestation, never the principal diagnosis"),
    ("unacceptable", "not accepted as principal diagnosis"),
    ("reqsdx", "as principal diagnosis only with a secondary one"),
    ("qadm", "questioned as reason for admission"),
    ("unspecified", "side not specified"),
    ("newborn", "for newborns"),
    ("pediatric", "for ages 0 to 17"),
    ("maternity", "for ages of childbearing"),
    ("adult", "for ages 15 and above"),
    ("female", "for women"),
    ("male", "for men"),
    ("noncovered", "not covered"),
    ("lcov", "limited coverage"),
];

/// One line each, those of the code editor first.
pub(super) fn lines(particulars: &[Particular]) -> Vec<String> {
    let flags = FLAGS
        .iter()
        .filter(|(flag, _)| particulars.iter().any(|own| own.name == FLAG && own.value == *flag));
    let flags: Vec<_> = flags.map(|(_, words)| *words).collect();
    let flags = (!flags.is_empty()).then(|| format!("Medicare Code Editor: {}", flags.join("; ")));
    let others = NAMED.iter().flat_map(|(name, words)| {
        let own = particulars.iter().filter(move |own| own.name == *name);
        own.filter_map(move |own| line(words, own))
    });
    flags.into_iter().chain(others).collect()
}

fn line(words: &str, particular: &Particular) -> Option<String> {
    let Particular { value, meaning, .. } = particular;
    match (value.as_str(), meaning.as_str()) {
        ("" | "no", _) => None,
        ("yes", _) => Some(words.to_owned()),
        (value, "") => Some(format!("{words}: {value}")),
        (value, meaning) => Some(format!("{words}: {value}, {meaning}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn particular(name: &str, value: &str, meaning: &str) -> Particular {
        let [name, value, meaning] = [name, value, meaning].map(str::to_owned);
        Particular { name, value, meaning }
    }

    #[test]
    fn tells_what_is_there_in_words() {
        let known = [
            particular("betos", "T1H", ""),
            particular("mce-flag", "unacceptable", ""),
            particular("mce-flag", "diabtypeI", ""),
            particular("mce-flag", "maternity", ""),
            particular("poa-exempt", "yes", ""),
            particular("mue-practitioner", "3", "units on each claim line (indicator 1)"),
            particular("parent", "E11", ""),
        ];
        let expected = [
            "Medicare Code Editor: not accepted as principal diagnosis; for ages of childbearing",
            "Exempt from reporting present on admission",
            "BETOS: T1H",
            "Most units, practitioners: 3, units on each claim line (indicator 1)",
        ];
        assert_eq!(lines(&known), expected);
        assert!(lines(&[particular("poa-exempt", "no", "")]).is_empty());
    }
}
