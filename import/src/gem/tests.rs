use proptest::prelude::*;

use super::*;

fn gem(text: &str) -> Result<GemFile, ImportError> {
    read(text.as_bytes(), "gem.txt")
}

fn shown(file: &GemFile) -> Vec<String> {
    let rows = file.entries.iter().map(|row| {
        let to = row.to.map_or("-".to_owned(), |key| key.to_string());
        let flags = [row.approximate, row.combination].map(u8::from);
        format!("{} {to} {flags:?} {}/{}", row.from, row.scenario, row.choice_list)
    });
    rows.collect()
}

#[test]
fn reads_codes_and_flags_with_either_line_end() {
    let file =
        gem("A000    0010  00000\r\nE0800   24980 10112\r\nR29700  NoDx  11000\r\n").unwrap();
    assert_eq!(file.direction, GemDirection::CmToIcd9);
    assert_eq!(
        shown(&file),
        ["A000 0010 [0, 0] 0/0", "E0800 24980 [1, 1] 1/2", "R29700 - [1, 0] 0/0"]
    );
}

#[test]
fn tells_the_direction_by_the_shapes_of_all_lines() {
    for (text, direction) in [
        ("0010  A000    00000\nE8000 V8100XA 10000\n", GemDirection::Icd9ToCm),
        ("E8000 V8100XA 10000\nv700  Z0000   10000", GemDirection::Icd9ToCm),
        ("0016070 0234  10000\n0016071 NoPCS 11000\n", GemDirection::PcsToIcd9),
        ("0001  6A750Z7 10000\n0002  NoPCS   11000\n", GemDirection::Icd9ToPcs),
    ] {
        assert_eq!(gem(text).map(|file| file.direction), Ok(direction), "{text}");
        assert!(recognises(text) && recognises(&format!("{text}\nE80")), "{text}");
    }
}

#[test]
fn reads_the_form_with_columns() {
    let head = "\"icd9cm\",\"icd10cm\",\"flags\",\"approximate\",\"no_map\",\"combination\",\"scenario\",\"choice_list\"\n";
    let text = format!(
        "{head}\"0010\",\"A000\",\"00000\",0,0,0,0,0\n\"36570\",\"NoDx\",\"11000\",1,1,0,0,0\n"
    );
    let file = gem(&text).unwrap();
    assert_eq!(file.direction, GemDirection::Icd9ToCm);
    assert_eq!(shown(&file), ["0010 A000 [0, 0] 0/0", "36570 - [1, 0] 0/0"]);
    assert!(recognises(&text));
    for (row, problem) in [
        ("0010,A000,00000,1,0,0,0,0", "contradict"),
        ("A000,0010,00000", "header names"),
        ("0010,A000", "fewer"),
        ("", "no rows"),
    ] {
        let error = gem(&format!("{head}{row}\n")).unwrap_err();
        assert!(error.problem.contains(problem), "{row}: {error}");
    }
}

#[test]
fn names_the_line_that_it_refuses() {
    for (line, problem) in [
        ("A000 0010", "form"),
        ("A000 0010 00000 more", "form"),
        ("", "form"),
        ("A000 0010 0000", "five digits"),
        ("A000 0010 000x0", "five digits"),
        ("A000 0010 20000", "neither 0 nor 1"),
        ("A000 0010 10100", "contradict"),
        ("A000 0010 10010", "contradict"),
        ("A00.0 0010 10000", "no code"),
        ("A000 A000 10000", "systems"),
        ("0010 A000 10000", "systems"),
    ] {
        let error = gem(&format!("A000    0010  00000\n{line}\n")).unwrap_err();
        assert_eq!(error.place, Place::Line(2), "{line}: {error}");
        assert!(error.problem.contains(problem), "{line}: {error}");
    }
    assert!(gem("").is_err());
}

#[test]
fn leaves_other_files_alone() {
    for head in [
        "",
        "A000    Cholera due to something\n",
        "00001 A00     0 Cholera\n",
        "A000 0010 00000 and more words\n",
        "code,description,flags\n",
        "<ICD10CM.index>\n",
    ] {
        assert!(!recognises(head), "{head}");
    }
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        text in "([A-EV0-9]{3,7} {1,3}[A-EV0-9]{3,7} {1,2}[01]{5}\r?\n){0,5}",
        csv in "icd9cm,icd10cm,flags\n([A-E0-9\",]{0,20}\n){0,5}",
    ) {
        let _ = read(&bytes, "gem.txt");
        for text in [text, csv] {
            let _ = gem(&text);
            let _ = recognises(&text);
        }
    }
}
