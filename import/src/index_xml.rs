//! The Alphabetic Index of ICD-10-CM and its tables as NCHS publishes them in XML: four files of one schema.
//!
//! A term that tells nothing by itself (no code, no reference) gives no entry; its title stands in the paths below it.
//! `seecat` and `subcat` name codes and are kept as such. In the tables, a term gives an entry for every column with a
//! code; `--` and `-` are none. An element that the schema does not have refuses the file, and so do document type definitions
//! and entities of a file's own.
//!
//! Source: `icd10cm_index.xsd`, `icd10cm_drug_neoplasm.xsd`, and the four files of FY2017.

use medcode_codes::index_term::{IndexEntry, IndexPart};
use quick_xml::events::BytesStart;

use super::{
    ImportError,
    xml::{Elements, Parsed, name, root_name},
};

mod title;

/// Terms are nested at most nine deep in a main term; more is a broken file.
const DEEPEST: usize = 12;
/// Bytes of the longest title; those of 2017 stay below 500. Every entry repeats the titles above it.
const LONGEST_TITLE: usize = 2_000;
/// What columns of a table hold instead of a code.
const NO_CODE: [&str; 2] = ["--", "-"];

/// An index or table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexFile {
    /// Which of the four it is.
    pub part: IndexPart,
    /// The fiscal year, as written in `<version>`.
    pub year: String,
    /// What leads to a code or to another entry, in the order of the file.
    pub entries: Vec<IndexEntry>,
    /// Number of letters.
    pub letters: usize,
    /// Number of main terms.
    pub main_terms: usize,
    /// Number of terms below main terms.
    pub terms: usize,
    /// Lines in which words stand where a code belongs; they are left out of the entry. One in the table of neoplasms
    /// of 2017.
    pub no_codes: Vec<u64>,
}

/// Whether the beginning of a file is that of an index or table in XML.
pub fn recognises(head: &str) -> bool {
    root_name(head).is_some_and(is_root)
}

fn is_root(name: &str) -> bool {
    matches!(name, "ICD10CM.index" | "ICD10CM.table")
}

/// Reads a file.
///
/// # Errors
/// The file is not UTF-8, not well-formed, cut short, holds elements or text where the schema has none, or is none of
/// the four.
pub fn read(bytes: &[u8], file: &str) -> Result<IndexFile, ImportError> {
    let index = IndexFile {
        part: IndexPart::Diseases,
        year: String::new(),
        entries: Vec::new(),
        letters: 0,
        main_terms: 0,
        terms: 0,
        no_codes: Vec::new(),
    };
    let parser = Parser {
        xml: Elements::new(bytes, file)?,
        index,
        heads: Vec::new(),
        path: Vec::new(),
        non_essential: Vec::new(),
    };
    parser.document()
}

struct Parser<'a> {
    xml: Elements<'a>,
    index: IndexFile,
    /// Numbers and headings of the columns of a table.
    heads: Vec<(String, String)>,
    /// Titles of the terms that are open.
    path: Vec<String>,
    /// Their non-essential modifiers.
    non_essential: Vec<String>,
}

/// What stands in a term beside its title and the terms below it.
#[derive(Default)]
struct Content {
    code: String,
    category: String,
    subcategory: String,
    manifestation: String,
    see: String,
    see_also: String,
    /// Heading and code.
    cells: Vec<(String, String)>,
}

impl<'a> Parser<'a> {
    fn document(mut self) -> Parsed<IndexFile> {
        let root = self.xml.child()?.ok_or_else(|| self.xml.refuse("the file is empty"))?;
        if !is_root(name(&root)) {
            return Err(self.xml.refuse("this is no index of ICD-10-CM"));
        }
        let mut title = String::new();
        while let Some(element) = self.xml.child()? {
            match name(&element) {
                "version" => self.index.year = self.xml.text_of()?,
                "title" => title = self.xml.text_of()?,
                "indexHeading" => self.heading()?,
                "letter" => {
                    if self.index.letters == 0 {
                        self.index.part = self.part(&title)?;
                    }
                    self.letter()?;
                }
                _ => return Err(self.xml.unexpected(&element, "the index")),
            }
        }
        if self.xml.child()?.is_some() {
            return Err(self.xml.refuse("something stands behind the index"));
        }
        match (self.index.year.is_empty(), self.index.letters) {
            (true, _) => Err(self.xml.refuse("the index names no version")),
            (_, 0) => Err(self.xml.refuse("the index has no letter")),
            _ => Ok(self.index),
        }
    }

    fn heading(&mut self) -> Parsed<()> {
        while let Some(element) = self.xml.child()? {
            if name(&element) != "head" {
                return Err(self.xml.unexpected(&element, "the heading"));
            }
            let column = self.xml.attribute(&element, "col")?;
            let text = self.xml.text_of()?;
            self.heads.push((column, text));
        }
        Ok(())
    }

    /// Which file this is. The tables of 2017 have no title, but a first column that says what stands in it.
    fn part(&self, title: &str) -> Parsed<IndexPart> {
        let first = self.heads.first().map_or("", |(_, text)| text.as_str());
        let words = format!("{title} {first}").to_ascii_lowercase();
        let has = |word: &str| words.contains(word);
        if self.heads.is_empty() {
            if has("external cause") {
                return Ok(IndexPart::ExternalCauses);
            }
            if has("diseases") {
                return Ok(IndexPart::Diseases);
            }
        } else {
            if has("neoplasm") {
                return Ok(IndexPart::Neoplasms);
            }
            if has("substance") || has("drug") {
                return Ok(IndexPart::Drugs);
            }
        }
        Err(self.xml.refuse("neither the title nor the heading names one of the four indexes"))
    }

