//! Each text format is recognised by the first lines of a file, and no other takes it for its own.

use medcode_import::{
    addenda, codes_file, icd9_descriptions, master_csv, mce_bin, order_file, poa_exempt,
    testing::{ADDENDA_CM, ORDER_CM, ORDER_PCS},
};

/// Every format that recognises the head of a file.
fn formats(head: &str) -> Vec<&'static str> {
    let formats = [
        ("order file", order_file::recognises(head)),
        ("codes file", codes_file::recognises(head)),
        ("addenda", addenda::recognises(head)),
        ("POA", poa_exempt::recognises(head)),
        ("ICD-9", icd9_descriptions::recognises(head)),
        ("CSV", master_csv::recognises(head)),
        ("mce.bin", mce_bin::recognises(head.as_bytes())),
    ];
    formats.into_iter().filter(|(_, fits)| *fits).map(|(name, _)| name).collect()
}

#[test]
fn takes_no_format_for_another() {
    let mini = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let order_pcs = "00001 001     0 Nervous System, Bypass                                       \
        Nervous System, Bypass\r\n";
    let report = "\r\nHeaders\r\n  23324 headers in icd10cm_order_2025.txt\r\n";
    let record = format!("A0000001003{:80}{:28}\r\n", "Invented long words", "Invented");
    let notice = "This notice is longer than a record and speaks of the licence, not of codes\r\n";
    for (head, format) in [
        (mini(ORDER_CM), &["order file"][..]),
        (mini(ORDER_PCS), &["order file"]),
        (order_pcs.to_owned(), &["order file"]),
        (mini(include_bytes!("../../tests/releases/mini/icd10cm-codes.txt")), &["codes file"]),
        (mini(include_bytes!("../../tests/releases/mini/icd10pcs-codes.txt")), &["codes file"]),
        ("H401110 Invented title of a code of either shape".to_owned(), &["codes file"]),
        (mini(ADDENDA_CM), &["addenda"]),
        (mini(include_bytes!("../../tests/releases/mini/icd10cm-codes-addenda.txt")), &["addenda"]),
        (
            mini(include_bytes!("../../tests/releases/mini/icd10pcs-order-addenda.txt")),
            &["addenda"],
        ),
        (report.to_owned(), &["addenda"]),
        ("Order26\tPOAexemptCode\tDescription\r\n01238\tB90.0\tSequelae\r\n".to_owned(), &["POA"]),
        ("POAexemptCode\tDescription\r\n".to_owned(), &["POA"]),
        ("Order27\tAction\tPOAexemptCode\tDescription\r\n".to_owned(), &["POA"]),
        (
            "0010  Cholera due to vibrio cholerae\n00322 Salmonella pneumonia\n".to_owned(),
            &["ICD-9"],
        ),
        ("V202  Routine child check\nE8889 Fall\nE000  Civilian\n".to_owned(), &["ICD-9"]),
        ("0001 Ultrasound of vessels\n640  Circumcision\n".to_owned(), &["ICD-9"]),
        ("code,valid_from,valid_to,flags\nA000,20151001,20270331,\n".to_owned(), &["CSV"]),
        ("previous_code,current_code,effective\r\n".to_owned(), &["CSV"]),
        // Mappings in both directions, of diagnoses and of procedures.
        ("A000    0010  00000\r\nA001    0011  10000\r\n".to_owned(), &[]),
        ("0010  A000    00000\r\n0011  A001    00000\r\n".to_owned(), &[]),
        ("0016070 0234  10000\r\n".to_owned(), &[]),
        ("0001  6A750Z7 10000\r\n".to_owned(), &[]),
        (record.repeat(3), &[]),
        (format!("{notice}{record}"), &[]),
        ("A0000\r\nA0001\r\n".to_owned(), &[]),
        ("Headers of chapters\r\n\r\nCodes of rooms\r\n".to_owned(), &[]),
        ("Add: a note\r\n".to_owned(), &[]),
        ("\r\n".to_owned(), &[]),
        (String::new(), &[]),
    ] {
        assert_eq!(formats(&head), format, "{head}");
    }
}
