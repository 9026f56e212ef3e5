//! Reads single values of settings.

use serde_json::Value;

use super::{Kind, Word};

/// A whole number within the bounds of its kind.
pub(super) fn number(kind: Kind, value: &Value) -> Result<u32, String> {
    let Kind::Number { min, max } = kind else { return Err("a number".to_owned()) };
    let found = value.as_u64().and_then(|number| u32::try_from(number).ok());
    found
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("a whole number from {min} to {max}"))
}

/// A number of bytes.
pub(super) fn bytes(value: &Value) -> Option<usize> {
    if let Some(number) = value.as_u64() {
        return usize::try_from(number).ok();
    }
    let text = value.as_str()?.trim();
    let split = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

/// A list of single characters.
pub(super) fn characters(value: &Value) -> Option<Vec<char>> {
    let mut found = Vec::new();
    for entry in value.as_array()? {
        let text = entry.as_str()?;
        if text == "0-9" {
            found.extend('0'..='9');
            continue;
        }
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(character), None) => found.push(character),
            _ => return None,
        }
    }
    Some(found)
}

/// A list of texts.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|entry| entry.as_str().map(str::to_owned)).collect()
}

/// One of a few words.
pub(super) fn choice<'v>(known: &[Word], value: &'v Value) -> Result<&'v str, String> {
    let found = value.as_str().filter(|found| known.iter().any(|(word, _)| word == found));
    found.ok_or_else(|| known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" or "))
}

/// Yes or no.
pub(super) fn flag(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_sizes() {
        for (value, expected) in [
            (json!(1000), Some(1000)),
            (json!("4MiB"), Some(4 << 20)),
            (json!("12 kb"), Some(12 << 10)),
            (json!("4GiB"), None),
            (json!("99999999999999999999MiB"), None),
            (json!(-1), None),
        ] {
            assert_eq!(bytes(&value), expected, "{value}");
        }
    }

    #[test]
    fn reads_triggers() {
        assert_eq!(characters(&json!(["."])), Some(vec!['.']));
        assert_eq!(characters(&json!(["0-9"])).map(|found| found.len()), Some(10));
        assert_eq!(characters(&json!(["ab"])), None);
    }
}
