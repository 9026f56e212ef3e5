//! Cuts the sample of the code sets that tests use out of an installed catalog:
//!
//! `cargo run -p medcode-server --example cut_sample -- "$(medcode catalog path)" > codes/src/testing/sample.txt`
//!
//! What it cuts is in the public domain: the tabular list of CDC/NCHS and the code master and titles of CMS.

use std::{collections::BTreeSet, error::Error, fmt::Write, path::Path};

use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTable, Lifetime},
    date::Period,
    flag::Flags,
    gem::GemDirection,
    icd9::Icd9Part,
    supplements::Supplements,
    system::CodeSystem,
    tabular::{NodeId, NodeKind, TabularList},
};
use medcode_server::catalog::snapshot::Snapshot;

/// Categories, subcategories and codes whose nodes and codes are wanted, with everything below them.
const DIAGNOSES: &str = "A00.9 A01.00 A02.1 A15.0 A22.7 A24.1 A26.7 A31.2 A32.7 A37.0 A40.9 A41 A42.7 A48.1 A49.9 A54.86 A54.9 A92.5 \
    B00.7 B20 B27.0 B27.9 B37.7 B88.0 B95.6 B96.2 B97 C02 C34.9 C50.9 C61 C77.9 C78.0 C79.5 C7B.0 C80 C81.0 C83.39 \
    C86.0 C86.6 C88.0 C88.2 C88.3 C88.4 C88.8 C88.9 D05 D07.3 D29.2 D49.9 D50.9 D57.0 D59.31 D62 D63 D64.9 D65 \
    D68.32 D69.1 D69.5 D81.82 E03.9 E05.00 E08.2 E08.9 E09.9 E10.10 E10.22 E10.65 E10.9 E11 E13.6 E13.9 E16.2 E21 \
    E34.0 E40 E43 E44 E46 E55.9 E66 E72.53 E78 E83.51 E86.0 E87.0 E87.6 E87.8 E88.1 E88.A F01.5 F02.80 F03 F07.81 \
    F10.1 F10.2 F11.15 F11.2 F17.21 F31.9 F32 F33.0 F41.1 F41.9 F45.41 F45.42 F45.8 F50.01 F50.02 F50.2 F50.81 F50.9 \
    F90.0 F98.2 F98.3 G04.39 G20 G30.9 G35 G40.909 G43.1 G43.9 G47.63 G51.3 G57.0 G62.81 G63 G72.81 G81.9 G89 G90.8 \
    G93.40 G93.41 G93.7 H01.8 H10.9 H21.1X H25.1 H35.03 H40.11 H47.6 H54.0 H61.2 H66.9 H81.10 H83.3 H90.3 I01.0 \
    I01.9 I10 I11 I12 I13 I15 I1A I20 I21 I22 I24.8 I25.1 I25.2 I25.7 I25.84 I26.9 I31.3 I42.0 I44.4 I45.1 I47.1 \
    I48.0 I48.9 I49.9 I50 I51 I60.9 I61.9 I63.50 I63.9 I67.9 I69.120 I69.3 I82.40 I83.2 I96 J01.90 J02.9 J10.1 J11.1 \
    J12 J13 J15.212 J17 J18 J20 J22 J30.9 J40 J44 J45 J65 J80 J84.89 J95.85 J96 J98.8 K21.9 K35.8 K44.9 K52.9 K56.2 \
    K57.3 K60.3 K60.5 K72.0 K76.7 K77 L03.1 L29.8 L40.0 L66.1 L66.8 L89.153 L90.5 L92.1 L97.1 L97.4 L97.5 L97.9 \
    L98.41 L98.411 L98.49 M05.00 M05.8A M05.A M06.0 M06.3 M16 M17 M18 M19.9 M21.61 M21.62 M21.6X1 M21.6X2 M25.51 \
    M25.551 M25.56 M35.81 M48.06 M50.20 M51.1 M51.26 M51.36 M51.37 M54 M65.9 M72 M79.6 M80.05 M80.08 M81.0 M84.45 \
    M84.451 M84.48 N17 N18 N19 N20.0 N26 N30.0 N39.0 N39.3 N40 O02.1 O03.37 O03.87 O03.9 O04.87 O07.37 O08.82 O09.9 \
    O10.0 O10.1 O10.2 O10.3 O10.4 O20.0 O24.0 O24.1 O24.3 O24.4 O24.8 O30.00 O33.3 O33.7 O36.4 O42.0 O60.1 O60.2 \
    O62.0 O70.0 O75.3 O80 O82 O85 O86.0 O90.3 O94 O98.5 O98.7 O99.2 O99.8 O9A.2 P00.0 P07.0 P07.1 P07.2 P07.3 P28.3 \
    P28.4 P35.8 P36.0 P36.2 P36.4 P95 Q23.8 Q70.0 Q70.3 Q70.4 Q89.8 Q99.8 QA0 R00.0 R03 R05 R06.03 R07.9 R09.02 \
    R10.1 R10.2 R10.85 R10.9 R11.16 R13.1 R29.7 R32 R40.20 R40.21 R40.22 R40.23 R40.24 R40.2A R41.3 R42 R44.0 R47.01 \
    R50.9 R51 R55 R56.9 R63 R65 R73 R75 R76.8 S00.0 S04.04 S06.0 S06.1 S06.5X S06.6 S06.81 S06.89 S09.9 S12.8 S12.9 \
    S22.4 S30.1XX S32.010A S32.9 S39.012A S42.201 S42.27 S42.31 S42.48 S49.8 S49.9 S52.01 S52.11 S52.21 S52.31 \
    S52.501 S52.501A S52.52 S52.62 S59.8 S59.9 S61.411 S62.10 S72.00 S72.47 S79.8 S79.9 S82.16 S82.201 S82.202 \
    S82.202A S82.209 S82.209A S82.31 S82.81 S82.82 S83.5 S89.8 S89.9 S93.4 T14 T20.10 T20.30 T22.31 T24.11 T24.21 \
    T24.31 T31.0 T31.1 T31.10 T36.0 T38.3 T40.2 T43.651A T43.656S T45.5 T45.AX6 T50.90 T50.996 T51.0 T58.0 T74.1 \
    T76.1 T78.07X T78.08X T78.1XX T80.2 T81.12 T81.32X T81.4 T84.84 T85.61 T85.624 T85.633 T85.69 T85.694 T86.1 \
    T86.2 T86.3 T86.4 T86.81 T88.0 T88.6 T88.7 T88.8 U07.1 U09 V43.52 V89.2 V97.33 W01.0 W10.9 W19 X00.0 X58 X78 \
    Y07.1 Y38.0 Y63.6 Y63.8 Y63.9 Y65.5 Y90 Y92.00 Y92.23 Y92.9 Y93.0 Y93.01 Y93.6 Y93.66 Y93.7 Y93.9 Y93.A1 Y93.A9 \
    Y93.G1 Y99 Z00 Z01 Z02 Z04 Z08 Z09 Z11.4 Z12.1 Z12.3 Z12.4 Z13 Z15.0 Z16.1 Z17 Z20.6 Z20.82 Z21 Z23 Z28.3 Z29.8 \
    Z30.0 Z30.2 Z31.8 Z33 Z34 Z37 Z38 Z39 Z3A Z40 Z41.9 Z42 Z43.3 Z45.0 Z47 Z48 Z51 Z52.9 Z55.0 Z59.0 Z59.7 Z59.86 \
    Z60.2 Z63.0 Z68 Z72.0 Z72.4 Z76.1 Z76.2 Z77.22 Z79 Z80.3 Z82.4 Z84.1 Z85.0 Z85.1 Z85.3 Z85.4 Z85.6 Z86.0 Z86.11 \
    Z86.16 Z86.59 Z86.7 Z87.89 Z88.9 Z89.5 Z90.1 Z91.011 Z91.012 Z91.12 Z91.13 Z91.14 Z91.A2 Z91.A3 Z91.A4 Z92.0 \
    Z92.82 Z94 Z95.5 Z96.64 Z98.61 Z99";
