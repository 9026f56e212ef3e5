//! What the installed tables beside codes and lists say of a code, as of a date.
//!
//! "No data" is never a value: a table that is missing is named, and the property is left out.

use medcode_codes::{
    code::Code,
    concept::Concept,
    edits::{EditSetting, add_on::AddOnType, mue::Adjudication},
    hcpcs_record::HcpcsRecord,
    system::{CodeSystem, modifier},
};
use medcode_proto::v1::property::Value;

use super::{Described, Found, PropertyCode};
use crate::{
    catalog::{releases::ReleaseKind, snapshot::Snapshot},
    to_proto,
};

/// The values of a property that comes from a table.
pub(super) fn values(snapshot: &Snapshot, status: &Concept<'_>, property: PropertyCode) -> Found {
    let Some(code) = status.code() else { return Ok(Vec::new()) };
    match code.system() {
        CodeSystem::Icd10Cm if property == PropertyCode::PoaExempt => {
            poa_exempt(snapshot, status, code)
        }
        CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs => Ok(Vec::new()),
        CodeSystem::Hcpcs | CodeSystem::Cpt => procedure(snapshot, status, code, property),
    }
}

fn poa_exempt(snapshot: &Snapshot, status: &Concept<'_>, code: Code) -> Found {
    if status.not_selectable() {
        return Ok(Vec::new());
    }
    let missing = "list of diagnoses exempt from present on admission";
    if !snapshot.holds(ReleaseKind::PoaExempt) {
        return Err(missing);
    }
    let exempt = snapshot.terminology.supplements().is_poa_exempt(code.key(), status.date());
    let exempt = exempt.map_err(|_| missing)?;
    Ok(vec![plain(Value::BooleanValue(exempt))])
}

fn procedure(
    snapshot: &Snapshot,
    status: &Concept<'_>,
    code: Code,
    property: PropertyCode,
) -> Found {
    let supplements = snapshot.terminology.supplements();
    let (key, date) = (code.key(), status.date());
    match property {
        PropertyCode::Modifier => {
            Ok(vec![plain(Value::BooleanValue(modifier::has_shape(&key.text())))])
        }
        PropertyCode::StatusIndicator => {
            let indicator = supplements.status_indicator(key, date);
            let indicator = indicator.map_err(|_| "addendum B of the outpatient payment system")?;
            Ok(indicator.map(coded).into_iter().collect())
        }
        PropertyCode::Mue(setting) => {
            let edit = supplements.mue_edit(setting, key, date).map_err(|_| mue_table(setting))?;
            let described = |units: u32, counted| {
                (Value::IntegerValue(units.into()), adjudication(counted).to_owned())
            };
            Ok(edit.map(|edit| described(edit.units, edit.adjudication)).into_iter().collect())
        }
        PropertyCode::AddOn => {
            let edits = supplements.add_on_edits(key, date).map_err(|_| "table of add-on codes")?;
            let primaries = edits.iter().filter(|edit| edit.primary.is_some()).count();
            Ok(edits.first().map(|edit| add_on(edit.kind, primaries)).into_iter().collect())
        }
        PropertyCode::FeeScheduleStatus | PropertyCode::GlobalDays | PropertyCode::Bilateral => {
            let rows = supplements.fee_schedule_rows(key, date);
            let rows = rows.map_err(|_| "physician fee schedule")?;
            let Some(whole) = rows.first() else { return Ok(Vec::new()) };
            let value = match property {
                PropertyCode::GlobalDays => Some(whole.global_days.clone())
                    .filter(|days| !days.is_empty())
                    .map(|days| (days.clone(), global_days(&days))),
                PropertyCode::Bilateral => {
                    whole.bilateral.map(|indicator| (indicator.to_string(), bilateral(indicator)))
                }
                _ => Some((whole.status.to_string(), fee_schedule_status(whole.status))),
            };
            let value = value.map(|(text, meaning)| (Value::CodeValue(text), meaning.to_owned()));
            Ok(value.into_iter().collect())
        }
        _ if code.system() == CodeSystem::Cpt => Ok(Vec::new()),
        _ if supplements.hcpcs.is_empty() => Err("alpha-numeric HCPCS file"),
        _ => {
            let record = supplements.hcpcs_record(key, date).map(|(record, _)| record);
            Ok(record.map(|record| of_record(record, property)).unwrap_or_default())
        }
    }
}

