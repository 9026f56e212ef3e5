//! A service line of box 24: days, place, code, modifiers, pointers, charge, units.
//!
//! `03/02/2026 03/02/2026 11  99214 25  A,B  150.00  1  1234567893`, or with the days as `03 02 26 03 02 26`.

use std::ops::Range;

use crate::{
    encounter::Units,
    note::{
        DateMention, Details, Evidence, Form, Mention, Place,
        clue::Says,
        dates::{self, DateRole},
        details::{pointers, two_digits},
        form,
        scanner::Scanner,
        shapes,
        systems::Systems,
        tokens::{self, Folded, is_blank},
    },
    system::CodeSystem,
};

/// Fields of one line; more are none.
const MOST_FIELDS: usize = 40;

/// Reads the line, if it holds a service.
pub(super) fn read(scanner: &mut Scanner<'_>, line: Range<usize>) -> bool {
    let text = scanner.text;
    let fields = fields(text, line.clone());
    let mut at = 0;
    if fields.get(1).is_some_and(|it| date(text, it.clone()).is_some()) {
        // The number of the line.
        at = 1;
    }
    let first = days(text, &fields, &mut at);
    // The last day.
    days(text, &fields, &mut at);
    let place = fields.get(at).and_then(|it| two_digits(text, it.clone()));
    at += usize::from(place.is_some());
    let emergency = fields.get(at).and_then(|it| text.get(it.clone()));
    at += usize::from(matches!(emergency, Some("Y" | "N" | "y" | "n")));
    let Some((code, glued, system)) =
        fields.get(at).and_then(|it| procedure(text, it.clone(), first.is_some()))
    else {
        return false;
    };
    let rest = fields.get(at + 1..).unwrap_or_default();
    let is_charge = |range: &Range<usize>| is_charge(&text[range.clone()]);
    let charge = rest.iter().position(is_charge);
    let (before, behind) = rest.split_at(charge.unwrap_or(rest.len()));
    let mut modifiers = glued;
    let mut details = Details { place_of_service: place, ..Details::default() };
    let (pointed, units) = split(text, before, charge.is_none());
    for field in &before[..pointed.start] {
        modifiers.extend(form::modifier_at(text, field.start, field.end));
    }
    if let Some((first, last)) =
        before.get(pointed.clone()).and_then(|it| Some((it.first()?, it.last()?)))
    {
        details.pointers = pointers(text, first.start..last.end).unwrap_or_default();
    }
    let units = units.or_else(|| behind.get(1).cloned());
    // `150 00`: cents in a column of their own.
    let units = units.and_then(|it| {
        let cents = &text[it.clone()] == "00" && behind.len() > 2;
        if cents { behind.get(2).cloned() } else { Some(it) }
    });
    details.units = units.and_then(|it| Units::parse(&text[it]));
    scanner.tell_all(line.start, [Says::Claim, Says::Form]);
    let is_npi = |it: &Range<usize>| it.len() == 10 && is_number(&text[it.clone()]);
    scanner.tell_all(line.start, behind.iter().any(is_npi).then_some(Says::Field("npi")));
    if let Some(date) = first {
        details.service_date = Some(date.clone());
        scanner.tell(line.start, Says::Date { role: DateRole::Heading, date });
    }
    modifiers.truncate(4);
    scanner.push(Mention {
        range: code,
        system,
        declared: true,
        form: Form::Code,
        evidence: Evidence::Certain,
        place: Place::Claim,
        reported: true,
        questioned: false,
        encounter: 0,
        modifiers,
        description: None,
        details,
    });
    true
}

