//! The parts of a workbook, XML that is unpacked while it is read.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{BufReader, Read},
};

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

use super::Archive;

/// A part of the archive while it is unpacked.
pub(super) struct Part<'a> {
    reader: Reader<BufReader<Metered<'a>>>,
    buffer: Vec<u8>,
    /// Elements whose end was not read.
    open: usize,
}

impl<'a> Part<'a> {
    /// `None` when the archive has no such part.
    pub(super) fn open(
        archive: &'a mut Archive<'_>,
        path: &str,
        left: &'a Cell<u64>,
    ) -> Result<Option<Self>, String> {
        let Some(index) = archive.index_for_name(path) else { return Ok(None) };
        let unpacked =
            archive.by_index(index).map_err(|_| format!("the part {path} cannot be unpacked"))?;
        let metered = Metered { unpacked: Box::new(unpacked), left };
        let mut reader = Reader::from_reader(BufReader::new(metered));
        // An empty element is a start and an end: one case instead of two.
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Self { reader, buffer: Vec::new(), open: 0 }))
    }

    fn event(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) if self.open > 0 => {
                Err("a part of the workbook is cut short".to_owned())
            }
            Ok(event) => {
                match event {
                    Event::Start(_) => self.open += 1,
                    Event::End(_) => self.open = self.open.saturating_sub(1),
                    _ => {}
                }
                Ok(event)
            }
            Err(quick_xml::Error::Io(error)) => Err(error.to_string()),
            Err(_) => Err("a part of the workbook is no well-formed XML".to_owned()),
        }
    }

    /// The next start of an element, wherever; `None` at the end of the part.
    pub(super) fn next_start(&mut self) -> Result<Option<BytesStart<'static>>, String> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(start.into_owned())),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The next element inside the one that is open; `None` at its end.
    pub(super) fn child(&mut self) -> Result<Option<BytesStart<'static>>, String> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(start.into_owned())),
                Event::End(_) | Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Passes over the rest of the element that is open.
    pub(super) fn skip(&mut self) -> Result<(), String> {
        let mut open = 1_usize;
        while open > 0 {
            match self.child()? {
                Some(_) => open += 1,
                None => open -= 1,
            }
        }
        Ok(())
    }

    /// Reads a cell up to its end: the value of `v`, or the text of `is`.
    pub(super) fn value(&mut self, text: &mut String) -> Result<(), String> {
        while let Some(element) = self.child()? {
            match element.local_name().as_ref() {
                "v" => self.plain_text(text)?,
                "is" => self.rich_text(text)?,
                _ => self.skip()?,
            }
        }
        Ok(())
    }

    /// Reads an element with `t` or with runs that hold `t`, up to its end.
    pub(super) fn rich_text(&mut self, text: &mut String) -> Result<(), String> {
        let mut open = 1_usize;
        while open > 0 {
            let Some(element) = self.child()? else {
                open -= 1;
                continue;
            };
            match element.local_name().as_ref() {
                "t" => self.plain_text(text)?,
                "r" => open += 1,
                // How East Asian text is pronounced, and how runs are formatted.
                _ => self.skip()?,
            }
        }
        Ok(())
    }

    /// Reads the text of an element without children, up to its end.
    fn plain_text(&mut self, text: &mut String) -> Result<(), String> {
        loop {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(name) => {
                    let character = match name.xml10_content().as_ref() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => name.resolve_char_ref().ok().flatten(),
                    };
                    text.push(character.ok_or("a part of the workbook has entities of its own")?);
                }
                Event::End(_) | Event::Eof => return Ok(()),
                Event::Start(_) => return Err("a text of the workbook has elements".to_owned()),
                _ => {}
            }
        }
    }
}

/// Counts what is unpacked, and stops when it is too much.
struct Metered<'a> {
    unpacked: Box<dyn Read + 'a>,
    left: &'a Cell<u64>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.unpacked.read(buffer).map_err(|_| {
            std::io::Error::other("a part of the workbook cannot be unpacked: it is damaged")
        })?;
        let left = self.left.get().checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other("the workbook unpacks to far more than its size: refused")
        })?;
        self.left.set(left);
        Ok(read)
    }
}

/// The value of an attribute, whatever its prefix; empty when there is none.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, String> {
    for attribute in element.attributes().with_checks(false) {
        let broken = |_| "an attribute is broken".to_owned();
        let attribute = attribute.map_err(|_| "an attribute is broken".to_owned())?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return value.map(Cow::into_owned).map_err(broken);
        }
    }
    Ok(String::new())
}