/// What the HCPCS file nearest to the date says.
fn of_record(record: &HcpcsRecord, property: PropertyCode) -> Vec<Described> {
    let day = |day: Option<_>| day.map(|day| plain(Value::DateValue(to_proto::date(day))));
    let letter = |letter: Option<char>, meaning: fn(char) -> &'static str| {
        letter.map(|letter| (Value::CodeValue(letter.to_string()), meaning(letter).to_owned()))
    };
    match property {
        PropertyCode::Coverage => letter(record.coverage, coverage).into_iter().collect(),
        PropertyCode::ActionCode => letter(record.action, action).into_iter().collect(),
        PropertyCode::Betos if !record.betos.is_empty() => vec![coded(&record.betos)],
        PropertyCode::Pricing => record.pricing.iter().map(|pricing| coded(pricing)).collect(),
        PropertyCode::Added => day(record.added).into_iter().collect(),
        PropertyCode::Terminated => day(record.terminated).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn plain(value: Value) -> Described {
    (value, String::new())
}

fn coded(text: &str) -> Described {
    plain(Value::CodeValue(text.to_owned()))
}

fn mue_table(setting: EditSetting) -> &'static str {
    match setting {
        EditSetting::Practitioner => "table of medically unlikely edits for practitioners",
        EditSetting::Hospital => "table of medically unlikely edits for outpatient hospitals",
        EditSetting::Dme => "table of medically unlikely edits for suppliers",
    }
}

fn adjudication(counted: Adjudication) -> &'static str {
    match counted {
        Adjudication::Line => "units on each claim line (indicator 1)",
        Adjudication::DayPolicy => "units on the day, absolute by policy (indicator 2)",
        Adjudication::DayClinical => "units on the day, for clinical reasons (indicator 3)",
    }
}

fn add_on(kind: AddOnType, primaries: usize) -> Described {
    let (number, meaning) = match kind {
        AddOnType::Closed => ("1", format!("closed list of {primaries} primary codes")),
        AddOnType::Contractor => {
            ("2", "no list of primary codes: the contractor decides".to_owned())
        }
        AddOnType::Partial => {
            ("3", format!("{primaries} primary codes; the contractor may accept more"))
        }
    };
    (Value::CodeValue(number.to_owned()), meaning)
}

/// Source: record layout of the alpha-numeric HCPCS file, coverage code.
fn coverage(letter: char) -> &'static str {
    match letter {
        'C' => "carrier judgment",
        'D' => "special coverage instructions apply",
        'I' => "not payable by Medicare",
        'M' => "non-covered by Medicare",
        'S' => "non-covered by Medicare statute",
        _ => "",
    }
}

/// Source: record layout of the alpha-numeric HCPCS file, action code.
fn action(letter: char) -> &'static str {
    match letter {
        'A' => "added",
        'B' => "short and long description changed",
        'C' => "long description changed",
        'D' => "discontinued",
        'F' => "fields changed",
        'N' => "no change",
        'P' => "payment changed",
        'R' => "reactivated",
        'S' => "short description changed",
        'T' => "other change",
        _ => "",
    }
}

/// Source: record layout of the physician fee schedule, status code.
fn fee_schedule_status(letter: char) -> &'static str {
    match letter {
        'A' => "active",
        'B' => "bundled",
        'C' => "priced by the carrier",
        'I' => "not valid for Medicare",
        'N' => "non-covered",
        'P' => "bundled or excluded",
        'R' => "restricted",
        'T' => "injection",
        'X' => "excluded by statute",
        _ => "",
    }
}

/// Source: record layout of the physician fee schedule, global surgery.
fn global_days(text: &str) -> &'static str {
    match text {
        "000" => "the day of the procedure",
        "010" => "minor procedure, 10 days",
        "090" => "major procedure, 90 days",
        "MMM" => "maternity",
        "XXX" => "does not apply",
        "YYY" => "set by the carrier",
        "ZZZ" => "part of another service",
        _ => "",
    }
}

/// Source: record layout of the physician fee schedule, bilateral surgery.
fn bilateral(indicator: char) -> &'static str {
    match indicator {
        '0' => "the adjustment for bilateral procedures does not apply",
        '1' => "150 % for a bilateral procedure",
        '2' => "already priced as bilateral",
        '3' => "each side is paid in full",
        '9' => "does not apply",
        _ => "",
    }
}
