use proptest::prelude::*;

use super::*;

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn build(headings: &[(&str, &str)], codes: &[(&str, &str)]) -> PcsAxes {
    let pairs = |rows: &[(&str, &str)]| -> Vec<(CodeKey, String)> {
        rows.iter().map(|(code, title)| (key(code), (*title).to_owned())).collect()
    };
    let (headings, codes) = (pairs(headings), pairs(codes));
    PcsAxes::build(
        headings.iter().map(|(code, title)| (*code, title.as_str())),
        codes.iter().map(|(code, title)| (*code, title.as_str())),
    )
}

fn labels(axes: &PcsAxes, code: &str) -> Vec<String> {
    let label = |axis: Axis<'_>| axis.label.unwrap_or("?").to_owned();
    axes.of(key(code)).map(label).to_vec()
}

const HEADINGS: [(&str, &str); 2] =
    [("0DT", "Gastrointestinal System, Resection"), ("B50", "Imaging, Veins, Plain Radiography")];

const CODES: [(&str, &str); 9] = [
    ("0DT60ZZ", "Resection of Stomach, Open Approach"),
    ("0DT64ZZ", "Resection of Stomach, Percutaneous Endoscopic Approach"),
    ("0DT70ZZ", "Resection of Stomach, Pylorus, Open Approach"),
    ("0DT74ZZ", "Resection of Stomach, Pylorus, Percutaneous Endoscopic Approach"),
    ("0DTJ0ZZ", "Resection of Appendix, Open Approach"),
    ("0DTJ4ZZ", "Resection of Appendix, Percutaneous Endoscopic Approach"),
    ("0DTJ7ZZ", "Resection of Appendix, Via Natural or Artificial Opening"),
    ("B5001ZZ", "Plain Radiography of Epidural Veins using Low Osmolar Contrast"),
    ("B500YZZ", "Plain Radiography of Epidural Veins using Other Contrast"),
];

#[test]
fn reads_labels_off_headings_and_titles() {
    let axes = build(&HEADINGS, &CODES);
    assert_eq!(
        labels(&axes, "0DT74ZZ"),
        [
            "Medical and Surgical",
            "Gastrointestinal System",
            "Resection",
            "Stomach, Pylorus",
            "Percutaneous Endoscopic",
            "No Device",
            "No Qualifier"
        ]
    );
    assert_eq!(labels(&axes, "0DTJ7ZZ")[4], "Via Natural or Artificial Opening");
    assert_eq!(
        labels(&axes, "B5001ZZ"),
        [
            "Imaging",
            "Veins",
            "Plain Radiography",
            "Epidural Veins",
            "Low Osmolar Contrast",
            "None",
            "None"
        ]
    );
    let names = axes.of(key("B5001ZZ")).map(|axis| axis.name);
    assert_eq!(names[2..5], ["Root Type", "Body Part", "Contrast"]);
}

#[test]
fn labels_what_is_known_of_unknown_and_short_codes() {
    let axes = build(&HEADINGS, &CODES);
    assert_eq!(
        labels(&axes, "0DT67Z9")[3..6],
        ["Stomach", "Via Natural or Artificial Opening", "No Device"]
    );
    let axis = axes.of(key("0DT"))[3];
    assert_eq!((axis.name, axis.character, axis.label), ("Body Part", None, None));
    assert_eq!(axes.of(key("A"))[0], Axis { name: "Section", character: Some('A'), label: None });
}

#[test]
fn goes_on_character_by_character() {
    let axes = build(&HEADINGS, &CODES);
    let next = |prefix: &str| -> Vec<(char, Option<&str>, usize)> {
        let values = axes.next(CodeKey::new(prefix), |_| true);
        values.iter().map(|it| (it.character, it.label, it.codes_below)).collect()
    };
    assert_eq!(next(""), [('0', Some("Medical and Surgical"), 7), ('B', Some("Imaging"), 2)]);
    assert_eq!(next("0"), [('D', Some("Gastrointestinal System"), 7)]);
    assert_eq!(next("0D"), [('T', Some("Resection"), 7)]);
    assert_eq!(
        next("0DT"),
        [('6', Some("Stomach"), 2), ('7', Some("Stomach, Pylorus"), 2), ('J', Some("Appendix"), 3)]
    );
    assert_eq!(next("0DTJ4Z"), [('Z', Some("No Qualifier"), 1)]);
    assert_eq!(next("0DTJ4ZZ"), []);
    assert_eq!(next("0DTX"), []);
    let open = axes.next(Some(key("0DT")), |code| code.character(4) == Some('7'));
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].codes_below, 1);
}

#[test]
fn derives_what_it_can_without_headings() {
    let axes = build(&[], &CODES);
    assert_eq!(labels(&axes, "0DTJ4ZZ")[..2], ["Medical and Surgical", "?"]);
    assert_eq!(labels(&axes, "0DTJ4ZZ")[3..5], ["Appendix", "Percutaneous Endoscopic"]);
}

