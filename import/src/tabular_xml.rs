//! The tabular list of ICD-10-CM as NCHS publishes it in XML.
//!
//! The elements are those of the published schema and of every edition from FY2017 to FY2026; another element refuses
//! the file, because it may carry an instruction that nobody would see. Document type definitions and entities of a
//! file's own are refused too. Notes inside `sevenChrDef` are stray and ignored (eight in 2026).
//!
//! Source: `icd10cm-tabular.xsd`, and the files themselves.

use medcode_codes::tabular::{NodeKind, NoteKind};
use quick_xml::{
    events::{BytesStart, Event},
    reader::Reader,
};

use super::{
    ImportError, Place,
    rows::{NodeRow, NoteRow, SeventhRow, TabularRows},
};

/// Codes are nested at most five deep; more is a broken file.
const DEEPEST: usize = 12;

/// A tabular list and the year that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabularFile {
    /// The fiscal year, as written in `<version>`. October and April editions bear the same.
    pub year: String,
    /// What stands in it.
    pub rows: TabularRows,
}

/// Reads a file.
///
/// # Errors
/// The file is not UTF-8, not well-formed, cut short, or holds elements or text where the schema has none.
pub fn read(bytes: &[u8], file: &str) -> Result<TabularFile, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        ImportError::new(file, Place::Offset(error.valid_up_to() as u64), "not UTF-8")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    // An empty element is a start and an end: one case instead of two.
    reader.config_mut().expand_empty_elements = true;
    let rows = TabularRows::default();
    let mut parser = Parser { reader, text, file, rows, containers: 0, open: 0 };
    let year = parser.document()?;
    Ok(TabularFile { year, rows: parser.rows })
}

struct Parser<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    file: &'a str,
    rows: TabularRows,
    containers: u32,
    /// Elements whose end was not read.
    open: usize,
}

type Parsed<T> = Result<T, ImportError>;

impl<'a> Parser<'a> {
    fn document(&mut self) -> Parsed<String> {
        let root = self.child()?.ok_or_else(|| self.refuse("the file is empty"))?;
        if name(&root) != "ICD10CM.tabular" {
            return Err(self.refuse("this is no tabular list of ICD-10-CM"));
        }
        let mut year = None;
        while let Some(element) = self.child()? {
            match name(&element) {
                "version" => year = Some(self.text_of()?),
                "introduction" => self.skip()?,
                "chapter" => self.node(NodeKind::Chapter, None, &element, 0)?,
                _ => return Err(self.unexpected(&element, "the list")),
            }
        }
        if self.child()?.is_some() {
            return Err(self.refuse("something stands behind the list"));
        }
        year.ok_or_else(|| self.refuse("the list names no version"))
    }

    /// Reads a chapter, section or code whose start tag was read.
    fn node(
        &mut self,
        kind: NodeKind,
        parent: Option<u32>,
        start: &BytesStart<'a>,
        depth: usize,
    ) -> Parsed<()> {
        if depth > DEEPEST {
            return Err(self.refuse("codes are nested too deeply"));
        }
        let number = self.rows.nodes.len();
        let node = u32::try_from(number).map_err(|_| self.refuse("too many nodes"))?;
        let identifier =
            if kind == NodeKind::Section { self.attribute(start, "id")? } else { String::new() };
        let section = if identifier.contains('-') || kind != NodeKind::Section {
            identifier
        } else {
            // The 39 sections of one category bear its name; theirs is the range.
            format!("{identifier}-{identifier}")
        };
        self.rows.nodes.push(NodeRow { parent, kind, name: section, title: String::new() });
        while let Some(element) = self.child()? {
            match (kind, name(&element)) {
                (NodeKind::Chapter, "name") => {
                    let chapter: u8 = self.text_of()?.parse().unwrap_or_default();
                    self.rows.nodes[number].name = format!("chapter-{chapter:02}");
                }
                (NodeKind::Code, "name") => self.rows.nodes[number].name = self.text_of()?,
                (_, "desc") => self.rows.nodes[number].title = self.text_of()?,
                (NodeKind::Chapter, "sectionIndex") | (NodeKind::Code, "visualImpairment") => {
                    self.skip()?;
                }
                (NodeKind::Chapter, "section") => {
                    self.node(NodeKind::Section, Some(node), &element, depth + 1)?;
                }
                (NodeKind::Section | NodeKind::Code, "diag") => {
                    self.node(NodeKind::Code, Some(node), &element, depth + 1)?;
                }
                (NodeKind::Code, "sevenChrDef") => self.seventh_characters(node)?,
                (_, other) => match note_kind(other) {
                    Some(note) => self.notes(node, note)?,
                    None => return Err(self.unexpected(&element, "a node")),
                },
            }
        }
        let row = &self.rows.nodes[number];
        if row.name.is_empty() || row.title.is_empty() {
            return Err(self.refuse("a node has no name or no title"));
        }
        Ok(())
    }

