use crate::{
    document::{Assembly, CheckSettings, Document, Edits, TextIssue},
    testing::{TODAY, sample},
};

fn check(text: &str) -> Assembly {
    let document = Document::new(text);
    let answers: Vec<_> =
        document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
    document.assemble(&answers, &CheckSettings::default())
}

fn issue(text: &str, rule: &str) -> TextIssue {
    let found = check(text).issues.into_iter().find(|issue| issue.rule == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {text}"))
}

fn applied(text: &str, edits: &Edits) -> String {
    let mut text = text.to_owned();
    for (range, new) in edits.iter().rev() {
        text.replace_range(range.clone(), new);
    }
    text
}

/// The text after "ignore here", which must then say nothing but that the reason is missing.
fn ignored(text: &str, rule: &str) -> String {
    let edits = issue(text, rule).ignoring.here.expect("a way");
    let after = applied(text, &edits);
    let left: Vec<_> = check(&after).issues.into_iter().map(|issue| issue.rule).collect();
    assert!(left.iter().all(|rule| rule == "invalid-pragma"), "{left:?} in {after}");
    after
}

#[test]
fn on_a_line_the_comment_stands_at_its_end() {
    for (text, expected) in [
        (
            "DOS: 2026-04-01\nDx: E11.66  \nend",
            "DOS: 2026-04-01\nDx: E11.66 <!-- medcode: ignore unknown-code E11.66 -- -->  \nend",
        ),
        // The list goes on behind a comma.
        (
            "DOS: 2026-04-01\r\nDx: E11.66,\r\nI10\r\n",
            "DOS: 2026-04-01\r\nDx: E11.66, <!-- medcode: ignore unknown-code E11.66 -- -->\r\nI10\r\n",
        ),
        // Behind a backquote that nothing closes it would be code.
        (
            "DOS: 2026-04-01\n  Dx: `E11.66",
            "DOS: 2026-04-01\n  <!-- medcode: ignore-next-line unknown-code E11.66 -- -->\n  Dx: `E11.66",
        ),
    ] {
        assert_eq!(ignored(text, "unknown-code"), expected);
    }
    let goes_on = "DOS: 2026-04-01\nDx: E11.66, <!-- medcode: ignore unknown-code -- x -->\nI10";
    assert_eq!(Document::new(goes_on).note().mentions.len(), 2);
}

#[test]
fn in_a_table_the_comment_stands_in_the_last_cell() {
    let table = |cell: &str| {
        format!("DOS: 2026-04-01\n\n| Dx | Note |\n|---|---|\n| E11.66 | {cell}|\n| I10 | |\n")
    };
    for cell in ["left ", ""] {
        let after = ignored(&table(cell), "unknown-code");
        let expected =
            format!("{cell} <!-- medcode: ignore unknown-code E11.66 -- -->").replace("  ", " ");
        assert!(
            after.contains(&format!("{expected} |")) || after.contains(&format!("{expected}|")),
            "{after}"
        );
    }
}

#[test]
fn round_a_fence_it_has_two_ends() {
    let text = "DOS: 2026-04-01\n- x\n  ```codes\n  E11.66\n  ```\nDx: I10\n";
    let expected = "DOS: 2026-04-01\n- x\n  <!-- medcode: ignore-start unknown-code E11.66 -- -->\n  ```codes\n  E11.66\n  ```\n  <!-- medcode: ignore-end unknown-code -->\nDx: I10\n";
    assert_eq!(ignored(text, "unknown-code"), expected);
    let claim = "DOS: 2026-04-01\r\n```claim\r\nHI*ABK:E1166~\r\n```";
    assert!(
        ignored(claim, "unknown-code")
            .ends_with("```\r\n<!-- medcode: ignore-end unknown-code -->")
    );
    let open = "DOS: 2026-04-01\n```codes\nE11.66";
    assert!(!ignored(open, "unknown-code").contains("ignore-end"));
}

#[test]
fn for_front_matter_it_stands_below() {
    let text = "---\ndate: 2026-04-01\ndx: [E11.66]\n---\n# Visit\n";
    let expected = "---\ndate: 2026-04-01\ndx: [E11.66]\n---\n<!-- medcode: ignore-file unknown-code E11.66 -- -->\n# Visit\n";
    assert_eq!(ignored(text, "unknown-code"), expected);
    let alone = "---\ndate: 2026-04-01\ndx: [E11.66]\n---";
    assert!(
        ignored(alone, "unknown-code")
            .ends_with("---\n<!-- medcode: ignore-file unknown-code E11.66 -- -->")
    );
}

#[test]
fn in_claims_and_sheets_no_comment_can_stand() {
    for text in [
        "HI*ABK:E1166~\nDTP*472*D8*20260401~\n",
        "date,dx,units\n2026-04-01,E11.66,1\n2026-04-01,I10,1\n",
    ] {
        let ways = issue(text, "unknown-code").ignoring;
        assert_eq!((ways.here, ways.in_file, ways.unrelated), (None, None, None), "{text}");
    }
}

#[test]
fn in_the_file_it_stands_at_the_head() {
    let text = "\u{FEFF}# Visit\n\nDOS: 2026-04-01\nDx: E11.66\n";
    let edits = issue(text, "unknown-code").ignoring.in_file.unwrap();
    let after = applied(text, &edits);
    assert!(
        after.starts_with("\u{FEFF}<!-- medcode: ignore-file unknown-code E11.66 -- -->\n# Visit")
    );
    let left: Vec<_> = check(&after).issues.into_iter().map(|issue| issue.rule).collect();
    assert_eq!(left, ["invalid-pragma"]);
}

#[test]
fn a_comment_that_stands_there_is_extended_where_it_then_accepts_nothing_else() {
    let with = |rules: &str| {
        format!(
            "DOS: 2026-04-01\nDx: E11.66, E11.67, I10, I10 <!-- medcode: ignore {rules} -- asked -->"
        )
    };
    let after = ignored_one(&with("unknown-code E11.66"), "unknown-code");
    assert!(after.contains("ignore unknown-code E11.66 E11.67 -- asked -->"), "{after}");
    let after = ignored_one(&with("unknown-code E11.66 E11.67"), "duplicate-diagnosis");
    assert!(
        after.ends_with("asked --> <!-- medcode: ignore duplicate-diagnosis I10 -- -->"),
        "{after}"
    );
    let after = ignored_one(&with("expired-code I10"), "duplicate-diagnosis");
    assert!(after.contains("ignore expired-code, duplicate-diagnosis I10 -- asked -->"), "{after}");
}

/// The text after "ignore here" of the first issue of a rule, which is then gone.
fn ignored_one(text: &str, rule: &str) -> String {
    let found = issue(text, rule);
    let after = applied(text, &found.ignoring.here.clone().expect("a way"));
    let is_left = |other: &TextIssue| other.rule == found.rule && other.codes == found.codes;
    assert!(!check(&after).issues.iter().any(is_left), "{after}");
    after
}

#[test]
fn two_codes_are_marked_as_unrelated_in_their_encounter() {
    for text in [
        "DOS: 2026-04-01\nDx: E10.9, E11.9\n",
        "---\ndate: 2026-04-01\ndx: [E10.9, E11.9]\n---\n",
        "# 2026-04-01\nDx: I10\n# 2026-04-02\n```codes\nE10.9\nE11.9\n```\n",
    ] {
        let edits = issue(text, "excludes1-conflict").ignoring.unrelated.expect("a way");
        let after = applied(text, &edits);
        assert!(
            after.contains("<!-- medcode: unrelated E10.9 E11.9 -- -->")
                || after.contains("<!-- medcode: unrelated E11.9 E10.9 -- -->"),
            "{after}"
        );
        let left: Vec<_> = check(&after).issues.into_iter().map(|issue| issue.rule).collect();
        assert!(!left.contains(&"excludes1-conflict".to_owned()), "{after}");
    }
    assert_eq!(issue("DOS: 2026-04-01\nDx: E11.66", "unknown-code").ignoring.unrelated, None);
}
