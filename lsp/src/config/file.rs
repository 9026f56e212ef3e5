//! A settings file: TOML, read as the settings of an editor are, with the place of each key.

use std::{collections::BTreeMap, ops::Range};

use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Problem;

/// A settings file, parsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsFile {
    pub(super) value: Value,
    places: BTreeMap<String, Place>,
    syntax: Vec<(Place, Problem)>,
}

/// A place in a file, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl SettingsFile {
    /// Reads a file. Whatever is no TOML becomes a problem; what could be read is there all the same.
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut file = Self::default();
        file.value = file.table(text, table.get_ref(), "");
        file.syntax = errors
            .iter()
            .map(|error| {
                let at = error.span().unwrap_or(0..0);
                let message = error.message().lines().collect::<Vec<_>>().join("; ");
                (place(text, &at), Problem::Syntax { message })
            })
            .collect();
        file
    }

    /// What is no TOML, with its place.
    pub fn syntax_problems(&self) -> &[(Place, Problem)] {
        &self.syntax
    }

    /// Where the key of a problem stands; the head of the file where nobody knows.
    pub fn place_of(&self, problem: &Problem) -> Place {
        let mut key = problem.key().unwrap_or_default();
        loop {
            if let Some(place) = self.places.get(key) {
                return *place;
            }
            match key.rfind(['.', '[']) {
                Some(end) => key = &key[..end],
                None => return Place { line: 1, column: 1 },
            }
        }
    }

    fn table(&mut self, text: &str, table: &DeTable<'_>, prefix: &str) -> Value {
        let mut members = Map::new();
        for (name, value) in table {
            let key = match prefix {
                "" => name.get_ref().to_string(),
                prefix => format!("{prefix}.{}", name.get_ref()),
            };
            // With or without an outer `medcode`, as in an editor.
            let known_as = key.strip_prefix("medcode.").unwrap_or(&key).to_owned();
            self.places.insert(known_as, place(text, &name.span()));
            members.insert(name.get_ref().to_string(), self.value_of(text, value, &key));
        }
        Value::Object(members)
    }

    fn value_of(&mut self, text: &str, value: &Spanned<DeValue<'_>>, key: &str) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                number.map_or(Value::Null, Value::from)
            }
            DeValue::Float(number) => {
                number.as_str().parse::<f64>().map_or(Value::Null, Value::from)
            }
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Array(values) => {
                let mut all = Vec::new();
                for (index, value) in values.iter().enumerate() {
                    let key = format!("{key}[{index}]");
                    let known_as = key.strip_prefix("medcode.").unwrap_or(&key).to_owned();
                    self.places.insert(known_as, place(text, &value.span()));
                    all.push(self.value_of(text, value, &key));
                }
                Value::Array(all)
            }
            DeValue::Table(table) => self.table(text, table, key),
        }
    }
}

fn place(text: &str, range: &Range<usize>) -> Place {
    let before = text.get(..range.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    Place { line: before.matches('\n').count() + 1, column }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_toml_as_an_editor_would_send_it() {
        let file = SettingsFile::parse(
            "asOf = 2026-03-02\n[rules]\nexpired-code = \"off\"\n[[ignore]]\ncodes = [\"E11.9\"]\n",
        );
        assert_eq!(
            file.value,
            json!({"asOf": "2026-03-02", "rules": {"expired-code": "off"}, "ignore": [{"codes": ["E11.9"]}]})
        );
        assert!(file.syntax_problems().is_empty());
    }

    #[test]
    fn knows_where_keys_stand() {
        let file = SettingsFile::parse("[rules]\n  expird-code = 1\n[[ignore]]\nrule = \"x\"\n");
        let at = |key: &str| file.place_of(&Problem::NoReason { key: key.to_owned() });
        assert_eq!(at("rules.expird-code"), Place { line: 2, column: 3 });
        assert_eq!(at("ignore[0].rule"), Place { line: 4, column: 1 });
        assert_eq!(at("ignore[0].paths"), at("ignore[0]"));
        assert_eq!(at("ignore[0]").line, 3);
        assert_eq!(at("elsewhere"), Place { line: 1, column: 1 });
    }

    #[test]
    fn uses_what_it_can_read() {
        let file = SettingsFile::parse("payer = \"a\"\nrules = = 3\n");
        assert_eq!(file.value["payer"], "a");
        assert_eq!(file.syntax_problems()[0].0.line, 2);
    }
}