    /// Reads the notes of one element.
    fn notes(&mut self, node: u32, kind: NoteKind) -> Parsed<()> {
        let container = self.containers;
        self.containers = container.checked_add(1).ok_or_else(|| self.refuse("too many notes"))?;
        while let Some(element) = self.child()? {
            if name(&element) != "note" {
                return Err(self.unexpected(&element, "notes"));
            }
            let text = self.text_of()?;
            self.rows.notes.push(NoteRow { node, kind, container, text });
        }
        Ok(())
    }

    /// Reads a definition of 7th characters.
    fn seventh_characters(&mut self, node: u32) -> Parsed<()> {
        while let Some(element) = self.child()? {
            match name(&element) {
                "extension" => {
                    let text = self.attribute(&element, "char")?;
                    let mut characters = text.chars();
                    let (Some(character @ ('A'..='Z' | '0'..='9')), None) =
                        (characters.next(), characters.next())
                    else {
                        return Err(self.refuse("a 7th character is no letter or digit"));
                    };
                    let meaning = self.text_of()?;
                    self.rows.seventh.push(SeventhRow { node, character, meaning });
                }
                "note" => self.skip()?,
                _ => return Err(self.unexpected(&element, "a definition of 7th characters")),
            }
        }
        Ok(())
    }

    /// The next element inside the one that is open; `None` at its end. At the end of the file there is none either.
    fn child(&mut self) -> Parsed<Option<BytesStart<'a>>> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) | Event::Eof => return Ok(None),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.refuse("text stands where an element belongs"));
                }
                _ => {}
            }
        }
    }

    /// The text of the element that is open, white space squeezed.
    fn text_of(&mut self) -> Parsed<String> {
        let mut text = String::new();
        loop {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.into_inner()),
                Event::CData(part) => text.push_str(&part.into_inner()),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().ok().flatten();
                    let predefined = || quick_xml::escape::resolve_predefined_entity(&reference);
                    match (character, predefined()) {
                        (Some(character), _) => text.push(character),
                        (None, Some(predefined)) => text.push_str(predefined),
                        (None, None) => return Err(self.refuse("an entity of its own")),
                    }
                }
                Event::End(_) => break,
                Event::Start(start) => return Err(self.unexpected(&start, "a text")),
                _ => {}
            }
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { Err(self.refuse("a text is empty")) } else { Ok(text) }
    }

    /// Passes over everything in the element that is open.
    fn skip(&mut self) -> Parsed<()> {
        let mut open = 1_usize;
        while open > 0 {
            match self.event()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    fn event(&mut self) -> Parsed<Event<'a>> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(self.refuse("a document type definition")),
            Ok(Event::Eof) if self.open > 0 => Err(self.refuse("the file is cut short")),
            Ok(event) => {
                match event {
                    Event::Start(_) => self.open += 1,
                    Event::End(_) => self.open = self.open.saturating_sub(1),
                    _ => {}
                }
                Ok(event)
            }
            Err(_) => Err(self.refuse("not well-formed XML")),
        }
    }

    fn attribute(&self, element: &BytesStart<'a>, wanted: &str) -> Parsed<String> {
        let attribute = element.try_get_attribute(wanted).ok().flatten();
        let value = attribute.map(|attribute| attribute.value.trim().to_owned());
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| self.refuse(&format!("<{}> has no attribute {wanted}", name(element))))
    }

    fn unexpected(&self, element: &BytesStart<'_>, place: &str) -> ImportError {
        let shown: String = name(element).chars().take(40).collect();
        self.refuse(&format!("<{shown}> does not belong into {place}"))
    }

    fn refuse(&self, problem: &str) -> ImportError {
        let read = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let before = self.text.as_bytes().get(..read).unwrap_or(self.text.as_bytes());
        let line = before.split(|byte| *byte == b'\n').count();
        ImportError::new(self.file, Place::Line(line as u64), problem)
    }
}

fn name<'e>(element: &'e BytesStart<'_>) -> &'e str {
    element.name().into_inner()
}

fn note_kind(element: &str) -> Option<NoteKind> {
    Some(match element {
        "includes" => NoteKind::Includes,
        "inclusionTerm" => NoteKind::InclusionTerm,
        "excludes1" => NoteKind::Excludes1,
        "excludes2" => NoteKind::Excludes2,
        "codeFirst" => NoteKind::CodeFirst,
        "useAdditionalCode" => NoteKind::UseAdditionalCode,
        "codeAlso" => NoteKind::CodeAlso,
        "sevenChrNote" => NoteKind::SeventhCharacter,
        "notes" => NoteKind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
