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
    /// Units, pointers, indicators: no codes, whatever they look like.
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
        match stem {
            "dx ptr" | "dxptr" | "ptr" | "pointer" | "pointers" | "dx pointer" | "dx pointers"
            | "diag pointer" | "diagnosis pointer" | "diagnosis pointers" => return Self::Silent,
            "unit" | "units" | "qty" | "quantity" | "days/units" | "days/unit" | "day/units" => {
                return Self::Silent;
            }
            "mod" | "mods" | "modifier" | "modifiers" => return Self::Modifier,
            "dos" | "date" | "date of service" | "from" | "service date" | "dates of service" => {
                return Self::Date;
            }
            "procedure" | "problem" | "condition" | "title" | "service" => {
                return Self::Description;
            }
            _ => {}
        }
        if name == "24e" || starts(&["poa"]) {
            return Self::Silent;
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
        let subject = if matches!(first, "primary" | "secondary" | "principal" | "admitting") {
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

    /// Whether the column holds codes.
    pub(in crate::note) fn holds_codes(self) -> bool {
        matches!(self, Self::Codes(..))
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
            ("Units", Column::Silent),
            ("Qty", Column::Silent),
            ("Days/Units", Column::Silent),
            ("Dx ptr", Column::Silent),
            ("Diagnosis pointer", Column::Silent),
            ("24E", Column::Silent),
            ("POA", Column::Silent),
            ("DOS", Column::Date),
            ("Date of service", Column::Date),
            ("From", Column::Date),
            ("Description", Column::Description),
            ("Diagnosis description", Column::Description),
            ("ICD-9", Column::Other),
            ("Charge", Column::Other),
        ] {
            assert_eq!(Column::from_heading(heading), column, "{heading}");
        }
    }
}
