//! From the text of a query to its terms: words, and phrases that have a meaning of their own.

use std::ops::Range;

use super::{
    Means,
    abbreviations::Abbreviations,
    causes, circumstances, control, degrees, durations, fillers, history, kinds, links, negation,
    sides, spelling,
    synonyms::{self, Synonyms},
    understood,
    words::{self, Stems, Word},
};

/// Terms of a query beyond this are not looked at.
const MOST_TERMS: usize = 16;

/// Letters of each of two words that are written together or apart, as in `club foot`.
const SHORTEST_PART: usize = 3;

/// Letters of the second of two words that were written together.
const SHORTEST_SECOND: usize = 4;

/// Letters of an abbreviation in front of a number, as in `nf1`.
const NUMBERED: std::ops::RangeInclusive<usize> = 2..=5;

/// A word of a query, or a phrase that means something in other words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// One word, or those of the phrase.
    pub(super) words: Vec<Word>,
    /// Nobody wrote it: see [`understood`].
    pub(super) is_understood: bool,
    /// How much it counts, of what it would count by itself.
    pub(super) counts: f32,
}

impl Term {
    /// What somebody wrote.
    pub(super) fn of(words: Vec<Word>) -> Self {
        Self { words, is_understood: false, counts: 1.0 }
    }

    /// The words as one, for those that titles may write together.
    pub(super) fn together(&self) -> Option<String> {
        match self.words.as_slice() {
            [left, right] => together(left, right),
            _ => None,
        }
    }

    /// Whether it stands inside of a part of the query, given in bytes.
    pub(super) fn lies_in(&self, range: &Range<usize>) -> bool {
        self.words.iter().all(|word| range.start <= word.range.start && word.range.end <= range.end)
    }

    /// The word, where it is only one.
    pub(super) fn single(&self) -> Option<&Word> {
        match self.words.as_slice() {
            [word] => Some(word),
            _ => None,
        }
    }
}

/// Reads the terms of queries.
pub(super) struct TermReader<'r> {
    pub(super) own: &'r Abbreviations,
    pub(super) synonyms: &'r Synonyms,
    pub(super) readings: &'r Synonyms,
    pub(super) stems: &'r Stems,
    /// Whether a word occurs in an official text of any system.
    pub(super) known: &'r dyn Fn(&str) -> bool,
    /// Whether a word of an official text begins so.
    pub(super) begins: &'r dyn Fn(&str) -> bool,
    pub(super) means: Means,
    /// The last word may be the beginning of another one.
    pub(super) is_unfinished: bool,
}

