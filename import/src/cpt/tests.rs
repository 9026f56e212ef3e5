use proptest::prelude::*;

use super::*;

/// An invented block in the form of the official one.
const BLOCK: &str = "==========\r\n\r\nInvented codes are copyright 1900,\r\n1901 American Medical Association. All rights reserved.\r\nA mark.\r\n\r\nRIGHTS. More\r\nlines\r\n\r\n";
const CLAIM: &str =
    "Invented codes are copyright 1900, 1901 American Medical Association. All rights reserved.";

fn with_block(rows: &str) -> String {
    format!("{BLOCK}{rows}")
}

fn cpt(text: &str) -> Result<CptFile, ImportError> {
    read(text.as_bytes(), "FILE.txt")
}

fn shown(file: &CptFile) -> Vec<String> {
    file.rows.iter().map(|row| format!("{}: {}", row.code, row.descriptor)).collect()
}

#[test]
fn reads_long_descriptors() {
    let text = with_block("00000\tInvented  purring, initial\r\n0000T\tInvented humming\r\n\r\n");
    let file = cpt(&text).unwrap();
    assert_eq!((file.kind, file.copyright.as_str()), (CptText::Long, CLAIM));
    assert_eq!(shown(&file), ["00000: Invented purring, initial", "0000T: Invented humming"]);
    assert!(recognises(text.trim_end()));
}

#[test]
fn tells_medium_from_short_descriptors() {
    let short = with_block("00000 INVENTED PURRING            \r\n99999 INVENTED HUMMING\r\n");
    let file = cpt(&short).unwrap();
    assert_eq!((file.kind, shown(&file)[0].as_str()), (CptText::Short, "00000: INVENTED PURRING"));
    assert_eq!(read(short.as_bytes(), "MEDU.txt").unwrap().kind, CptText::Medium);
    let medium = with_block("00000 INVENTED PURRING OF MORE THAN 28 CHARACTERS\r\n");
    assert_eq!(cpt(&medium).unwrap().kind, CptText::Medium);
    assert!(recognises(&format!("{short}9999")) && recognises(&medium));
}

#[test]
fn reads_tables_for_consumers_and_clinicians() {
    let consumer =
        "Concept Id\tCPT Code\tConsumer Friendly Descriptor\r\n1\t00000\tInvented purr\r\n";
    let file = cpt(consumer).unwrap();
    assert_eq!((file.kind, file.copyright.as_str()), (CptText::Consumer, ""));
    assert_eq!(shown(&file), ["00000: Invented purr"]);
    let clinician = with_block(
        "ConceptId\tCPT Code\tClinicianDescriptorId\tClinicianDescriptor\n1\t99999\t2\tPurr\n1\t99999\t3\tHum\n",
    );
    let file = cpt(&clinician).unwrap();
    assert_eq!((file.kind, file.copyright.as_str()), (CptText::Clinician, CLAIM));
    assert_eq!(shown(&file), ["99999: Purr", "99999: Hum"]);
    assert!(recognises(consumer) && recognises(&clinician));
}

#[test]
fn finds_modifiers_in_prose() {
    let text = with_block(
        "Appendix\n\nModifiers \n\nThis list is invented.\n\nZ9 Invented Purring: wrapped \nZ8 words of it\n\n\
         A note that is passed over.\n\nPhysical Status Modifier Z7: Invented cat \n\nMore Modifiers\n\n\
         Z9 Again\n\nLevel II (invented) Modifiers \n\nZ6 Upper whisker \nZZ Lower whisker, \nleft\n\n(*explained)",
    );
    let file = cpt(&text).unwrap();
    assert_eq!((file.kind, file.copyright.as_str()), (CptText::Modifier, CLAIM));
    assert_eq!(
        shown(&file),
        [
            "Z9: Invented Purring: wrapped Z8 words of it",
            "Z7: Invented cat",
            "Z6: Upper whisker",
            "ZZ: Lower whisker, left",
        ]
    );
    assert!(recognises(&text));
}

#[test]
fn reads_windows_1252() {
    let mut bytes = with_block("00000\tPurring of M").into_bytes();
    bytes.extend_from_slice(b"\xFCller's cat");
    assert_eq!(shown(&read(&bytes, "LONGULT.txt").unwrap()), ["00000: Purring of Müller's cat"]);
}

#[test]
fn names_the_line_and_never_the_words() {
    for (rows, problem) in [
        ("00000\tfine\n0000X\tsecret\n", "no CPT code"),
        ("00000\tfine\n99999 secret\n", "tab"),
        ("00000\tfine\n99999\t0\n", "missing"),
        ("00000\tfine\n00000\tsecret\n", "stands twice"),
        ("00000\tfine\n99999\tsecret\tsecret\n", "form"),
        ("00000 FINE\n99999\tsecret\n", "blank"),
        ("00000 FINE\n99999 secret secret secret secret secret secret secret secret\n", "48"),
        ("CPT Code\tConsumer Descriptor\n00000\tfine\nsecret\n", "fewer columns"),
    ] {
        let error = cpt(&with_block(rows)).unwrap_err();
        assert!(error.to_string().contains(problem), "{rows}: {error}");
        assert!(
            !error.to_string().contains("secret") && !error.to_string().contains("fine"),
            "{error}"
        );
        let at_second = matches!(error.place, Place::Line(11 | 12) | Place::File);
        assert!(at_second, "{rows}: {error}");
    }
    let without_block = cpt("notice\n\n00000\tsecret\n").unwrap_err();
    assert!(without_block.problem.contains("copyright block"), "{without_block}");
    assert!(cpt("").is_err());
}

#[test]
fn leaves_other_files_alone() {
    let notice =
        "CPT codes are copyright 1900 American Medical Association. All rights reserved.\n\n";
    for rows in [
        "HCPCS Code,,Short Descriptor\n00000,,INVENTED\n",
        "HCPCS Code\tShort Descriptor\n00000\tINVENTED\n",
        "00000\t99999\t19960101\t*\t1\t9\n",
        "00000\t99999\n",
        "A000    Cholera\n",
        "00001 A00     0 Cholera                                                      Cholera\n",
        "AOC_Edit_Type\tAdd-On_Code\n1\t00000\n",
        "Modifiers and other words\n",
    ] {
        assert!(!recognises(&format!("{notice}{rows}")), "{rows}");
    }
    assert!(!recognises("00000\tInvented purring\n"), "no notice");
    assert!(!recognises(""));
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        text in "(00000|99999|Z9|Modifiers|Level II|CPT Code|ClinicianDescriptor|\t|\r?\n|\n\n| |ö|purr){0,40}",
    ) {
        let _ = read(&bytes, "a");
        let _ = cpt(&with_block(&text));
        let _ = recognises(&with_block(&text));
        let _ = recognises(&text);
    }
}
