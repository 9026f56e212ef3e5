//! The axes of ICD-10-PCS on the official order files: how many labels can be derived, and whether they are right.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

use std::{collections::BTreeMap, fs::File, io::Read};

use medcode_codes::{code::CodeKey, pcs::PcsAxes};

/// The labels from the second on, compared with the titles by eye.
const LABELS: [(&str, &str); 42] = [
    (
        "0016070",
        "Central Nervous System and Cranial Nerves | Bypass | Cerebral Ventricle | Open | Autologous Tissue Substitute | Nasopharynx",
    ),
    (
        "02100Z3",
        "Heart and Great Vessels | Bypass | Coronary Artery, One Artery | Open | No Device | Coronary Artery",
    ),
    (
        "0DTJ4ZZ",
        "Gastrointestinal System | Resection | Appendix | Percutaneous Endoscopic | No Device | No Qualifier",
    ),
    (
        "0DBGFZZ",
        "Gastrointestinal System | Excision | Left Large Intestine | Via Natural or Artificial Opening With Percutaneous Endoscopic Assistance | No Device | No Qualifier",
    ),
    (
        "0SRE01A",
        "Lower Joints | Replacement | Left Hip Joint, Acetabular Surface | Open | Metal Synthetic Substitute | Uncemented",
    ),
    (
        "0RG0071",
        "Upper Joints | Fusion | Occipital-cervical Joint | Open | Autologous Tissue Substitute | Posterior Approach, Posterior Column",
    ),
    (
        "00PUX3Z",
        "Central Nervous System and Cranial Nerves | Removal | Spinal Canal | External | Infusion Device | No Qualifier",
    ),
    (
        "0JHH3VZ",
        "Subcutaneous Tissue and Fascia | Insertion | Left Lower Arm Subcutaneous Tissue and Fascia | Percutaneous | Infusion Pump | No Qualifier",
    ),
    (
        "0XBF0ZX",
        "Anatomical Regions, Upper Extremities | Excision | Left Lower Arm | Open | No Device | Diagnostic",
    ),
    (
        "0W194JW",
        "Anatomical Regions, General | Bypass | Right Pleural Cavity | Percutaneous Endoscopic | Synthetic Substitute | Upper Vein",
    ),
    (
        "04LE0CZ",
        "Lower Arteries | Occlusion | Right Internal Iliac Artery | Open | Extraluminal Device | No Qualifier",
    ),
    ("02570ZK", "Heart and Great Vessels | Destruction | ? | Open | No Device | Atrial Appendage"),
    (
        "10D07Z4",
        "Pregnancy | Extraction | Products of Conception | Via Natural or Artificial Opening | No Device | Mid Forceps",
    ),
    (
        "10D28ZZ",
        "Pregnancy | Extraction | Products of Conception, Ectopic | Via Natural or Artificial Opening Endoscopic | No Device | No Qualifier",
    ),
    (
        "10Q07YQ",
        "Pregnancy | Repair | Products of Conception | Via Natural or Artificial Opening | Other Device | Skin",
    ),
    (
        "2W63X0Z",
        "Anatomical Regions | Traction | Abdominal Wall | External | Traction Apparatus | No Qualifier",
    ),
    (
        "2Y50X5Z",
        "Anatomical Orifices | Removal | Mouth and Pharynx | External | Packing Material | No Qualifier",
    ),
    (
        "3E0Q00M",
        "Physiological Systems and Anatomical Regions | Introduction | Cranial Cavity and Brain | Open | ? | Antineoplastic, Monoclonal Antibody",
    ),
    (
        "30233G0",
        "Circulatory | Transfusion | Peripheral Vein | Percutaneous | Bone Marrow | Autologous",
    ),
    (
        "3E013VG",
        "Physiological Systems and Anatomical Regions | Introduction | Subcutaneous Tissue | Percutaneous | ? | Insulin",
    ),
    ("4A0335C", "Physiological Systems | Measurement | Arterial | Percutaneous | Flow | Coronary"),
    (
        "4A020N6",
        "Physiological Systems | Measurement | Cardiac | Open | Sampling and Pressure | Right Heart",
    ),
    (
        "4B02XSZ",
        "Physiological Devices | Measurement | Cardiac | External | Pacemaker | No Qualifier",
    ),
    (
        "5A09357",
        "Physiological Systems | Assistance | ? | Less than 24 Consecutive Hours | ? | Continuous Positive Airway Pressure",
    ),
    (
        "6A550ZT",
        "Physiological Systems | Pheresis | ? | Single | No Qualifier | Cord Blood Stem Cells",
    ),
    (
        "7W03X3Z",
        "Anatomical Regions | Treatment | Lumbar Region | External | High Velocity-Low Amplitude Forces | None",
    ),
    (
        "8E0WXBH",
        "Physiological Systems and Anatomical Regions | Other Procedures | Trunk Region | External | Computer Assisted Procedure | With Magnetic Resonance Imaging",
    ),
    ("9WB9XFZ", "Anatomical Regions | Manipulation | Abdomen | External | Direct Visceral | None"),
    (
        "B50L1ZZ",
        "Veins | Plain Radiography | Bilateral Renal Veins | Low Osmolar Contrast | None | None",
    ),
    (
        "B310010",
        "Upper Arteries | Fluoroscopy | Thoracic Aorta | High Osmolar Contrast | Laser | Intraoperative",
    ),
    (
        "B44FZZ3",
        "Lower Arteries | Ultrasonography | Right Lower Extremity Arteries | None | None | Intravascular",
    ),
    (
        "C020YZZ",
        "Central Nervous System | Tomographic (Tomo) Nuclear Medicine Imaging | Brain | Other Radionuclide | None | None",
    ),
    (
        "CW1B1ZZ",
        "Anatomical Regions | Planar Nuclear Medicine Imaging | Head and Neck | Technetium 99m (Tc-99m) | None | None",
    ),
    (
        "DB18B8Z",
        "Respiratory System | Brachytherapy | Diaphragm | Low Dose Rate (LDR) | Iridium 192 (Ir-192) | None",
    ),
    (
        "DD25JZZ",
        "Gastrointestinal System | Stereotactic Radiosurgery | Colon | Gamma Beam Radiosurgery | None | None",
    ),
    (
        "D9Y07ZZ",
        "Ear, Nose, Mouth and Throat | Other Radiation | Ear | Contact Radiation | None | None",
    ),
    (
        "F0713EZ",
        "Rehabilitation | Motor Treatment | Neurological System - Upper Back / Upper Extremity | Motor Function | Orthosis | None",
    ),
    (
        "F0DZ12Z",
        "Rehabilitation | Device Fitting | None | Monaural Hearing Aid | Sound Field / Booth | None",
    ),
    ("GZ54ZZZ", "None | Individual Psychotherapy | Psychoanalysis | None | None | None"),
    ("HZ35ZZZ", "None | Individual Counseling | Vocational | None | None | None"),
    (
        "XW043E5",
        "Anatomical Regions | Introduction | Central Vein | Percutaneous | Remdesivir Anti-infective | New Technology Group 5",
    ),
    (
        "XW0L3JA",
        "Anatomical Regions | Introduction | Coronary Artery, Three Arteries | Percutaneous | Paclitaxel-Coated Balloon Technology, Two Balloons | New Technology Group 10",
    ),
];