impl TermReader<'_> {
    /// The terms of a text. A term that stands there twice counts once; the last one stays, because it may be
    /// unfinished.
    pub(super) fn read(&self, text: &str) -> Vec<Term> {
        let mut written = words::words(text);
        if self.means.phrases {
            degrees::drop_doubts(&mut written);
            history::as_titled(&mut written);
            fillers::drop_speaker(&mut written, &|words| self.phrase(words).is_some());
        }
        let mut words: Vec<_> = self
            .join_slashed(text, written)
            .into_iter()
            .flat_map(|word| self.as_titles_write(word))
            .collect();
        words.truncate(MOST_TERMS * synonyms::LONGEST);
        negation::mark(text, &mut words);
        if self.means.phrases {
            control::as_classified(&mut words);
        }
        // Abbreviations, and what is being typed: `colon can` may become colon cancer, `pain for` pain in the forearm.
        let last = words.last().map(|word| word.range.clone()).filter(|_| self.is_unfinished);
        let stays = |word: &Word| {
            Some(&word.range) == last.as_ref() || self.own.of(&word.text).next().is_some()
        };
        let lasting = durations::without(&words).filter(|_| !self.is_unfinished);
        let happened = circumstances::without(lasting.as_ref().unwrap_or(&words));
        let happened = happened.filter(|_| !self.is_unfinished);
        let whole = std::iter::once(&words).chain(&lasting).chain(&happened);
        let plain: Vec<_> = whole.clone().filter_map(|it| fillers::without(it, &stays)).collect();
        let written = whole.chain(&plain);
        let mut ways =
            written.flat_map(|it| [Some(it.clone()), links::without(it, &stays)]).flatten();
        if let Some(terms) = ways.find_map(|words| self.whole(&words)) {
            return terms;
        }
        if self.means.phrases {
            let is_phrase = |words: &[&Word]| self.is_phrase_in_any_form(words);
            fillers::drop_outside_phrases(&mut words, &stays, &is_phrase);
            links::drop_inside_phrases(&mut words, &is_phrase);
            sides::move_behind_phrases(&mut words, &is_phrase);
        }
        let mut terms = Vec::new();
        let mut rest = words.as_slice();
        while !rest.is_empty() && terms.len() < MOST_TERMS {
            let phrase = self.phrase(rest);
            let listed = phrase.is_none().then(|| self.listed(rest)).flatten();
            let known = phrase.or_else(|| listed.as_ref().map(Vec::len));
            let count = known.or_else(|| self.compound(rest)).unwrap_or(1);
            let (words, behind) = rest.split_at(count);
            let mut words = listed.unwrap_or_else(|| words.to_vec());
            if known.is_some() && !self.is_listed(words.iter()) {
                for word in &mut words {
                    word.text = self.written_out(word).to_owned();
                }
            }
            terms.push(Term::of(words));
            rest = behind;
        }
        if self.means.phrases {
            understood::add(&mut terms, self.stems);
            causes::count_less(&mut terms);
        }
        let mut once: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms.into_iter().rev() {
            match once.iter_mut().find(|other| spelled(other) == spelled(&term)) {
                Some(other) => other.counts = other.counts.max(term.counts),
                None => once.push(term),
            }
        }
        once.reverse();
        once
    }

    /// The word, or the one word that it is short for: `fx` may begin or end a phrase as `fracture` does.
    fn written_out<'w>(&'w self, word: &'w Word) -> &'w str {
        let mut expansions = self.own.of(&word.text).map(|abbreviation| &*abbreviation.expansion);
        match (expansions.next(), expansions.next()) {
            (Some(only), None) if !only.contains(' ') && self.means.abbreviations => only,
            _ => &word.text,
        }
    }

    /// Words with a slash between them that are an abbreviation are one.
    fn join_slashed(&self, text: &str, words: Vec<Word>) -> Vec<Word> {
        let mut joined: Vec<Word> = Vec::with_capacity(words.len());
        for word in words {
            let both = joined.last().and_then(|last| words::slashed(text, last, &word));
            match both.filter(|both| self.own.of(&both.text).next().is_some()) {
                Some(both) => {
                    joined.pop();
                    joined.push(both);
                }
                None => joined.push(word),
            }
        }
        joined
    }

    /// How many words at the beginning are a phrase.
    fn phrase(&self, words: &[Word]) -> Option<usize> {
        if !self.means.phrases {
            return None;
        }
        (2..=synonyms::LONGEST.min(words.len()))
            .rev()
            .find(|count| self.is_phrase(words.iter().take(*count)))
    }

    /// Whether words together mean something in other words, as they stand or where one of them is short for another.
    fn is_phrase<'w>(&'w self, words: impl Iterator<Item = &'w Word> + Clone) -> bool {
        let written_out = words.clone().map(|word| self.written_out(word));
        self.is_listed(words) || !self.synonyms.of(written_out, self.stems).is_empty()
    }

    /// Whether words together mean something in other words, as they stand.
    fn is_listed<'w>(&self, words: impl Iterator<Item = &'w Word>) -> bool {
        !self.synonyms.of(words.map(|word| word.text.as_str()), self.stems).is_empty()
    }

    /// Whether words together mean something in other words, as they stand or as the list has them.
    fn is_phrase_in_any_form(&self, words: &[&Word]) -> bool {
        let owned = || words.iter().copied().cloned().collect::<Vec<_>>();
        self.is_phrase(words.iter().copied()) || self.as_listed(&owned()).is_some()
    }

    /// The words of a phrase in the order and the form in which the list has them: `pain, neck`, `inflamed gallbladder`.
    fn as_listed(&self, words: &[Word]) -> Option<Vec<Word>> {
        let is_phrase = |words: &Vec<Word>| self.is_phrase(words.iter());
        spoken(words).find(is_phrase).or_else(|| {
            kinds::variants(words).find_map(|variant| {
                let spoken = spoken(&variant).find(is_phrase);
                spoken.or_else(|| Some(variant).filter(is_phrase))
            })
        })
    }

    /// The words at the beginning, where they are a phrase in another order or form than that of the list. One that
    /// begins behind the first word and goes on behind them goes first.
    fn listed(&self, words: &[Word]) -> Option<Vec<Word>> {
        let (_, rest) = words.split_first().filter(|_| self.means.phrases)?;
        let mut counts = (2..=synonyms::LONGEST.min(words.len())).rev();
        let listed = counts.find_map(|count| self.as_listed(&words[..count]))?;
        let inner = self.phrase(rest);
        inner.is_none_or(|inner| inner < listed.len()).then_some(listed)
    }

    /// How many words at the beginning are one that titles write together: `post menopausal`.
    fn compound(&self, words: &[Word]) -> Option<usize> {
        let [left, right, ..] = words else { return None };
        let both = together(left, right).filter(|_| self.means.phrases)?;
        (self.known)(&both).then_some(2)
    }

    /// The two words of titles that somebody wrote together: `kidneystone`.
    fn apart(&self, word: &str) -> Option<(String, String)> {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !self.means.phrases
            || !is_plain
            || word.len() < SHORTEST_PART + SHORTEST_SECOND
            || (self.begins)(word)
            || self.synonyms.hold(word, self.stems)
            || self.readings.hold(word, self.stems)
        {
            return None;
        }
        let borders = SHORTEST_PART..=word.len() - SHORTEST_SECOND;
        let mut parts = borders.map(|border| word.split_at(border));
        // Written so in a text, not a form of a word: `pos` and `sible` are no siblings.
        let is_word = |part: &str| (self.known)(part) && (self.begins)(part);
        let found = parts.find(|(left, right)| is_word(left) && is_word(right))?;
        Some((found.0.to_owned(), found.1.to_owned()))
    }

    /// The terms of a query that means something as a whole: its words, and the sides that stand beside them.
    fn whole(&self, words: &[Word]) -> Option<Vec<Term>> {
        if let Some(meant) = self.as_a_whole(words) {
            return Some(vec![Term::of(meant)]);
        }
        let (others, sides) = sides::apart(words)?;
        let meant = self.as_a_whole(&others)?;
        let terms = std::iter::once(meant).chain(sides.into_iter().map(|side| vec![side]));
        Some(terms.map(Term::of).take(MOST_TERMS).collect())
    }

    /// The words of a query that means something as a whole, as the list has them: in their order or that of an index, and
    /// without a degree.
    fn as_a_whole(&self, words: &[Word]) -> Option<Vec<Word>> {
        if self.is_reading(words) {
            return Some(words.to_vec());
        }
        let plain = self.without_degree(words).map(<[Word]>::to_vec);
        let is_reading = |words: &Vec<Word>| self.is_reading(words);
        let listed = |words: &[Word]| spoken(words).find(is_reading);
        plain.or_else(|| listed(words)).or_else(|| {
            kinds::variants(words).find_map(|variant| {
                let other = listed(&variant);
                Some(variant).filter(is_reading).or(other)
            })
        })
    }

    /// Whether the words are a query that means something as a whole.
    fn is_reading(&self, words: &[Word]) -> bool {
        let said = words.iter().map(|word| word.text.as_str());
        self.means.phrases && !self.readings.of(said, self.stems).is_empty()
    }

    /// The words of a query that means something as a whole and states a degree as well, which then says nothing.
    fn without_degree<'w>(&self, words: &'w [Word]) -> Option<&'w [Word]> {
        let said: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        words.get(degrees::without(&said)?).filter(|plain| self.is_reading(plain))
    }

    /// The word as titles spell it; `nf1` is an abbreviation and a number.
    fn as_titles_write(&self, word: Word) -> Vec<Word> {
        let is_known = |text: &str| (self.known)(text) || self.own.of(text).next().is_some();
        if is_known(&word.text) {
            return vec![word];
        }
        // What may yet become another word, and what the lists know, is left as it is.
        let is_plural = !(self.begins)(&word.text) && !self.synonyms.hold(&word.text, self.stems);
        let one = || spelling::singular(&word.text, is_known).filter(|_| is_plural);
        let form = one().or_else(|| spelling::american(&word.text, is_known));
        if let Some(form) = form.filter(|_| self.means.spellings) {
            return vec![Word { text: form, ..word }];
        }
        if let Some((left, right)) = self.apart(&word.text) {
            return halves(&word, left, right);
        }
        if let Some(count) = weeks(&word.text) {
            let count = count.to_owned();
            return halves(&word, count, "weeks".to_owned());
        }
        let letters = word.text.bytes().take_while(u8::is_ascii_lowercase).count();
        let (short, number) = word.text.split_at(letters);
        let is_numbered = NUMBERED.contains(&letters)
            && number.starts_with(|first: char| first.is_ascii_digit())
            && self.means.abbreviations
            && self.own.of(short).next().is_some();
        if !is_numbered {
            return vec![word];
        }
        halves(&word, short.to_owned(), number.to_owned())
    }
}

