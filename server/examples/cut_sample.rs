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
const DIAGNOSES: &str = "E11 E10.9 E10.65 E08.9 E13.9 M54 N18 S72.00 S61.411 S62.10 S06.0 S06.6 S06.5X7 I10 I11 F45.8 \
    G47.63 N39.0 N30.0 B20 Z21 A37.0 J17 G63 B27.0 L92.1 M80.08 M81.0 I60.9 R47.01 I69.3 F07.81 Q70.0 Q70.4 Y93.0 Y93.A9 \
    W19 V43.52 J65 A15.0 E55.9 E83.51 O36.4 H40.11 H54.0 T36.0 V97.33 G35 B88.0 E66.8 E66.01 QA0 U07.1 R05 D63 F02.80 \
    G30.9 J45 Z34.9 O09.9 C02 X00.0 R41.3 F10.26 R44.0 F11.15 H47.61 S04.04 I96 R42 F31.9 J44 I63.9 G89.29 I21.4 I22.2 \
    K21.9 K44.9 M17.1 Z51.1 C50.91 D64.9 D50.9 J12.82 Z20.822 Z85.3 L97.41 K77 E87.0 O80 M25.56 H83.3 M51.26 J20.9 Z79.4 \
    E78 M72 I42.0";
const PROCEDURES: &str = "0DTJ4ZZ 02RF38Z 10E0XZZ X2A5312 02RF38H 0DTJ0ZZ";
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
    let is_umbrella = matches!(list.name(id), "V00-V99" | "V00-X58" | "W00-X58");
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