#[test]
fn finds_devices_before_and_after_the_body_part() {
    let axes = build(
        &[("0TP", "Urinary System, Removal"), ("0TR", "Urinary System, Replacement")],
        &[
            ("0TP500Z", "Removal of Drainage Device from Kidney, Open Approach"),
            ("0TP50DZ", "Removal of Intraluminal Device from Kidney, Open Approach"),
            ("0TP90DZ", "Removal of Intraluminal Device from Ureter, Open Approach"),
            ("0TR60JZ", "Replacement of Right Ureter with Synthetic Substitute, Open Approach"),
            (
                "0TR60KZ",
                "Replacement of Right Ureter with Nonautologous Tissue Substitute, Open Approach",
            ),
            (
                "0TR64JZ",
                "Replacement of Right Ureter with Synthetic Substitute, Percutaneous Endoscopic Approach",
            ),
            ("0TR70JZ", "Replacement of Left Ureter with Synthetic Substitute, Open Approach"),
        ],
    );
    assert_eq!(labels(&axes, "0TP500Z")[3..6], ["Kidney", "Open", "Drainage Device"]);
    assert_eq!(labels(&axes, "0TP90DZ")[3..6], ["Ureter", "Open", "Intraluminal Device"]);
    let whole = ["Right Ureter", "Open", "Nonautologous Tissue Substitute"];
    assert_eq!(labels(&axes, "0TR60KZ")[3..6], whole);
    assert_eq!(labels(&axes, "0TR70JZ")[3..6], ["Left Ureter", "Open", "Synthetic Substitute"]);
}

#[test]
fn gives_no_label_where_titles_differ() {
    let mut codes = CODES;
    codes[4].1 = "Resection of Vermiform Process, Open Approach";
    let axes = build(&HEADINGS, &codes);
    assert_eq!(labels(&axes, "0DT60ZZ")[3], "Stomach");
    // Each approach has a name of its own now.
    assert!(axes.next(Some(key("0DT")), |_| true)[2].label.is_none());
}

#[test]
fn a_meaning_may_depend_on_another_axis() {
    let axes = build(
        &[("XW0", "New Technology, Anatomical Regions, Introduction")],
        &[
            ("XHR0332", "Replacement of Skin, Percutaneous Approach, New Technology Group 2"),
            ("XHR0032", "Replacement of Skin, Open Approach, New Technology Group 2"),
            (
                "XW03355",
                "Introduction of Alpha into Peripheral Vein, Percutaneous Approach, New Technology Group 5",
            ),
            (
                "XW03356",
                "Introduction of Beta into Peripheral Vein, Percutaneous Approach, New Technology Group 6",
            ),
            (
                "XW03366",
                "Introduction of Gamma into Peripheral Vein, Percutaneous Approach, New Technology Group 6",
            ),
            (
                "XW03375",
                "Introduction of Delta into Peripheral Vein, Percutaneous Approach, New Technology Group 5",
            ),
            (
                "XW04355",
                "Introduction of Alpha into Central Vein, Percutaneous Approach, New Technology Group 5",
            ),
            (
                "XW04356",
                "Introduction of Beta into Central Vein, Percutaneous Approach, New Technology Group 6",
            ),
            (
                "XW04366",
                "Introduction of Gamma into Central Vein, Percutaneous Approach, New Technology Group 6",
            ),
        ],
    );
    assert_eq!(labels(&axes, "XW03355")[5], "Alpha");
    assert_eq!(labels(&axes, "XW04356")[5], "Beta");
    assert_eq!(labels(&axes, "XW04356")[6], "New Technology Group 6");
    assert_eq!(axes.next(Some(key("XW033")), |_| true)[0].label, None);
}

proptest! {
    #[test]
    fn never_panics_on_odd_titles(
        rows in prop::collection::vec(("[0BX][0D][0T][0-2Z]{4}", "( |,|of |with |Open |Approach|Left |Bone){0,8}"), 0..40),
        prefix in "[0BXZ]{0,7}",
    ) {
        let rows: Vec<(&str, &str)> = rows.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let axes = build(&[("0DT", ", "), ("B", "Imaging, "), ("X0T", "")], &rows);
        for code in axes.codes() {
            axes.of(*code);
        }
        axes.next(CodeKey::new(&prefix), |_| true);
    }

    #[test]
    fn never_panics_on_stored_nonsense(
        codes in prop::collection::vec("[0-9A-Z]{0,7}", 0..9),
        labels in prop::collection::vec((any::<[u8; 7]>(), any::<u32>()), 0..9),
        ends in prop::collection::vec(0..20_u32, 0..9),
        text in "\\PC{0,9}",
    ) {
        let stored = serde_json::json!({"codes": codes, "labels": labels, "ends": ends, "text": text});
        let axes: PcsAxes = serde_json::from_value(stored).unwrap();
        for (place, _) in &labels {
            axes.text(*place);
        }
        for code in codes.iter().filter_map(|code| CodeKey::new(code)) {
            axes.of(code);
            axes.next(Some(code), |_| true);
        }
        axes.next(None, |_| true);
    }
}