/// Words in the orders in which they are spoken, if they stand as in an index: `pressure, high blood`, `coronary syndrome,
/// acute`, `syndrome, coronary, acute`. None where one is denied, as the order then says which.
fn spoken(words: &[Word]) -> impl Iterator<Item = Vec<Word>> {
    let is_order = words.len() > 1 && !words.iter().any(|word| word.is_negated);
    let parted_at = |place: usize| [&words[place..], &words[..place]].concat();
    let first_last = is_order.then(|| parted_at(1));
    let is_longer = is_order && words.len() > 2;
    let last_first = is_longer.then(|| parted_at(words.len() - 1));
    let backwards = is_longer.then(|| words.iter().rev().cloned().collect());
    first_last.into_iter().chain(last_first).chain(backwards)
}

/// Two words as one, if each says something by itself.
fn together(left: &Word, right: &Word) -> Option<String> {
    let is_part = |word: &Word| {
        word.text.len() >= SHORTEST_PART
            && !word.is_negated
            && !negation::is_negator(&word.text)
            && !words::is_stop_word(&word.text)
            && word.text.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    (is_part(left) && is_part(right)).then(|| format!("{}{}", left.text, right.text))
}

/// The number of weeks that a word states, days not counted: `33w`, `12wks`, `34w4d`.
fn weeks(word: &str) -> Option<&str> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (count, rest) = word.split_once('w')?;
    let days = rest.strip_suffix('d').filter(|days| days.len() == 1 && is_digits(days));
    let is_unit = matches!(rest, "" | "k" | "ks") || days.is_some();
    (is_unit && matches!(count.len(), 1..=2) && is_digits(count)).then_some(count)
}