const PROCEDURES: &str = "0DTJ4ZZ 02RF38Z 10E0XZZ X2A5312 02RF38H 0DTJ0ZZ 0WFJXZZ 0TY10Z0 0FYG0Z0 0SR20JZ 0VTQ4ZZ 10D00Z1 \
    10D07Z7 30263G0 5A1955Z 02RK0JZ";
const SUPPLIES: &str = "J1885 J0190";
/// Diagnoses of ICD-9-CM whose titles and mappings are wanted.
const ICD9: &str = "042 25000 25012 36570 4019 7242 V5869";
/// Codes whose mappings to ICD-9-CM are wanted.
const TO_ICD9: &str = "E119 I10 M545 Y700";

const HEAD: &str = "\
# A miniature of the code sets for tests: some ICD-10-CM categories with their chapters, notes and 7th characters, and the
# dates and flags of their codes. Cut by server/examples/cut_sample.rs from the tabular list (CDC/NCHS) and the code master
# of the Medicare Code Editor (CMS), works of the US government in the public domain. Lines, one tab for each level:
#   chapter|section|code NAME TITLE      !KIND CONTAINER NOTE      7 CHARACTER MEANING
#   cm|pcs CODE FIRST..LAST [FIRST..LAST=FLAGS] …      was NEW OLD (conversion table)      title CODE TITLE      hcpcs CODE FIRST LAST TITLE
#   icd9 CODE TITLE      gem-icd-9-cm-to-icd-10-cm|gem-icd-10-cm-to-icd-9-cm FROM TO FLAGS (- where nothing corresponds)";

