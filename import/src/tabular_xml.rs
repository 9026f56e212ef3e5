//! The tabular list of ICD-10-CM as NCHS publishes it in XML.
//!
//! The elements are those of the published schema and of every edition from FY2017 to FY2026; another element refuses
//! the file, because it may carry an instruction that nobody would see. Document type definitions and entities of a
//! file's own are refused too. Notes inside `sevenChrDef` are stray and ignored (eight in 2026).
//!
//! Source: `icd10cm-tabular.xsd`, and the files themselves.

use medcode_codes::tabular::{NodeKind, NoteKind};
use quick_xml::events::BytesStart;

use super::{
    ImportError,
    rows::{NodeRow, NoteRow, SeventhRow, TabularRows},
    xml::{Elements, Parsed, name, root_name},
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
    let xml = Elements::new(bytes, file)?;
    let mut parser = Parser { xml, rows: TabularRows::default(), containers: 0 };
    let year = parser.document()?;
    Ok(TabularFile { year, rows: parser.rows })
}

/// Whether the beginning of a file is that of a tabular list in XML.
pub fn recognises(head: &str) -> bool {
    root_name(head) == Some("ICD10CM.tabular")
}

struct Parser<'a> {
    xml: Elements<'a>,
    rows: TabularRows,
    containers: u32,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Parsed<String> {
        let root = self.xml.child()?.ok_or_else(|| self.xml.refuse("the file is empty"))?;
        if name(&root) != "ICD10CM.tabular" {
            return Err(self.xml.refuse("this is no tabular list of ICD-10-CM"));
        }
        let mut year = None;
        while let Some(element) = self.xml.child()? {
            match name(&element) {
                "version" => year = Some(self.xml.text_of()?),
                "introduction" => self.xml.skip()?,
                "chapter" => self.node(NodeKind::Chapter, None, &element, 0)?,
                _ => return Err(self.xml.unexpected(&element, "the list")),
            }
        }
        if self.xml.child()?.is_some() {
            return Err(self.xml.refuse("something stands behind the list"));
        }
        year.ok_or_else(|| self.xml.refuse("the list names no version"))
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
            return Err(self.xml.refuse("codes are nested too deeply"));
        }
        let number = self.rows.nodes.len();
        let node = u32::try_from(number).map_err(|_| self.xml.refuse("too many nodes"))?;
        let identifier = if kind == NodeKind::Section {
            self.xml.attribute(start, "id")?
        } else {
            String::new()
        };
        let section = if identifier.contains('-') || kind != NodeKind::Section {
            identifier
        } else {
            // The 39 sections of one category bear its name; theirs is the range.
            format!("{identifier}-{identifier}")
        };
        self.rows.nodes.push(NodeRow { parent, kind, name: section, title: String::new() });
        while let Some(element) = self.xml.child()? {
            match (kind, name(&element)) {
                (NodeKind::Chapter, "name") => {
                    let chapter: u8 = self.xml.text_of()?.parse().unwrap_or_default();
                    self.rows.nodes[number].name = format!("chapter-{chapter:02}");
                }
                (NodeKind::Code, "name") => self.rows.nodes[number].name = self.xml.text_of()?,
                (_, "desc") => self.rows.nodes[number].title = self.xml.text_of()?,
                (NodeKind::Chapter, "sectionIndex") | (NodeKind::Code, "visualImpairment") => {
                    self.xml.skip()?;
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
                    None => return Err(self.xml.unexpected(&element, "a node")),
                },
            }
        }
        let row = &self.rows.nodes[number];
        if row.name.is_empty() || row.title.is_empty() {
            return Err(self.xml.refuse("a node has no name or no title"));
        }
        Ok(())
    }

    /// Reads the notes of one element.
    fn notes(&mut self, node: u32, kind: NoteKind) -> Parsed<()> {
        let container = self.containers;
        self.containers =
            container.checked_add(1).ok_or_else(|| self.xml.refuse("too many notes"))?;
        while let Some(element) = self.xml.child()? {
            if name(&element) != "note" {
                return Err(self.xml.unexpected(&element, "notes"));
            }
            let text = self.xml.text_of()?;
            self.rows.notes.push(NoteRow { node, kind, container, text });
        }
        Ok(())
    }

    /// Reads a definition of 7th characters.
    fn seventh_characters(&mut self, node: u32) -> Parsed<()> {
        while let Some(element) = self.xml.child()? {
            match name(&element) {
                "extension" => {
                    let text = self.xml.attribute(&element, "char")?;
                    let mut characters = text.chars();
                    let (Some(character @ ('A'..='Z' | '0'..='9')), None) =
                        (characters.next(), characters.next())
                    else {
                        return Err(self.xml.refuse("a 7th character is no letter or digit"));
                    };
                    let meaning = self.xml.text_of()?;
                    self.rows.seventh.push(SeventhRow { node, character, meaning });
                }
                "note" => self.xml.skip()?,
                _ => return Err(self.xml.unexpected(&element, "a definition of 7th characters")),
            }
        }
        Ok(())
    }
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