/// A word as the two it consists of. A folded letter may be longer or shorter than it was typed: then both stand for the
/// whole.
fn halves(word: &Word, left: String, right: String) -> Vec<Word> {
    let is_plain = word.range.len() == word.text.len();
    let border = word.range.start + left.len();
    let (of_left, of_right) = if is_plain {
        (word.range.start..border, border..word.range.end)
    } else {
        (word.range.clone(), word.range.clone())
    };
    let part = |text, range| Word { text, range, ..word.clone() };
    vec![part(left, of_left), part(right, of_right)]
}

fn spelled(term: &Term) -> String {
    term.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let (own, synonyms, stems) = (Abbreviations::own(), Synonyms::own(), Stems::english());
        let readings = Synonyms::readings();
        let known = |word: &str| {
            ["heart", "anemia", "foot", "h1n1", "postmenopausal", "bacillus", "collum"]
                .contains(&word)
        };
        let (own, synonyms, readings) = (&own, &synonyms, &readings);
        let begins = |word: &str| {
            ["collapse", "foot", "heart", "postmenopausal"].iter().any(|own| own.starts_with(word))
        };
        let reader = TermReader {
            own,
            synonyms,
            readings,
            stems: &stems,
            known: &known,
            begins: &begins,
            means: Means::ALL,
            is_unfinished: text.ends_with('~'),
        };
        reader.read(text.trim_end_matches('~')).iter().map(spelled).collect()
    }

    #[test]
    fn keeps_phrases_together() {
        assert_eq!(read("big heart attack, foot"), ["big", "heart attack", "foot"]);
        assert_eq!(read("foot heart foot"), ["heart", "foot"]);
    }

    #[test]
    fn leaves_out_what_sentences_add_but_not_what_is_being_typed() {
        assert_eq!(read("my foot really has a heart attack"), ["foot", "a", "heart attack"]);
        assert_eq!(read("foot can"), ["foot"]);
        // Cancer, forearm.
        assert_eq!(read("foot can~"), ["foot", "can"]);
        assert_eq!(read("blood when wiping~"), ["blood when wiping"]);
        assert_eq!(read("anemia for~"), ["anemia", "for"]);
        assert_eq!(read("my mom had heart"), ["family", "history", "heart"]);
        assert_eq!(read("I have heart"), ["heart"]);
        assert_eq!(read("I-cell disease"), ["i cell disease"]);
    }

    #[test]
    fn takes_sides_out_of_phrases() {
        assert_eq!(read("frozen left shoulder"), ["frozen shoulder", "left"]);
        assert_eq!(read("left pink eye"), ["pink eye", "left"]);
        assert_eq!(read("heart attack left"), ["heart attack", "left"]);
    }

    #[test]
    fn knows_phrases_as_an_index_has_them() {
        assert_eq!(read("attack, heart"), ["heart attack"]);
        assert_eq!(read("foot attack heart"), ["foot", "heart attack"]);
        assert_eq!(read("pressure, high blood"), ["high blood pressure"]);
        assert_eq!(read("coronary syndrome, acute"), ["acute coronary syndrome"]);
        assert_eq!(read("syndrome, coronary, acute"), ["acute coronary syndrome"]);
        assert_eq!(read("swelling of the right knee"), ["swollen knee", "right"]);
        // What is a phrase as it stands goes first.
        assert_eq!(read("pain heart attack"), ["pain", "heart attack"]);
        assert_eq!(read("attack no heart"), ["attack", "no", "heart"]);
    }

    #[test]
    fn takes_no_note_of_degrees_beside_what_means_something_as_a_whole() {
        assert_eq!(read("severe aortic stenosis"), ["aortic stenosis"]);
        assert_eq!(read("anemia, mild to moderate"), ["anemia"]);
        assert_eq!(read("severe asthma"), ["severe", "asthma"]);
        assert_eq!(read("severe foot"), ["severe", "foot"]);
        assert_eq!(read("possible foot"), ["foot"]);
    }

    #[test]
    fn writes_as_titles_do() {
        assert_eq!(read("anaemia"), ["anemia"]);
        assert_eq!(read("nf1 h1n1 b12 zz9"), ["nf1", "h1n1", "b12", "zz9"]);
        assert_eq!(read("cmt4g"), ["cmt", "4g"]);
        assert_eq!(read("33w 12wks 4wk 34w4d"), ["33", "12", "4", "34", "weeks"]);
        assert_eq!(read("w 123w 3wd 34w10d"), ["w", "123w", "3wd", "34w10d"]);
        assert_eq!(read("bacilli post"), ["bacillus", "post"]);
        // It may become a collapse.
        assert_eq!(read("colla"), ["colla"]);
    }

    #[test]
    fn reads_words_together_and_apart() {
        assert_eq!(read("post-menopausal foot"), ["post menopausal", "foot"]);
        assert_eq!(read("heartfoot"), ["heart", "foot"]);
        // `bacillus` is known, but nothing is written with it here.
        assert_eq!(read("footbacillus"), ["footbacillus"]);
        assert_eq!(read("postmeno"), ["postmeno"]);
    }
}
