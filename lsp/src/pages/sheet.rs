//! A page as it is written: lines of Markdown, and where in them each code and each note stands.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
    ops::Range,
};

use medcode_codes::{
    code::CodeKey,
    normalize::normalize,
    system::CodeSystem,
    tabular::reference::{Item, parse},
};

use super::name::PageName;

/// Where a code stands on its page. Lines and columns from 0; the columns hold ASCII alone in front of their end, so that
/// they are the same in every encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The line with the code.
    pub(crate) line: u32,
    /// The columns of the code in its line.
    pub(crate) columns: Range<u32>,
    /// The line behind everything that is said of the code and of what stands below it.
    pub(crate) end: u32,
}

/// The deepest heading of Markdown.
const MAX_DEPTH: u8 = 6;

/// A finished page.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// The Markdown.
    pub(crate) text: String,
    /// The pages that it names.
    pub(crate) links: BTreeSet<PageName>,
    spots: HashMap<String, Spot>,
    /// The node, the text as published and the line of each note.
    notes: Vec<(String, String, u32)>,
    first: Option<Spot>,
}

impl Drawn {
    /// Where a code stands; what has no line of its own is found with what it stands below.
    pub(crate) fn spot(&self, system: CodeSystem, code: &str) -> Option<&Spot> {
        if let Some(spot) = self.spots.get(code) {
            return Some(spot);
        }
        let Some(key) = CodeKey::new(&normalize(system, code).code) else {
            return self.first.as_ref();
        };
        let above = (1..=key.length()).rev().find_map(|length| {
            let above = medcode_codes::code::written(system, &key.prefix(length).text());
            self.spots.get(&above)
        });
        above.or(self.first.as_ref())
    }

    /// Whether a code has a line of its own.
    pub(crate) fn shows(&self, code: &str) -> bool {
        self.spots.contains_key(code)
    }

    /// The line of a note of a node, from 0.
    pub(crate) fn note(&self, owner: &str, text: &str) -> Option<u32> {
        let mut own = self.notes.iter().filter(|(of, ..)| of == owner);
        own.find(|(_, published, _)| published == text).map(|(.., line)| *line)
    }
}

/// A page under construction.
pub(crate) struct Sheet<'a> {
    system: CodeSystem,
    drawn: Drawn,
    line: u32,
    /// Every heading in order: its depth, its line, and the code that it is about.
    headings: Vec<(u8, u32, Option<String>)>,
    /// The same page drawn before, which knows the lines that its links lead to.
    before: Option<&'a Drawn>,
}

impl<'a> Sheet<'a> {
    /// An empty page. Links to codes of the page itself lead to their lines only where it was drawn `before`.
    pub(crate) fn new(system: CodeSystem, before: Option<&'a Drawn>) -> Self {
        Self { system, drawn: Drawn::default(), line: 0, headings: Vec::new(), before }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: &str) -> &mut Self {
        self.drawn.text.push_str(line);
        self.drawn.text.push('\n');
        self.line += 1;
        self
    }

    /// Adds a paragraph of one line. Nothing where the line is empty.
    pub(crate) fn paragraph(&mut self, line: &str) -> &mut Self {
        if line.is_empty() { self } else { self.blank().line(line) }
    }

    /// Adds an empty line.
    pub(crate) fn blank(&mut self) -> &mut Self {
        self.line("")
    }

    /// Adds the heading of a code.
    pub(crate) fn heading(&mut self, depth: u8, code: &str, title: &str) -> &mut Self {
        let depth = depth.min(MAX_DEPTH);
        let marks = "#".repeat(depth.into());
        self.blank();
        self.place(code, marks.len() + 1, code.len(), Some(depth));
        let line = format!("{marks} {code} {}", plain(title));
        self.line(line.trim_end())
    }

    /// Adds the heading of a group, which has a name beside its code.
    pub(crate) fn named_heading(&mut self, depth: u8, code: &str, name: &str) -> &mut Self {
        let marks = "#".repeat(depth.into());
        self.blank();
        self.place(
            code,
            marks.len() + 1,
            name.chars().take_while(char::is_ascii).count(),
            Some(depth),
        );
        let line = format!("{marks} {}", plain(name));
        self.line(&line)
    }

    /// Adds a heading that no code stands in.
    pub(crate) fn bare_heading(&mut self, depth: u8, text: &str) -> &mut Self {
        let marks = "#".repeat(depth.into());
        self.blank();
        self.headings.push((depth, self.line, None));
        self.line(&format!("{marks} {text}"))
    }

    /// Adds an entry of a list that is about a code of this page.
    pub(crate) fn entry(&mut self, code: &str, text: &str) -> &mut Self {
        self.place(code, "- **".len(), code.len(), None);
        self.line(format!("- **{code}** {}", plain(text)).trim_end())
    }

