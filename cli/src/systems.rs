//! Which system a code on the command line belongs to, when nobody says.

use jiff::civil::Date;
use medcode_codes::{system::CodeSystem, system_guess::Guess};
use medcode_proto::v1;

use crate::{channel::Service, failure::Failure};

/// The system of each text: the one given, else the likeliest, by shape and by what the catalog knows.
pub(crate) async fn resolve(
    service: &mut Service,
    texts: &[String],
    given: Option<CodeSystem>,
    date: Date,
) -> Result<Vec<CodeSystem>, Failure> {
    if let Some(system) = given {
        return Ok(vec![system; texts.len()]);
    }
    let guess = Guess::of(texts);
    let doubtful = guess.doubtful();
    let codings = doubtful.iter().map(|(index, system)| coding(*system, &texts[*index])).collect();
    let results = service.lookup(codings, date, v1::ConceptView::Basic).await?;
    let known = |index: usize, system: CodeSystem| {
        let mut asked = doubtful.iter().zip(&results);
        asked.any(|(asked, result)| {
            *asked == (index, system) && result.state() == v1::FactState::Known
        })
    };
    Ok(guess.decide(known))
}

/// A code as a message.
pub(crate) fn coding(system: CodeSystem, text: &str) -> v1::Coding {
    v1::Coding {
        system: system.id().to_owned(),
        code: text.trim().to_owned(),
        ..v1::Coding::default()
    }
}
