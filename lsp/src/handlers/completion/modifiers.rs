//! Modifiers behind a code, or in a column of modifiers.

use medcode_codes::{
    date::Date,
    edits::modifier_choice::{fitting, words_of},
    note::TypingContext,
    system::modifier,
};

use crate::to_lsp::Modifier;

/// The modifiers that fit the code they would belong to and begin as typed, likeliest first. Those that the code has
/// already are left out.
pub(super) fn offered(text: &str, context: &TypingContext, date: Date) -> Vec<Modifier> {
    let Some(code) = &context.modifier_of else { return Vec::new() };
    let between = text.get(code.end..context.replace.start).unwrap_or_default();
    let used: Vec<String> = between
        .split(|character: char| !character.is_alphanumeric())
        .map(str::to_ascii_uppercase)
        .filter(|word| modifier::has_shape(word))
        .collect();
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let typed = text.get(context.replace.clone()).unwrap_or_default().to_ascii_uppercase();
    let code = text.get(code.clone()).unwrap_or_default();
    let fitting = fitting(code, &used, date).into_iter();
    let begun = fitting.filter(|modifier| modifier.starts_with(&typed));
    begun
        .map(|modifier| Modifier {
            text: modifier,
            words: words_of(modifier).unwrap_or_default(),
            exact: modifier == typed,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use medcode_codes::{date::parse_iso, note::context_at};

    use super::*;

    fn labels(marked: &str) -> Vec<&'static str> {
        let offset = marked.find('$').unwrap();
        let text = marked.replace('$', "");
        let date = parse_iso("2026-03-02").unwrap();
        let offered = offered(&text, &context_at(&text, offset), date);
        offered.into_iter().map(|offer| offer.text).collect()
    }

    #[test]
    fn offers_what_fits_the_code_and_is_not_there_yet() {
        assert!(labels("CPT: 99213-$").starts_with(&["25", "24", "57"]));
        assert!(labels("CPT: 99213-25-$").starts_with(&["24", "57"]));
        assert!(labels("| CPT | Mod |\n|---|---|\n| 27447 | $ |").starts_with(&["59", "XS"]));
        assert_eq!(labels("CPT: 99213-2$"), ["25", "24", "27"]);
        assert!(labels("CPT: 27447-RT, $").is_empty(), "the next code is typed");
        assert!(!labels("| CPT | Mod |\n|---|---|\n| 27447 | RT, $ |").contains(&"LT"));
        assert_eq!(labels("Dx: E11.9-$"), Vec::<&str>::new());
    }
}