    fn letter(&mut self) -> Parsed<()> {
        self.index.letters += 1;
        while let Some(element) = self.xml.child()? {
            match name(&element) {
                "title" => {
                    self.xml.text_of()?;
                }
                "mainTerm" => {
                    self.index.main_terms += 1;
                    self.term(0)?;
                }
                _ => return Err(self.xml.unexpected(&element, "a letter")),
            }
        }
        Ok(())
    }

    /// Reads a main term or term whose start tag was read.
    fn term(&mut self, depth: usize) -> Parsed<()> {
        if depth > DEEPEST {
            return Err(self.xml.refuse("terms are nested too deeply"));
        }
        let modifiers_before = self.non_essential.len();
        let mut content = Some(Content::default());
        while let Some(element) = self.xml.child()? {
            match (name(&element), &mut content) {
                ("title", _) if self.path.len() == depth => self.title()?,
                ("term", _) if self.path.len() > depth => {
                    // What a term tells stands before the terms below it.
                    if let Some(content) = content.take() {
                        self.deliver(content);
                    }
                    self.index.terms += 1;
                    self.term(depth + 1)?;
                }
                (_, Some(content)) => self.content(&element, content)?,
                (_, None) => return Err(self.xml.unexpected(&element, "a term behind its terms")),
            }
        }
        if self.path.len() == depth {
            return Err(self.xml.refuse("a term has no title"));
        }
        if let Some(content) = content {
            self.deliver(content);
        }
        self.path.truncate(depth);
        self.non_essential.truncate(modifiers_before);
        Ok(())
    }

    fn title(&mut self) -> Parsed<()> {
        let mut title = title::Title::default();
        loop {
            let mut text = String::new();
            let element = self.xml.text_until_element(&mut text)?;
            title.text(&text);
            match element {
                None => break,
                Some(element) if name(&element) == "nemod" => {
                    title.modifiers(&self.xml.text_of()?);
                }
                Some(element) => return Err(self.xml.unexpected(&element, "a title")),
            }
        }
        let (text, modifiers) = title.finish();
        if text.is_empty() || text.len() > LONGEST_TITLE {
            return Err(self.xml.refuse("a title is empty or too long"));
        }
        self.path.push(text);
        self.non_essential.extend(modifiers);
        Ok(())
    }

    fn content(&mut self, element: &BytesStart<'a>, content: &mut Content) -> Parsed<()> {
        let slot = match name(element) {
            "see" => &mut content.see,
            "seeAlso" => &mut content.see_also,
            "code" => &mut content.code,
            "seecat" => &mut content.category,
            "subcat" => &mut content.subcategory,
            "manif" => &mut content.manifestation,
            "cell" => {
                let column = self.xml.attribute(element, "col")?;
                let head = self.heads.iter().find(|(number, _)| *number == column);
                let head = head.ok_or_else(|| self.xml.refuse("a column has no heading"))?;
                content.cells.push((head.1.clone(), String::new()));
                match content.cells.last_mut() {
                    Some((_, code)) => code,
                    None => return Ok(()),
                }
            }
            // The schema has it; no edition does.
            "warning" => return self.xml.skip(),
            _ => return Err(self.xml.unexpected(element, "a term")),
        };
        if !slot.is_empty() {
            return Err(self.xml.refuse(&format!("<{}> stands twice", name(element))));
        }
        let text = self.xml.text_of()?;
        let is_text = matches!(name(element), "see" | "seeAlso");
        if is_text || is_code(&text) {
            *slot = text;
        } else if !NO_CODE.contains(&text.as_str()) {
            self.index.no_codes.push(self.xml.line());
        }
        Ok(())
    }

    fn deliver(&mut self, content: Content) {
        let Content { code, category, subcategory, manifestation, see, see_also, cells } = content;
        let entry = IndexEntry {
            part: self.index.part,
            path: self.path.clone(),
            non_essential: self.non_essential.clone(),
            code: String::new(),
            manifestation,
            column: String::new(),
            see,
            see_also,
        };
        let codes = [code, category, subcategory].map(|code| (String::new(), code));
        let mut coded =
            codes.into_iter().chain(cells).filter(|(_, code)| !code.is_empty()).peekable();
        if coded.peek().is_none() && !(entry.see.is_empty() && entry.see_also.is_empty()) {
            self.index.entries.push(entry);
            return;
        }
        let coded = coded.map(|(column, code)| IndexEntry { column, code, ..entry.clone() });
        self.index.entries.extend(coded);
    }
}

/// A code with its point, or the beginning of codes: `R10.9`, `R10.-`, `R10.1-`.
fn is_code(text: &str) -> bool {
    let stem = text.strip_suffix('-').unwrap_or(text);
    let stem = if stem.len() < text.len() { stem.strip_suffix('.').unwrap_or(stem) } else { stem };
    let (category, rest) = stem.split_once('.').unwrap_or((stem, "0"));
    let letters = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    category.len() == 3
        && category.starts_with(|c: char| c.is_ascii_uppercase())
        && (1..=4).contains(&rest.len())
        && letters(category)
        && letters(rest)
}

#[cfg(test)]
mod tests;