#[expect(clippy::print_stdout, reason = "the sample goes to stdout")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name the catalog file")?;
    let snapshot = Snapshot::load(Path::new(&path))?;
    let list = &snapshot.terminology.editions().last().ok_or("no edition")?.list;
    let mut sample = format!("{HEAD}\n");
    let wanted: Vec<String> =
        DIAGNOSES.split_whitespace().map(|name| name.replace('.', "")).collect();
    for chapter in list.chapters() {
        node(list, chapter, 0, &wanted, &mut sample)?;
    }
    let table = |system| snapshot.terminology.table(system).ok_or("a system is not loaded");
    dated("cm", table(CodeSystem::Icd10Cm)?, &wanted, &mut sample)?;
    let procedures: Vec<String> = PROCEDURES.split_whitespace().map(str::to_owned).collect();
    dated("pcs", table(CodeSystem::Icd10Pcs)?, &procedures, &mut sample)?;
    for code in SUPPLIES.split_whitespace() {
        let entry = CodeKey::new(code)
            .and_then(|key| table(CodeSystem::Hcpcs).ok()?.get(key))
            .ok_or("a supply")?;
        let Lifetime::Seen { first, last } = entry.lifetime() else {
            return Err("supplies are seen in use".into());
        };
        writeln!(
            sample,
            "hcpcs {code} {first} {last} {}",
            entry.newest_title().map_or("", |title| title.text)
        )?;
    }
    icd9(snapshot.terminology.supplements(), &mut sample)?;
    print!("{sample}");
    Ok(())
}