    /// Adds an entry of a list that leads to the page of a code.
    pub(crate) fn linked_entry(&mut self, code: &str, text: &str) -> &mut Self {
        let code = self.link(code, code);
        self.line(format!("- {code} {}", plain(text)).trim_end())
    }

    /// Adds a note of a node as an entry of a list.
    pub(crate) fn note(&mut self, owner: &str, text: &str) -> &mut Self {
        self.drawn.notes.push((owner.to_owned(), text.to_owned(), self.line));
        // A note may go on where its heading ends.
        let shown = text.trim_start_matches([',', ' ']);
        let (head, items) = match shown.split_once(": ") {
            Some((head, items)) if items.contains("; ") => (head, items),
            _ => return self.item("- ", shown),
        };
        self.item("- ", &format!("{head}:"));
        for item in items.split("; ") {
            self.item("  - ", item);
        }
        self
    }

    fn item(&mut self, mark: &str, text: &str) -> &mut Self {
        let linked = self.linked(text);
        self.line(&format!("{mark}{linked}"))
    }

    /// A text as a link to the page of a code; the text alone where there is no page.
    pub(crate) fn link(&mut self, text: &str, code: &str) -> String {
        let Some(name) = PageName::of(self.system, code) else { return text.to_owned() };
        let file = name.file();
        let here = self.before.filter(|drawn| drawn.shows(code));
        let line = here.and_then(|drawn| drawn.spot(self.system, code));
        self.drawn.links.insert(name);
        match line {
            Some(spot) => format!("[{text}]({file}#L{})", spot.line + 1),
            None => format!("[{text}]({file})"),
        }
    }

    /// A note with links at the codes that it names. Words that merely look like codes name none.
    fn linked(&mut self, note: &str) -> String {
        let named: Vec<CodeKey> = parse(note)
            .into_iter()
            .flat_map(|reference| reference.items)
            .flat_map(|item| match item {
                Item::Single(key) | Item::Wildcard(key) => [Some(key), None],
                Item::Range(first, last) => [Some(first), Some(last)],
            })
            .flatten()
            .collect();
        let mut linked = String::with_capacity(note.len());
        let mut rest = note;
        while let Some((before, code, behind)) = next_code(rest, self.system, &named) {
            let target = code.trim_end_matches('-').trim_end_matches('.');
            let _ = write!(linked, "{}{}", plain(before), self.link(code, target));
            rest = behind;
        }
        linked + &plain(rest)
    }

    fn place(&mut self, code: &str, column: usize, length: usize, depth: Option<u8>) {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let columns = number(column)..number(column + length);
        let spot = Spot { line: self.line, columns, end: self.line + 1 };
        if let Some(depth) = depth {
            self.headings.push((depth, self.line, Some(code.to_owned())));
        }
        self.drawn.first.get_or_insert_with(|| spot.clone());
        self.drawn.spots.insert(code.to_owned(), spot);
    }

    /// The page.
    pub(crate) fn finish(mut self) -> Drawn {
        // A heading reaches to the next one that is not deeper; an entry of a list is its line.
        let mut behind: Vec<(u8, u32)> = vec![(0, self.line)];
        for (depth, line, code) in self.headings.iter().rev() {
            behind.retain(|(other, _)| other <= depth);
            let spot = code.as_ref().and_then(|code| self.drawn.spots.get_mut(code));
            if let (Some(spot), Some((_, end))) = (spot, behind.last()) {
                spot.end = *end;
            }
            behind.push((*depth, *line));
        }
        self.drawn
    }
}

/// The next code of a note that is one of those it names: what stands before it, its spelling with its wildcard, and
/// what stands behind it.
fn next_code<'n>(
    note: &'n str,
    system: CodeSystem,
    named: &[CodeKey],
) -> Option<(&'n str, &'n str, &'n str)> {
    let mut from = 0;
    loop {
        let start = from + note.get(from..)?.find(|c: char| c.is_ascii_alphanumeric())?;
        let rest = note.get(start..)?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
        let word = rest.get(..end.unwrap_or(rest.len()))?;
        let bare = word.trim_end_matches('.');
        from = start + word.len();
        let key = CodeKey::new(&normalize(system, bare).code);
        if !key.is_some_and(|key| named.contains(&key)) {
            continue;
        }
        let behind = note.get(start + bare.len()..)?;
        let wildcard = [".-", "-"].into_iter().find(|mark| {
            let next = behind.strip_prefix(mark).map(|rest| rest.chars().next());
            next.is_some_and(|next| !next.is_some_and(|c| c.is_ascii_alphanumeric()))
        });
        let length = bare.len() + wildcard.map_or(0, str::len);
        let code = note.get(start..start + length)?;
        return Some((note.get(..start)?, code, note.get(start + length..)?));
    }
}

/// A text as Markdown that means itself.
pub(crate) fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    // Brackets alone are brackets; with a parenthesis behind them they would be a link.
    escaped.replace("](", "]\\(")
}
