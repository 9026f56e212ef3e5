//! `medcode lookup`.

use e2e::{catalog, run};

#[test]
fn shows_what_a_code_means() {
    let Some(catalog) = catalog() else { return };
    let finished = run(&catalog, &["lookup", "e119", "--as-of", "2026-04-01", "--json"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let code = finished.json()["results"][0].clone();
    assert_eq!(code["system"], "icd-10-cm");
    assert_eq!(code["code"], "E11.9");
    assert_eq!(code["found"], true);
    assert_eq!(code["display"], "Type 2 diabetes mellitus without complications");
    assert_eq!(code["billable"], true);
    assert_eq!(code["valid_from"], "2015-10-01");
    assert_eq!(code["valid_to"], serde_json::Value::Null);
    assert_eq!(code["release"], "2026-04-01");
    assert_eq!(code["ancestors"][0]["code"], "E11");
    assert!(
        code["excludes1"]
            .as_array()
            .is_some_and(|notes| notes.iter().any(|note| note["at"] == "E11"))
    );
}

#[test]
fn shows_headers_and_seventh_characters() {
    let Some(catalog) = catalog() else { return };
    let finished =
        run(&catalog, &["lookup", "E11", "S72.001", "W19", "--as-of", "2026-04-01", "--json"]);
    let results = finished.json()["results"].clone();
    assert_eq!(results[0]["billable"], false);
    assert!(results[0]["children"].as_array().is_some_and(|children| children.len() >= 9));
    assert_eq!(results[1]["seventh_characters"].as_array().map(Vec::len), Some(16));
    assert_eq!(results[2]["seventh_characters"][0]["code"], "W19.XXXA");
}

#[test]
fn suggests_what_was_meant() {
    let Some(catalog) = catalog() else { return };
    let finished = run(&catalog, &["lookup", "E11.66", "--json"]);
    assert_eq!(finished.code, Some(1));
    let code = finished.json()["results"][0].clone();
    assert_eq!(code["found"], false);
    assert_eq!(code["suggestions"][0]["code"], "E11.65");
}

#[test]
fn tells_titles_that_are_missing() {
    let Some(catalog) = catalog() else { return };
    let finished = run(&catalog, &["lookup", "B88.01", "--as-of", "2026-10-01", "--json"]);
    assert_eq!(finished.json()["results"][0]["display"], "Infestation by Demodex mites");
    let finished = run(&catalog, &["lookup", "M72.21", "--as-of", "2026-10-01", "--json"]);
    let code = finished.json()["results"][0].clone();
    assert_eq!(code["found"], true);
    assert_eq!(code["display"], serde_json::Value::Null);
    assert!(code["note"].as_str().is_some_and(|note| note.contains("2026-04-01")), "{code}");
}