/// Writes titles of ICD-9-CM and rows of the mappings.
fn icd9(supplements: &Supplements, sample: &mut String) -> Result<(), Box<dyn Error>> {
    let key = |code| CodeKey::new(code).ok_or("a code without its point");
    for code in ICD9.split(' ') {
        let title = supplements.icd9_title(Icd9Part::Diagnoses, key(code)?).ok_or("a title")?;
        writeln!(sample, "icd9 {code} {title}")?;
    }
    for (direction, word, codes) in [
        (GemDirection::Icd9ToCm, "gem-icd-9-cm-to-icd-10-cm", ICD9),
        (GemDirection::CmToIcd9, "gem-icd-10-cm-to-icd-9-cm", TO_ICD9),
    ] {
        let map = supplements.newest_gem(direction).ok_or("no mappings")?;
        for code in codes.split(' ') {
            for entry in map.rows.of(key(code)?) {
                let to = entry.to.map_or_else(|| "-".to_owned(), |to| to.to_string());
                let (approximate, none) =
                    (u8::from(entry.approximate), u8::from(entry.to.is_none()));
                let combination = u8::from(entry.combination);
                let (scenario, choice) = (entry.scenario, entry.choice_list);
                writeln!(
                    sample,
                    "{word} {code} {to} {approximate}{none}{combination}{scenario}{choice}"
                )?;
            }
        }
    }
    Ok(())
}

/// Writes a node and what is wanted below it; nothing when neither is wanted.
fn node(
    list: &TabularList,
    id: NodeId,
    depth: usize,
    wanted: &[String],
    sample: &mut String,
) -> std::fmt::Result {
    let is_wanted = |id: NodeId| {
        list.key(id)
            .is_some_and(|key| wanted.iter().any(|prefix| key.text().starts_with(prefix.as_str())))
    };
    // Sections that span others by their name stand empty; three of them carry notes that tests rest on.
    let is_umbrella = matches!(
        list.name(id),
        "V00-V99"
            | "V00-X58"
            | "W00-X58"
            | "T20-T32"
            | "M00-M25"
            | "Y62-Y84"
            | "C00-C96"
            | "C00-C75"
            | "T07-T88"
    );
    if !is_wanted(id) && !is_umbrella && !list.descendants(id).any(is_wanted) {
        return Ok(());
    }
    let (indent, below) = ("\t".repeat(depth), "\t".repeat(depth + 1));
    let kind = match list.kind(id) {
        NodeKind::Chapter => "chapter",
        NodeKind::Section => "section",
        NodeKind::Code => "code",
    };
    writeln!(sample, "{indent}{kind} {} {}", list.name(id), list.title(id))?;
    for note in list.own_notes(id) {
        writeln!(sample, "{below}!{} {} {}", note.kind.id(), note.container, note.text)?;
    }
    for seventh in list.own_seventh_characters(id) {
        writeln!(sample, "{below}7 {} {}", seventh.character, seventh.meaning)?;
    }
    list.children(id).try_for_each(|child| node(list, child, depth + 1, wanted, sample))
}

/// Writes the dates and flags of codes, the titles that are kept with them, and their conversions.
fn dated(
    word: &str,
    table: &CodeTable,
    wanted: &[String],
    sample: &mut String,
) -> std::fmt::Result {
    let entries = table
        .iter()
        .filter(|entry| wanted.iter().any(|name| entry.key().text().starts_with(name.as_str())));
    let entries: Vec<_> = entries.collect();
    for entry in &entries {
        let Some(life) = entry.lifetime().period() else { continue };
        write!(sample, "{word} {} {}", entry.key(), days(life))?;
        for (period, flags) in
            entry.flag_periods().iter().filter(|(_, flags)| *flags != Flags::default())
        {
            let names: Vec<_> = flags.names().collect();
            write!(sample, " {}={}", days(*period), names.join(","))?;
        }
        writeln!(sample)?;
    }
    let keys: BTreeSet<CodeKey> =
        entries.iter().map(medcode_codes::code_table::Entry::key).collect();
    for entry in &entries {
        for next in table.converted(entry.key()).filter(|next| keys.contains(next)) {
            writeln!(sample, "was {next} {}", entry.key())?;
        }
    }
    for (entry, title) in
        entries.iter().filter_map(|entry| Some((entry, entry.newest_title()?.text)))
    {
        writeln!(sample, "title {} {title}", entry.key())?;
    }
    Ok(())
}

fn days(period: Period) -> String {
    format!("{}..{}", period.start, period.end.map_or_else(String::new, |end| end.to_string()))
}
