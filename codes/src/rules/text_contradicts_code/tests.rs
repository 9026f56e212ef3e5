use crate::testing::{issues_of, text_reports};

fn reports(text: &str) -> Vec<String> {
    text_reports("text-contradicts-code", text)
}

#[test]
fn reports_the_opposite() {
    for (text, code) in [
        ("Dx: type 1 diabetes E11.9", "E11.9"),
        ("Type I diabetes (E11.9)", "E11.9"),
        ("T1DM (E11.9)", "E11.9"),
        ("T2DM (E10.9)", "E10.9"),
        ("acute kidney failure (N18.30)", "N18.30"),
        ("stage 4 CKD (N18.30)", "N18.30"),
        ("CKD stage IV (N18.30)", "N18.30"),
        ("class 3 obesity (E66.811)", "E66.811"),
        ("Acute systolic heart failure (I50.31)", "I50.31"),
        ("Mild persistent asthma (J45.40)", "J45.40"),
        ("Diabetes, resolved (E11.A)", "E11.A"),
        ("NSTEMI (I21.3)", "I21.3"),
        ("GERD with esophagitis (K21.9)", "K21.9"),
    ] {
        assert_eq!(reports(text), [format!("warning {code}")], "{text}");
    }
}

#[test]
fn silent_where_nothing_is_opposed() {
    for text in [
        "type 2 DM (E11.9)",
        "Acute on chronic systolic heart failure (I50.21)",
        "Acute on chronic systolic heart failure (I50.23)",
        "CKD stage 3b (N18.30)",
        "CKD stage 3 (N18.31)",
        "Chronic back pain, seen for acute bronchitis (J20.9)",
        "Acute pain from gout (M1A.9XX0)",
        "DM type 2, type 1 ruled out (E11.9)",
        "Hypertension secondary to stress (I10)",
        "GERD without esophagitis (K21.9)",
        "Acute exacerbation of COPD (J44.9)",
        "Depression (F33.1)",
        "Dx: E11.9, I10",
        "Obesity, class 1 (E66.811)",
        "h/o type 1 diabetes in brother, type 2 diabetes (E11.9)",
    ] {
        assert!(reports(text).is_empty(), "{text}");
    }
}

#[test]
fn names_the_code_that_says_it() {
    let issues = issues_of("DOS: 2026-04-01\n\n- class 3 obesity (E66.811)");
    assert!(
        issues.iter().any(|issue| issue.contains("E66.813 (Obesity, class 3) says it")),
        "{issues:?}"
    );
}
