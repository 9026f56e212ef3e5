//! What the cells of a row say of its codes: units, pointers, days, places.

use std::ops::Range;

use super::Column;
use crate::{
    encounter::Units,
    note::{
        DateMention, Form, Mention, Pointer,
        clue::Says,
        dates,
        details::{pointers, present_on_admission, two_digits},
        facts::Sex,
        prose::fact,
        scanner::Scanner,
    },
};

/// Facts of one row.
#[derive(Default)]
pub(super) struct Row {
    pub(super) date: Option<DateMention>,
    /// Modifiers in columns of their own.
    pub(super) modifiers: Vec<Range<usize>>,
    units: Option<Units>,
    minutes: Option<u32>,
    pointers: Vec<Pointer>,
    present_on_admission: Option<char>,
    place: Option<Range<usize>>,
}

impl Row {
    /// Takes in a cell of a column that holds fields.
    pub(super) fn learn(
        &mut self,
        scanner: &mut Scanner<'_>,
        row: &Range<usize>,
        column: Column,
        cell: Range<usize>,
    ) {
        let text = scanner.text;
        let content = text.get(cell.clone()).unwrap_or_default();
        let says = match column {
            Column::Date => {
                self.date = dates::first_in(text, cell);
                None
            }
            Column::Units => {
                self.units = Units::parse(content);
                None
            }
            Column::Minutes => {
                let digits = content.bytes().take_while(u8::is_ascii_digit).count();
                self.minutes = content[..digits].parse().ok();
                None
            }
            Column::Pointer => {
                self.pointers = pointers(text, cell).unwrap_or_default();
                None
            }
            Column::Poa => {
                self.present_on_admission = present_on_admission(content);
                None
            }
            Column::Place => {
                let digits = content.bytes().take_while(u8::is_ascii_digit).count();
                self.place = two_digits(text, cell.start..cell.start + digits);
                None
            }
            Column::Payer => (!cell.is_empty()).then_some(Says::Payer(cell)),
            Column::Age => fact("age", content),
            Column::Sex => Sex::from_word(content).map(|sex| Says::Sex { sex, stated: true }),
            _ => None,
        };
        if let Some(says) = says {
            scanner.tell(row.start, says);
        }
    }

    /// Gives the facts to the codes of the row. Where no column holds `pointers`, a row with a service and diagnoses
    /// says by itself what the service was for.
    pub(super) fn assign(self, mentions: &mut [Mention], has_pointers: bool) {
        let diagnoses = mentions.iter().filter(|it| {
            it.system.is_diagnosis() && it.form == Form::Code && it.reported && !it.questioned
        });
        let own: Vec<Pointer> = diagnoses
            .filter(|_| !has_pointers)
            .map(|it| Pointer { range: it.range.clone(), position: None })
            .collect();
        let services = mentions.iter().filter(|it| !it.system.is_diagnosis()).count();
        for mention in mentions {
            let details = &mut mention.details;
            if mention.system.is_diagnosis() {
                details.present_on_admission = self.present_on_admission;
                continue;
            }
            details.pointers = if has_pointers { self.pointers.clone() } else { own.clone() };
            details.service_date.clone_from(&self.date);
            details.place_of_service.clone_from(&self.place);
            // Of several services of one row it is not known whose they are.
            if services == 1 {
                mention.modifiers.extend(self.modifiers.iter().cloned());
                details.units = self.units;
                details.minutes = self.minutes;
            }
        }
    }
}
