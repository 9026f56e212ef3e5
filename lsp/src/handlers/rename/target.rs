//! The code that is to be renamed.

use medcode_codes::{
    code::Code,
    note::{Form, Mention, Note},
};

/// The code at `offset`, or a sentence that says why there is none to rename.
pub(in crate::handlers) fn renamed_at<'n>(
    text: &str,
    note: &'n Note,
    offset: usize,
) -> Result<(&'n Mention, Code), String> {
    let mention = note.mention_at(offset).ok_or("There is no code here.")?;
    if mention.form != Form::Code {
        return Err("This stands for several codes; only one code can be renamed.".to_owned());
    }
    let written = text.get(mention.range.clone()).unwrap_or_default();
    match Code::parse(mention.system, written) {
        Ok(code) => Ok((mention, code)),
        Err(error) => Err(format!("This is {error}.")),
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    #[test]
    fn says_why_not() {
        let text = "Dx: e11.9, E10.-\nWords.\n";
        let note = scan(text);
        let at = |before: &str| {
            let offset = text.find(before).unwrap() + before.len();
            renamed_at(text, &note, offset).map(|(_, code)| code.to_string())
        };
        assert_eq!(at("Dx: e11").as_deref(), Ok("E11.9"));
        assert_eq!(at("Dx: e11.9").as_deref(), Ok("E11.9"));
        assert!(at("E10").unwrap_err().contains("several codes"));
        assert_eq!(at("Wor").unwrap_err(), "There is no code here.");
    }
}
