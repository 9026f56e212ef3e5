//! Placeholders that were left where a code belongs.

use crate::{
    issue::Severity,
    note::Placeholder,
    rule::declare_rule,
    text_check::{TextReport, TextView},
};

/// Longer placeholders are not repeated in the message.
const LONGEST: usize = 30;

declare_rule! {
    /// A placeholder of the template stands where a code belongs, and the note is signed.
    ///
    /// ## Why
    /// Nobody fills it in any more: the code is missing on the claim, or the placeholder itself is sent.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.9, ***
    ///            ^^^ error[placeholder-in-signed-note]: `***` stands where an ICD-10-CM code belongs, and the note is signed: put in the code or take the placeholder out.
    ///
    /// Electronically signed by the attending on 2026-04-01
    /// ```
    ///
    /// ## Exceptions
    /// Silent while the note is not signed, and where its front matter says `template: true`. Only places that ask for
    /// codes count: behind a label, in a coding column, key, fence or claim. In a section about the past it is a
    /// warning.
    ///
    /// ## Source
    /// medcode: a signed note is complete.
    "placeholder-in-signed-note", Error, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    if !view.note.is_signed {
        return;
    }
    for placeholder in &view.note.placeholders {
        let finding = report.fail(placeholder.range.clone(), message(view.text, placeholder));
        if !placeholder.reported {
            finding.severity = Severity::Warning;
        }
    }
}

fn message(text: &str, placeholder: &Placeholder) -> String {
    let written = text.get(placeholder.range.clone()).filter(|it| it.len() <= LONGEST);
    let subject = written.map_or_else(|| "A placeholder".to_owned(), |it| format!("`{it}`"));
    let wanted = match placeholder.system {
        Some(system) if system.title().starts_with('I') => format!("an {} code", system.title()),
        Some(system) => format!("a {} code", system.title()),
        None => "a code".to_owned(),
    };
    format!(
        "{subject} stands where {wanted} belongs, and the note is signed: put in the code or take the placeholder out."
    )
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, rules_fired};

    const SIGNED: &str = "\n\nElectronically signed by Jane Roe, MD";

    #[test]
    fn reports_placeholders_of_signed_notes() {
        for place in [
            "Dx: ***",
            "Dx: {{dx}}",
            "ICD-10: @DIAG@",
            "Dx: [[dx]]",
            "Dx: I10, {{dx2}}",
            "| ICD-10 | Description |\n|---|---|\n| {{icd}} | {{desc}} |\n",
        ] {
            assert_eq!(
                rules_fired(&format!("{place}{SIGNED}")),
                ["placeholder-in-signed-note"],
                "{place}"
            );
        }
    }

    #[test]
    fn a_template_waits_for_its_codes() {
        for text in ["Dx: ***", "Dx: {{dx}}\n\nElectronically signed by {{provider}}"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
        let declared = "---\ntemplate: true\n---\nDx: ***\n\nSigned by: Jane Roe";
        assert!(issues_of(declared).is_empty());
        assert!(issues_of("Visit of {{date}}\nDx: G35.A, {{dx2}}").is_empty());
    }

    #[test]
    fn other_places_are_left_to_the_author() {
        for text in ["Assessment: ***", "Dx: I10 - ***", "Seen with @NAME@", "Dx: I10 {{title}}"] {
            assert!(rules_fired(&format!("{text}{SIGNED}")).is_empty(), "{text}");
        }
        let issues = issues_of(&format!("DOS: 2026-04-01\nPMH: Dx: ***{SIGNED}"));
        assert!(issues.len() == 1 && issues[0].starts_with("warning"), "{issues:?}");
    }
}
