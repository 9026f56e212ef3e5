//! `medcode search`.

use e2e::{catalog, feed, run};

fn first_codes(query: &str, most: usize) -> Option<Vec<String>> {
    let finished = run(&catalog()?, &["search", query, "--as-of", "2026-04-01", "--json"]);
    let results = finished.json()["results"].as_array().expect("results").clone();
    Some(
        results
            .iter()
            .take(most)
            .filter_map(|hit| hit["code"].as_str().map(str::to_owned))
            .collect(),
    )
}

#[test]
fn finds_by_words_in_any_order_and_by_beginning() {
    for (query, most, expected) in [
        ("E11.6", 20, "E11.65"),
        ("type 2 diabetes", 10, "E11.9"),
        ("diabetes type 2 hyperglycemia", 5, "E11.65"),
        ("hypertension", 3, "I10"),
        ("appendix resection endoscopic", 20, "0DTJ4ZZ"),
        ("ketorolac", 3, "J1885"),
        ("neck, pain", 3, "M54.2"),
        ("frozen left shoulder", 1, "M75.02"),
        ("right kidney cancer", 1, "C64.1"),
        ("trismus", 1, "R25.2"),
        ("pain in the ankle", 1, "M25.57"),
    ] {
        let Some(codes) = first_codes(query, most) else { return };
        assert!(codes.iter().any(|code| code == expected), "{query}: {codes:?}");
    }
}

#[test]
fn finds_by_what_patients_say() {
    for (query, first) in [
        ("inflammation of the gallbladder", "K81"),
        ("inflamed gallbladder", "K81"),
        ("swelling of the left knee", "M25.462"),
        ("blockage of the left carotid artery", "I65.22"),
        ("closed fracture of the distal radius right", "S52.501A"),
        ("tumor of the left kidney", "D49.512"),
        ("fear of heights", "F40.241"),
        ("my ear hurts", "H92.0"),
        ("burning down there", "R30.0"),
        ("peeing blood", "R31.9"),
        ("bead stuck in nose", "T17.1"),
        ("mom had colon cancer", "Z80.0"),
        ("heart attack ten years ago", "I25.2"),
        ("burn on right palm from hot stove", "T23.051"),
        ("bit by dog", "W54.0"),
        ("s/p CABG x3", "Z95.1"),
        ("preemie, 33w GA", "P07.36"),
        ("dysphagia after stroke", "I69.391"),
        ("hives from amoxicillin", "L50"),
        ("mrsa cellulitis", "L03.90"),
        ("breast ca with bone mets", "C50"),
        ("laceration hand mva", "S61.41"),
        ("broken left wrist after fall on ice", "S62.102"),
        ("haven't pooped in five days", "K59.00"),
        ("dog bit me", "W54.0"),
        ("I-cell disease", "E77.0"),
    ] {
        let Some(codes) = first_codes(query, 1) else { return };
        assert_eq!(codes, [first], "{query}");
    }
}

#[test]
fn looks_below_a_chapter_a_block_or_a_code() {
    let Some(catalog) = catalog() else { return };
    for (place, query, expected) in
        [("chapter-10", "asthma", "J"), ("I10-I1A", "hypertension", "I1"), ("E11", "ulcer", "E11")]
    {
        let arguments = ["search", query, "--system", "icd-10-cm", "--within", place, "--json"];
        let found = run(&catalog, &arguments).json();
        let results = found["results"].as_array().expect("results");
        assert!(!results.is_empty(), "{place}");
        let code = |hit: &serde_json::Value| hit["code"].as_str().expect("a code").to_owned();
        assert!(results.iter().all(|hit| code(hit).starts_with(expected)), "{place}: {found}");
    }
    let arguments = ["search", "ulcer", "--system", "icd-10-cm", "--within", "nosuch"];
    assert_eq!(run(&catalog, &arguments).code, Some(2));
}

#[test]
fn leaves_out_codes_for_other_patients() {
    let Some(catalog) = catalog() else { return };
    let first = |arguments: &[&str]| {
        let all = [&["search", "enlarged prostate", "--json"], arguments].concat();
        let found = run(&catalog, &all).json();
        found["results"][0]["code"].as_str().map(str::to_owned)
    };
    let is_prostate = |code: &Option<String>| code.as_ref().is_some_and(|it| it.starts_with("N40"));
    assert!(is_prostate(&first(&[])) && is_prostate(&first(&["--sex", "m", "--age", "70"])));
    assert!(!is_prostate(&first(&["--sex", "female"])));
    assert!(!is_prostate(&first(&["--age", "9"])), "a code for adults");
    assert_eq!(run(&catalog, &["search", "fever", "--age", "125"]).code, Some(2));
}

#[test]
fn takes_any_text_as_a_query() {
    let Some(catalog) = catalog() else { return };
    for query in [
        "heart-attack",
        "type 2 diabetes, w/ foot",
        "\"unterminated",
        "E11.9 OR",
        "%",
        "'; drop table code",
    ] {
        let finished = run(&catalog, &["search", query, "--json"]);
        assert!(matches!(finished.code, Some(0 | 1)), "{query}: {}", finished.stderr);
        assert!(finished.json()["results"].is_array());
    }
}

#[test]
fn says_no_when_nothing_matches() {
    let Some(catalog) = catalog() else { return };
    for query in ["qqqqzzzzxxxx", "qqqqzzzzxxxx syndrome"] {
        let finished = run(&catalog, &["search", query]);
        assert_eq!((finished.code, &*finished.stdout), (Some(1), ""), "{query}");
        assert!(finished.stderr.contains("nothing found"), "{}", finished.stderr);
    }
}

#[test]
fn a_line_that_is_no_query_costs_only_itself() {
    let Some(catalog) = catalog() else { return };
    let long = "word ".repeat(100);
    let input = format!("hypertension\n\n{long}\nasthma\n");
    let finished = feed(&catalog, &["search", "-", "--jsonl", "--limit", "1"], &input);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    let answers = finished.json_lines();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["results"][0]["code"], "I10");
    assert_eq!(answers[1]["line"], 3);
    assert!(answers[1]["error"].as_str().is_some_and(|it| it.contains("longer than")));
    assert_eq!(answers[2]["query"], "asthma");
    assert!(finished.stderr.contains("line 3"), "{}", finished.stderr);

    let nowhere = ["search", "-", "--system", "icd-10-cm", "--within", "nosuch"];
    let finished = feed(&catalog, &nowhere, &input);
    assert_eq!((finished.code, finished.stderr.lines().count()), (Some(2), 1));
}
