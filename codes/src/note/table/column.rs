//! What the heading of a column says of its cells.

use crate::note::{systems::Systems, tokens::is_blank};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::note) enum Column {
    /// Codes; the flag says whether the heading names a code system.
    Codes(Systems, bool),
    /// Modifiers of the procedure on the same row.
    Modifier,
    /// The date of service.
    Date,
    /// Words that describe the codes of the row.
    Description,
    /// Admitting diagnoses, which are no part of the order.
    Admitting,
    /// Units of service.
    Units,
    /// Time in minutes.
    Minutes,
    /// The diagnoses that a service points at.
    Pointer,
    /// Present-on-admission indicators.
    Poa,
    /// Place of service.
    Place,
    /// Who pays.
    Payer,
    /// The patient's age in years.
    Age,
    /// The patient's sex.
    Sex,
    /// What tells one claim or patient from another: its rows are an encounter of their own.
    Key,
    /// Tooth or surface: the table is a dentist's.
    Tooth,
    /// Charges, boxes, last days: no codes, whatever they look like.
    Silent,
    /// Anything else.
    Other,
}

impl Column {
    /// Reads a heading. Source: rules, 6.1.
    pub(in crate::note) fn from_heading(heading: &str) -> Self {
        let words: Vec<String> = heading
            .split(|it: char| {
                is_blank(it) || matches!(it, '*' | '_' | '`' | '"' | '.' | '#' | '(' | ')')
            })
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let name = words.join(" ");
        let first = words.first().map(String::as_str).unwrap_or_default();
        let stem = name.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if let Some(column) = Self::named(stem, &name) {
            return column;
        }
        if name.contains("desc") || name.ends_with("name") || name.ends_with("text") {
            return Self::Description;
        }
        if name.ends_with("date") || starts(&["icd-9", "icd9", "icd 9", "icd-11", "icd-o"]) {
            return Self::Other;
        }
        let named = first.trim_start_matches(|it: char| !it.is_ascii_alphanumeric());
        if named.starts_with("icd") || named.starts_with("pcs") {
            let systems = if name.contains("pcs") {
                Systems::PCS
            } else if name.contains("cm") {
                Systems::DIAGNOSIS
            } else {
                Systems::ICD
            };
            return Self::Codes(systems, true);
        }
        if matches!(first, "admitting" | "admission")
            && words.get(1).is_some_and(|it| it.starts_with("dx") || it.starts_with("diag"))
        {
            return Self::Admitting;
        }
        let subject = if matches!(first, "primary" | "secondary" | "principal") {
            words.get(1)
        } else {
            words.first()
        };
        let subject = subject.map(String::as_str).unwrap_or_default();
        if matches!(subject.trim_end_matches(|it: char| it.is_ascii_digit()), "dx" | "dxs")
            || subject.starts_with("diag")
        {
            return Self::Codes(Systems::DIAGNOSIS, false);
        }
        if starts(&["cpt"]) {
            Self::Codes(Systems::CPT, true)
        } else if starts(&["hcpcs"]) {
            Self::Codes(Systems::HCPCS, true)
        } else if (starts(&["proc"]) && name.contains("code"))
            || stem == "service code"
            || stem == "px"
        {
            Self::Codes(Systems::PROCEDURE, false)
        } else if matches!(stem, "code" | "codes") {
            // The heading does not say of which system, the shape does.
            Self::Codes(Systems::ANY, false)
        } else {
            Self::Other
        }
    }