type Row<'a> = (CodeKey, &'a str);

fn order_file(year: u16) -> Option<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/icd10pcs");
    #[expect(clippy::disallowed_methods, reason = "the file is the input of the test")]
    let Ok(file) = File::open(format!("{folder}/cms_{year}_pr.zip")) else {
        eprintln!("skipped: ../shared/data is not there");
        return None;
    };
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut order = archive.by_name(&format!("icd10pcs_order_{year}.txt")).unwrap();
    order.read_to_string(&mut text).unwrap();
    Some(text)
}

/// Headings and codes with their long titles.
fn rows(text: &str) -> (Vec<Row<'_>>, Vec<Row<'_>>) {
    let rows =
        text.lines().map(|line| (CodeKey::new(line[6..13].trim_end()).unwrap(), &line[77..]));
    rows.map(|(key, title)| (key, title.trim_end())).partition(|(key, _)| key.length() == 3)
}

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn labels(axes: &PcsAxes, code: CodeKey) -> [&str; 7] {
    axes.of(code).map(|axis| axis.label.unwrap_or("?"))
}

/// Per mille of the codes of each section that have all labels.
fn complete(axes: &PcsAxes, codes: &[Row<'_>]) -> BTreeMap<char, usize> {
    let mut counts: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for (code, _) in codes {
        let count = counts.entry(code.character(0).unwrap()).or_default();
        count.0 += 1;
        count.1 += usize::from(axes.of(*code).iter().all(|axis| axis.label.is_some()));
    }
    counts.into_iter().map(|(section, (all, complete))| (section, complete * 1000 / all)).collect()
}

/// Per mille of all codes that have a label on each axis.
fn by_axis(axes: &PcsAxes, codes: &[Row<'_>]) -> [usize; 7] {
    let mut counts = [0; 7];
    for (code, _) in codes {
        for (count, axis) in counts.iter_mut().zip(axes.of(*code)) {
            *count += usize::from(axis.label.is_some());
        }
    }
    counts.map(|count| count * 1000 / codes.len())
}

/// The figures reached. What is missing is not in the titles: "Introduction of Insulin" names the qualifier Insulin
/// and not the substance Hormone, "Pheresis of Platelets" not the circulatory system.
#[test]
fn derives_nearly_all_labels_of_the_order_files() {
    for year in [2024, 2025, 2026] {
        let Some(text) = order_file(year) else { return };
        let (headings, codes) = rows(&text);
        let axes = PcsAxes::build(headings.iter().copied(), codes.iter().copied());
        let complete = complete(&axes, &codes);
        eprintln!("{year}: complete codes in 1000 by section {complete:?}");
        let least = [
            ('0', 997),
            ('1', 1000),
            ('2', 997),
            ('3', 586),
            ('4', 940),
            ('6', 425),
            ('7', 1000),
            ('8', 715),
            ('9', 1000),
            ('B', 1000),
            ('C', 1000),
            ('D', 1000),
            ('F', 964),
            ('G', 785),
            ('H', 1000),
            ('X', 838),
        ];
        for (section, least) in least {
            assert!(
                complete[&section] >= least,
                "{year}, section {section}: {}",
                complete[&section]
            );
        }
        let by_axis = by_axis(&axes, &codes);
        eprintln!("{year}: labels in 1000 codes by axis {by_axis:?}");
        let least = [1000, 1000, 999, 996, 998, 990, 997];
        assert!(by_axis.iter().zip(least).all(|(reached, least)| *reached >= least), "{by_axis:?}");
        // A label for each table and not for each code.
        let stored = serde_json::to_value(&axes).unwrap();
        let count = |field: &str| stored[field].as_array().map_or(0, Vec::len);
        let (labels, texts) = (count("labels"), count("ends"));
        let bytes = codes.len() * 8 + labels * 12 + texts * 4 + stored["text"].to_string().len();
        eprintln!("{year}: {labels} labels of {texts} texts, {bytes} bytes");
        assert!(bytes < 1_500_000);
    }
}

#[test]
fn labels_codes_of_every_section() {
    let Some(text) = order_file(2026) else { return };
    let (headings, codes) = rows(&text);
    let axes = PcsAxes::build(headings.iter().copied(), codes.iter().copied());
    for (code, expected) in LABELS {
        assert_eq!(labels(&axes, key(code))[1..].join(" | "), expected, "{code}");
    }
    let next = axes.next(Some(key("0DTJ")), |_| true);
    let next: Vec<_> = next.iter().map(|it| (it.character, it.label)).collect();
    assert_eq!(
        next,
        [
            ('0', Some("Open")),
            ('4', Some("Percutaneous Endoscopic")),
            ('7', Some("Via Natural or Artificial Opening")),
            ('8', Some("Via Natural or Artificial Opening Endoscopic")),
        ]
    );
    assert_eq!(axes.next(None, |_| true).len(), 17);
}

/// As in the list of codes that comes by default: titles, no headings.
#[test]
fn derives_the_lower_axes_without_headings() {
    let Some(text) = order_file(2024) else { return };
    let (_, codes) = rows(&text);
    let axes = PcsAxes::build(std::iter::empty(), codes.iter().copied());
    let by_axis = by_axis(&axes, &codes);
    eprintln!("2024 without headings: labels in 1000 codes by axis {by_axis:?}");
    let least = [1000, 1, 950, 996, 998, 990, 997];
    assert!(by_axis.iter().zip(least).all(|(reached, least)| *reached >= least), "{by_axis:?}");
    assert_eq!(
        labels(&axes, key("0DTJ4ZZ")),
        [
            "Medical and Surgical",
            "?",
            "Resection",
            "Appendix",
            "Percutaneous Endoscopic",
            "No Device",
            "No Qualifier"
        ]
    );
}