/// What stands between blanks and bars.
fn fields(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let content = text.get(line.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in content.char_indices() {
        let apart = is_blank(character) || character == '|';
        match start {
            Some(from) if apart => {
                found.push(line.start + from..line.start + at);
                start = None;
            }
            None if !apart => start = Some(at),
            _ => {}
        }
        if found.len() >= MOST_FIELDS {
            return found;
        }
    }
    found.extend(start.map(|from| line.start + from..line.end));
    found
}

fn date(text: &str, range: Range<usize>) -> Option<DateMention> {
    dates::at(text, range.start, range.end).filter(|date| date.range.end == range.end)
}

/// A day at field `at`, in one field or in three.
fn days(text: &str, fields: &[Range<usize>], at: &mut usize) -> Option<DateMention> {
    let first = fields.get(*at)?;
    if let Some(date) = date(text, first.clone()) {
        *at += 1;
        return Some(date);
    }
    let part = |index: usize| text.get(fields.get(*at + index)?.clone());
    let (month, day, year) = (part(0)?, part(1)?, part(2)?);
    if !(is_number(month) && is_number(day) && is_number(year)) || month.len() > 2 || day.len() > 2
    {
        return None;
    }
    let written = format!("{month}/{day}/{year}");
    let date = dates::at(&written, 0, written.len())?.date;
    let range = first.start..fields.get(*at + 2)?.end;
    *at += 3;
    Some(DateMention { date, range })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The code of a field, its glued modifiers and its system. `expected`: the field has to hold a code, even a mistyped
/// one.
fn procedure(
    text: &str,
    field: Range<usize>,
    expected: bool,
) -> Option<(Range<usize>, Vec<Range<usize>>, CodeSystem)> {
    let token = tokens::at(text, field.start, field.end)?;
    let word = Folded::read(token.text(text))?;
    let system = shapes::exact(&word, Systems::CPT);
    let mistyped = expected && word.digits >= 3 && (4..=6).contains(&word.length());
    let system = system.or(mistyped.then_some(CodeSystem::Cpt))?;
    let written = form::read(text, field.end, token, &word, system, false);
    let whole = written.end_of_all() == field.end;
    whole.then_some((token.start..written.end, written.modifiers, system))
}

/// `150.00`, `$150`, `1,250.00`
fn is_charge(field: &str) -> bool {
    let amount = field.trim_start_matches('$');
    let digits = amount.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let cents = amount.rsplit_once('.').is_some_and(|(whole, cents)| {
        cents.len() == 2 && whole.starts_with(|it: char| it.is_ascii_digit())
    });
    digits && !amount.is_empty() && (cents || amount.len() < field.len() || amount.len() > 2)
}

/// Where the pointers stand among the fields between code and charge, and the units if they stand there as well:
/// `25 A,B 1` on a line without a charge.
fn split(
    text: &str,
    fields: &[Range<usize>],
    no_charge: bool,
) -> (Range<usize>, Option<Range<usize>>) {
    let content = |index: usize| &text[fields[index].clone()];
    let mut end = fields.len();
    let mut units = None;
    if no_charge && end > 1 && is_number(content(end - 1)) && content(end - 1).len() <= 3 {
        end -= 1;
        units = Some(fields[end].clone());
    }
    let mut start = end;
    while start > 0 && is_pointer(content(start - 1)) && end - start < 4 {
        start -= 1;
        // Two letters are a modifier unless they are the last before the charge.
        if content(start).len() > 1 && !content(start).contains(',') {
            break;
        }
    }
    (start..end, units)
}

/// Letters A to L, each once, or numbers 1 to 12.
fn is_pointer(field: &str) -> bool {
    field.split(',').filter(|part| !part.is_empty()).all(|part| {
        let letters = part.bytes().all(|byte| matches!(byte.to_ascii_uppercase(), b'A'..=b'L'));
        let once =
            part.bytes().enumerate().all(|(at, byte)| !part.as_bytes()[..at].contains(&byte));
        let number =
            part.parse::<u8>().is_ok_and(|it| (1..=12).contains(&it)) && !part.starts_with('0');
        (letters && once && part.len() <= 4) || (number && part.len() == 1)
    })
}

#[cfg(test)]
mod tests {
    use crate::note::{Place, scan};

    /// Code, modifiers, positions, units, place and day of each service of a form.
    fn lines(body: &str) -> Vec<String> {
        let text = format!(
            "21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY\nA. E11.65  B. I10\n24. A. DATE(S) OF SERVICE B. PLACE\n{body}\n"
        );
        let note = scan(&text);
        assert!(note.encounters[0].is_claim && note.encounters[0].claim_fields.is_some());
        let services = note.mentions.iter().filter(|it| !it.system.is_diagnosis());
        services
            .filter(|it| it.place == Place::Claim)
            .map(|it| {
                let modifiers: Vec<_> = it.modifiers.iter().map(|it| &text[it.clone()]).collect();
                let positions: Vec<_> =
                    it.details.pointers.iter().filter_map(|it| it.position).collect();
                let units = it.details.units.map_or_else(|| "-".to_owned(), |it| it.to_string());
                let place = it.details.place_of_service.clone().map_or("-", |it| &text[it]);
                let day = it
                    .details
                    .service_date
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |it| it.date.to_string());
                format!(
                    "{} {modifiers:?} {positions:?} {units} {place} {day}",
                    &text[it.range.clone()]
                )
            })
            .collect()
    }

    #[test]
    fn service_lines_in_each_of_their_forms() {
        for (line, expected) in [
            (
                "03/02/2026 03/02/2026 11 99214 25 A,B 150.00 1 1234567893",
                "99214 [\"25\"] [1, 2] 1 11 2026-03-02",
            ),
            (
                "03 02 26 03 02 26 11  99214 25  AB  150 00  2",
                "99214 [\"25\"] [1, 2] 2 11 2026-03-02",
            ),
            ("03/02/2026 11 N 99214 A 150.00 1", "99214 [] [1] 1 11 2026-03-02"),
            ("1. 03/02/2026 | 11 | 99214-25 | 1 | $150 | 1", "99214 [\"25\"] [1] 1 11 2026-03-02"),
            (
                "03/02/2026 11 J1885 RT 59 A B 12.00 4",
                "J1885 [\"RT\", \"59\"] [1, 2] 4 11 2026-03-02",
            ),
            ("99214 25 A 1", "99214 [\"25\"] [1] 1 - -"),
            ("03/02/2026 11 9921 A 80.00 1", "9921 [] [1] 1 11 2026-03-02"),
        ] {
            assert_eq!(lines(line), [expected], "{line}");
        }
    }

    #[test]
    fn captions_and_totals_are_no_lines() {
        assert_eq!(
            lines("FROM TO PLACE CPT/HCPCS MODIFIER POINTER\n28. TOTAL CHARGE $ 150.00").len(),
            0
        );
        assert_eq!(lines("25. FEDERAL TAX I.D. NUMBER 12-3456789\n99214 25 A 1").len(), 0);
    }

    #[test]
    fn entries_of_box_21_have_positions() {
        let note = scan("21. DIAGNOSIS\nA. E11.65  C. I10\n");
        let positions: Vec<_> = note.mentions.iter().map(|it| it.details.position).collect();
        assert_eq!(positions, [Some(1), Some(3)]);
    }
}