    /// The column that a heading names as a whole; `stem` is the heading without a number at its end.
    fn named(stem: &str, name: &str) -> Option<Self> {
        Some(match (name, stem) {
            ("24d", _) => Self::Codes(Systems::CPT, false),
            (
                _,
                "dx ptr" | "dxptr" | "ptr" | "pointer" | "pointers" | "dx pointer" | "dx pointers"
                | "diag pointer" | "diag ptr" | "diagnosis pointer" | "diagnosis pointers",
            )
            | ("24e", _) => Self::Pointer,
            (
                _,
                "unit" | "units" | "qty" | "quantity" | "days/units" | "days/unit" | "day/units"
                | "days or units" | "units of service",
            )
            | ("24g", _) => Self::Units,
            (_, "min" | "mins" | "minutes" | "time min" | "time minutes" | "total minutes") => {
                Self::Minutes
            }
            (_, "mod" | "mods" | "modifier" | "modifiers") => Self::Modifier,
            (
                _,
                "dos" | "date" | "date of service" | "from" | "service date" | "dates of service"
                | "dos from" | "from date",
            )
            | ("24a", _) => Self::Date,
            (_, "to" | "thru" | "through" | "dos to" | "charge" | "charges" | "fee") => {
                Self::Silent
            }
            (_, "pos" | "place" | "place of service") | ("24b", _) => Self::Place,
            (_, "payer" | "payor" | "insurance" | "payer id" | "plan") => Self::Payer,
            (_, "age" | "age years" | "patient age") => Self::Age,
            (_, "sex" | "gender") => Self::Sex,
            (_, "tooth" | "teeth" | "surface" | "surfaces" | "surf" | "quad" | "quadrant")
            | ("tooth no" | "tooth number" | "th", _) => Self::Tooth,
            (
                "claim" | "claim id" | "claim no" | "claim number" | "encounter" | "encounter id"
                | "visit id" | "visit" | "account" | "account no" | "account number" | "acct"
                | "patient" | "patient id" | "pt" | "pt id" | "mrn" | "case" | "case id",
                _,
            ) => Self::Key,
            (_, "procedure" | "problem" | "condition" | "title" | "service") => Self::Description,
            _ if name.starts_with("poa") || name.starts_with("present on admission") => Self::Poa,
            _ => return None,
        })
    }

    /// Whether the column holds codes.
    pub(in crate::note) fn holds_codes(self) -> bool {
        matches!(self, Self::Codes(..) | Self::Admitting)
    }

    /// Whether neither words nor codes are typed into its cells.
    pub(in crate::note) fn holds_fields(self) -> bool {
        !self.holds_codes() && !matches!(self, Self::Modifier | Self::Description | Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_columns_hold() {
        for (heading, column) in [
            ("ICD-10", Column::Codes(Systems::ICD, true)),
            ("**ICD-10-CM**", Column::Codes(Systems::DIAGNOSIS, true)),
            ("ICD-10-PCS", Column::Codes(Systems::PCS, true)),
            ("Dx1", Column::Codes(Systems::DIAGNOSIS, false)),
            ("Diagnosis code", Column::Codes(Systems::DIAGNOSIS, false)),
            ("Diagnosis", Column::Codes(Systems::DIAGNOSIS, false)),
            ("CPT/HCPCS", Column::Codes(Systems::CPT, true)),
            ("HCPCS", Column::Codes(Systems::HCPCS, true)),
            ("Procedure code", Column::Codes(Systems::PROCEDURE, false)),
            ("Service code", Column::Codes(Systems::PROCEDURE, false)),
            ("Code", Column::Codes(Systems::ANY, false)),
            ("Mod", Column::Modifier),
            ("Modifier1", Column::Modifier),
            ("Units", Column::Units),
            ("Qty", Column::Units),
            ("Days/Units", Column::Units),
            ("Minutes", Column::Minutes),
            ("Dx ptr", Column::Pointer),
            ("Diagnosis pointer", Column::Pointer),
            ("24E", Column::Pointer),
            ("24G", Column::Units),
            ("POA", Column::Poa),
            ("POS", Column::Place),
            ("Payer", Column::Payer),
            ("Claim #", Column::Key),
            ("Tooth #", Column::Tooth),
            ("Admitting Dx", Column::Admitting),
            ("DOS", Column::Date),
            ("Date of service", Column::Date),
            ("From", Column::Date),
            ("Description", Column::Description),
            ("Diagnosis description", Column::Description),
            ("ICD-9", Column::Other),
            ("Charge", Column::Silent),
        ] {
            assert_eq!(Column::from_heading(heading), column, "{heading}");
        }
    }
}
