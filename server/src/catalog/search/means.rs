//! What helps to understand a query, switched one by one: evaluations show what each is worth.

/// What helps to understand a query beyond the words that stand in official texts. Everything, but for comparisons.
#[expect(clippy::struct_excessive_bools, reason = "each is switched by itself")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Means {
    /// Abbreviations are written out.
    pub abbreviations: bool,
    /// Other words for the same, word by word.
    pub synonyms: bool,
    /// Other words for the same, for several words together.
    pub phrases: bool,
    /// British spelling is read as American.
    pub spellings: bool,
    /// One slip is forgiven in a word that nobody knows.
    pub typos: bool,
    /// A word that nobody knows stands for those that begin as it does.
    pub relatives: bool,
    /// What the query means counts beside its words, where a table of meanings is installed.
    pub meaning: bool,
}

impl Means {
    /// All of them: what a search does.
    pub const ALL: Self = Self {
        abbreviations: true,
        synonyms: true,
        phrases: true,
        spellings: true,
        typos: true,
        relatives: true,
        meaning: true,
    };

    /// None of them: words, their stems and beginnings.
    pub const NONE: Self = Self {
        abbreviations: false,
        synonyms: false,
        phrases: false,
        spellings: false,
        typos: false,
        relatives: false,
        meaning: false,
    };
}
