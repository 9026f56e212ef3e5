//! Writes an entry of `ignore` into a settings file. Everything else in the file stays as it is, comments included.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

/// An entry as it is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewIgnore {
    /// Id of the rule.
    pub(crate) rule: String,
    /// The codes it is about; empty: every code.
    pub(crate) codes: Vec<String>,
    /// Why; may be empty.
    pub(crate) reason: String,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// The new text, and where in it the reason stands, between its quotation marks, in bytes.
    Written {
        /// The whole file.
        text: String,
        /// Where the caret belongs.
        reason: usize,
    },
    /// The file says so already.
    Already,
    /// The file is no TOML, or its `ignore` no list of entries.
    Unreadable,
}

impl NewIgnore {
    /// Writes the entry behind the others.
    pub(crate) fn write_into(&self, text: &str) -> Accepted {
        let (mark, body) = match text.strip_prefix('\u{feff}') {
            Some(body) => ("\u{feff}", body),
            None => ("", text),
        };
        let Ok(mut document) = body.parse::<DocumentMut>() else { return Accepted::Unreadable };
        // With or without an outer `medcode`, as the reader takes it.
        let root = document.as_table_mut();
        let table = if root.contains_key("medcode") {
            root.get_mut("medcode").and_then(Item::as_table_mut)
        } else {
            Some(root)
        };
        let Some(table) = table else { return Accepted::Unreadable };
        match table.get_mut("ignore") {
            None => {
                let mut entries = ArrayOfTables::new();
                entries.push(self.table());
                table.insert("ignore", Item::ArrayOfTables(entries));
            }
            Some(Item::ArrayOfTables(entries)) => {
                if entries.iter().any(|entry| self.is_said(|key| entry.get(key)?.as_value())) {
                    return Accepted::Already;
                }
                entries.push(self.table());
            }
            Some(Item::Value(Value::Array(entries))) => {
                let said = |entry: &Value| {
                    entry.as_inline_table().is_some_and(|entry| self.is_said(|key| entry.get(key)))
                };
                if entries.iter().any(said) {
                    return Accepted::Already;
                }
                entries.push(self.inline());
            }
            Some(_) => return Accepted::Unreadable,
        }
        let newline = if body.contains("\r\n") { "\r\n" } else { "\n" };
        let written = document.to_string().replace("\r\n", "\n").replace('\n', newline);
        let text = format!("{mark}{written}");
        let reason = self
            .reason_in(up_to_insertion(body, &written))
            .map_or(text.len(), |at| at + mark.len());
        Accepted::Written { text, reason }
    }

    /// Whether an entry, by its keys, says the same in every file.
    fn is_said<'v>(&self, get: impl Fn(&str) -> Option<&'v Value>) -> bool {
        let codes = get("codes").and_then(Value::as_array);
        let codes: Vec<&str> = codes.into_iter().flatten().filter_map(Value::as_str).collect();
        get("rule").and_then(Value::as_str) == Some(&self.rule)
            && get("paths").is_none()
            && codes == self.codes
    }

    /// Where the reason of the last entry of this text begins, between its quotation marks.
    fn reason_in(&self, text: &str) -> Option<usize> {
        let quoted = value(&self.reason).to_string();
        Some(text.rfind(&format!("reason = {}", quoted.trim()))? + "reason = \"".len())
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.insert("rule", value(&self.rule));
        if !self.codes.is_empty() {
            table.insert("codes", value(self.codes.iter().collect::<Array>()));
        }
        table.insert("reason", value(&self.reason));
        table.decor_mut().set_prefix("\n");
        table
    }

    fn inline(&self) -> InlineTable {
        let mut table = InlineTable::new();
        table.insert("rule", self.rule.as_str().into());
        if !self.codes.is_empty() {
            table.insert("codes", self.codes.iter().collect::<Array>().into());
        }
        table.insert("reason", self.reason.as_str().into());
        table
    }
}

/// The new text up to the end of what was inserted into the old one.
fn up_to_insertion<'n>(old: &str, new: &'n str) -> &'n str {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let mut end = (same + new.len().saturating_sub(old.len())).min(new.len());
    while !new.is_char_boundary(end) {
        end += 1;
    }
    new.get(..end).unwrap_or(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Settings, SettingsFile, Source};

    fn entry() -> NewIgnore {
        NewIgnore {
            rule: "excludes1-conflict".to_owned(),
            codes: vec!["E55.9".to_owned(), "E83.51".to_owned()],
            reason: String::new(),
        }
    }

    /// The new text, with a sign where the reason belongs.
    fn written(text: &str) -> String {
        match entry().write_into(text) {
            Accepted::Written { text, reason } => {
                format!("{}^{}", &text[..reason], &text[reason..])
            }
            other => panic!("{other:?}"),
        }
    }

    const WRITTEN: &str = "[[ignore]]\nrule = \"excludes1-conflict\"\ncodes = [\"E55.9\", \"E83.51\"]\nreason = \"^\"\n";

    #[test]
    fn appends_and_keeps_what_is_there() {
        assert_eq!(written("").trim_start(), WRITTEN);
        let file = "# ours\npayer = \"acme\" # the biggest\n\n[rules]\nmissing-dot = \"off\"\n";
        assert_eq!(written(file), format!("{file}\n{WRITTEN}"));
        let file = "[[ignore]]\nrule = \"validity\"\nreason = \"\" # later\n\n[rules]\nmissing-dot = \"off\"\n";
        let text = written(file);
        assert!(text.contains(WRITTEN.trim_end()), "{text}");
        assert!(text.contains("reason = \"\" # later"), "{text}");
    }

    #[test]
    fn follows_the_form_that_the_file_has() {
        let text = written("ignore = [{ rule = \"validity\", reason = \"x\" }]\npayer = \"a\"\n");
        assert!(text.contains("reason = \"^\""), "{text}");
        let text = written("[medcode]\npayer = \"a\"\n");
        assert!(text.contains("[[medcode.ignore]]") && text.contains("reason = \"^\""), "{text}");
        let text = written("\u{feff}payer = \"a\"\r\n");
        assert!(text.starts_with("\u{feff}payer = \"a\"\r\n\r\n[[ignore]]\r\n"), "{text:?}");
    }

    #[test]
    fn what_is_written_is_read() {
        for file in ["", "[medcode]\nexcludes1 = \"strict\"\n", "ignore = []\n", "[rules]\n"] {
            let Accepted::Written { text, .. } = entry().write_into(file) else { panic!("{file}") };
            let parsed = SettingsFile::parse(&text);
            assert_eq!(parsed.syntax_problems(), [], "{text}");
            let folder = std::path::Path::new("/p");
            let (settings, _) = Settings::of(&[Source::project(&parsed, folder)]);
            let own = &settings.ignore.first().unwrap_or_else(|| panic!("{text}")).accepted;
            assert_eq!((own.rule.as_str(), &own.codes), ("excludes1-conflict", &entry().codes));
            assert_eq!(entry().write_into(&text), Accepted::Already);
        }
    }

    #[test]
    fn leaves_alone_what_it_cannot_read() {
        for file in ["payer = ", "ignore = 7\n", "[[rules]\n", "medcode = 1\n"] {
            assert_eq!(entry().write_into(file), Accepted::Unreadable, "{file}");
        }
    }
}
