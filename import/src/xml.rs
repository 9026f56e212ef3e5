//! Elements of an XML file, one after the other, for the formats of NCHS.
//!
//! Document type definitions and entities of a file's own are refused: nothing can be made to grow while it is read.

use quick_xml::{
    events::{BytesStart, Event},
    reader::Reader,
};

use super::{ImportError, Place};

/// The value of a step, or the refusal of the file.
pub(crate) type Parsed<T> = Result<T, ImportError>;

/// A file that is being read.
pub(crate) struct Elements<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    file: &'a str,
    /// Elements whose end was not read.
    open: usize,
    /// Bytes whose line ends were counted, and how many there were.
    counted: (usize, u64),
}

impl<'a> Elements<'a> {
    /// Begins to read; `file` names it in errors.
    pub(crate) fn new(bytes: &'a [u8], file: &'a str) -> Parsed<Self> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            ImportError::new(file, Place::Offset(error.valid_up_to() as u64), "not UTF-8")
        })?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut reader = Reader::from_str(text);
        // An empty element is a start and an end: one case instead of two.
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, text, file, open: 0, counted: (0, 0) })
    }

    /// The next element inside the one that is open; `None` at its end. At the end of the file there is none either.
    pub(crate) fn child(&mut self) -> Parsed<Option<BytesStart<'a>>> {
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
    pub(crate) fn text_of(&mut self) -> Parsed<String> {
        let mut text = String::new();
        if let Some(start) = self.text_until_element(&mut text)? {
            return Err(self.unexpected(&start, "a text"));
        }
        let text = squeeze(&text);
        if text.is_empty() { Err(self.refuse("a text is empty")) } else { Ok(text) }
    }

    /// Appends the text up to the next element inside the one that is open; `None` at its end.
    pub(crate) fn text_until_element(
        &mut self,
        text: &mut String,
    ) -> Parsed<Option<BytesStart<'a>>> {
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
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) | Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Passes over everything in the element that is open.
    pub(crate) fn skip(&mut self) -> Parsed<()> {
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

    /// The value of an attribute that must be there.
    pub(crate) fn attribute(&self, element: &BytesStart<'a>, wanted: &str) -> Parsed<String> {
        let attribute = element.try_get_attribute(wanted).ok().flatten();
        let value = attribute.map(|attribute| attribute.value.trim().to_owned());
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| self.refuse(&format!("<{}> has no attribute {wanted}", name(element))))
    }

    /// Refuses an element that the schema does not have in this place.
    pub(crate) fn unexpected(&self, element: &BytesStart<'_>, place: &str) -> ImportError {
        let shown: String = name(element).chars().take(40).collect();
        self.refuse(&format!("<{shown}> does not belong into {place}"))
    }

    /// Refuses the file because of what stands in the line that was read last.
    pub(crate) fn refuse(&self, problem: &str) -> ImportError {
        let read = self.position();
        let before = self.text.as_bytes().get(..read).unwrap_or(self.text.as_bytes());
        let line = before.split(|byte| *byte == b'\n').count();
        ImportError::new(self.file, Place::Line(line as u64), problem)
    }

    /// The line that was read last. Text is counted once, however often this is asked.
    pub(crate) fn line(&mut self) -> u64 {
        let (from, lines) = self.counted;
        let read = self.position().clamp(from, self.text.len());
        let new = self.text.as_bytes().get(from..read).unwrap_or_default();
        let new = new.split(|byte| *byte == b'\n').count() - 1;
        self.counted = (read, lines + new as u64);
        self.counted.1 + 1
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

/// The name of an element.
pub(crate) fn name<'e>(element: &'e BytesStart<'_>) -> &'e str {
    element.name().into_inner()
}

/// Makes one blank of every run of white space and removes it at the ends.
pub(crate) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of the root element in the head of a file, which may be cut anywhere. `None` when it is no XML.
pub(crate) fn root_name(head: &str) -> Option<&str> {
    let mut rest = head.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let body = rest.strip_prefix('<')?;
        let end = if body.starts_with("!--") {
            "-->"
        } else if body.starts_with('?') {
            "?>"
        } else {
            let end = body.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            return body.get(..end).filter(|name| !name.is_empty());
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_the_root() {
        for (head, root) in [
            (
                "\u{FEFF}<?xml version=\"1.0\"?>\r\n<!-- a <b> -->\n<ICD10CM.index>",
                Some("ICD10CM.index"),
            ),
            ("<a b='c'", Some("a")),
            ("<a", None),
            ("<!-- never closed", None),
            ("a<b>", None),
            ("", None),
        ] {
            assert_eq!(root_name(head), root, "{head}");
        }
    }

    #[test]
    fn refuses_what_could_grow() {
        for text in [
            "<!DOCTYPE a><a>b</a>",
            "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>",
            "<a>&c;</a>",
        ] {
            let mut elements = Elements::new(text.as_bytes(), "a.xml").unwrap();
            let read = elements.child().and_then(|_| elements.text_of());
            let error = read.unwrap_err();
            assert_eq!(error.place, Place::Line(1), "{error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "(<|>|/|!|\\?|-|a| |\u{FEFF}|\\[|&|;){0,40}") {
            let _ = root_name(&text);
            let mut elements = Elements::new(text.as_bytes(), "a.xml").unwrap();
            while let Ok(Some(_)) = elements.child() {}
        }
    }
}
