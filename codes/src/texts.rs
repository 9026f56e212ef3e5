//! Many short texts in one piece of memory. What is known around a code names dozens of others, a note has thousands of
//! codes, and a piece of memory for every title costs more than all that is done with them.

use std::ops::Range;

/// Texts in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// A line feed stands behind each.
    text: String,
    /// Where each ends, in bytes.
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text and gives its number.
    pub fn push(&mut self, text: &str) -> u32 {
        let number = number(self.ends.len());
        self.text.reserve(text.len() + 1);
        self.text.push_str(text);
        self.ends.push(self::number(self.text.len()));
        self.text.push('\n');
        number
    }

    /// The text with a number; the empty one where there is none.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let before = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |end| *end as usize + 1);
        let end = self.ends.get(number).map_or(start, |end| *end as usize);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The texts with these numbers.
    pub fn range(&self, numbers: Range<u32>) -> impl Iterator<Item = &str> + Clone {
        numbers.map(|number| self.get(number))
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        number(self.ends.len())
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice())
    }
}

/// A number as it is kept. Texts of four gigabytes do not fit any message that they could come from.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_added() {
        let mut texts = Texts::default();
        assert_eq!(texts.get(0), "");
        assert_eq!([texts.push("E11.9"), texts.push(""), texts.push("Ménière's")], [0, 1, 2]);
        assert_eq!(
            [texts.get(0), texts.get(1), texts.get(2), texts.get(3)],
            ["E11.9", "", "Ménière's", ""]
        );
        assert_eq!(texts.range(0..texts.count()).count(), 3);
        assert_eq!(texts.get(u32::MAX), "");
    }
}
