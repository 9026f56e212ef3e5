//! Encounters from stdin, one a line, checked on one stream and answered in their order.

use std::{
    collections::VecDeque,
    io::{BufRead, ErrorKind},
    time::Duration,
};

use futures::{StreamExt, channel::mpsc as questions, future::pending};
use medcode_proto::v1::{
    self, validate_encounters_request::Item, validate_encounters_response::Outcome,
};
use tokio::{sync::mpsc, time::sleep};
use tonic::Streaming;

use super::{
    Options, pretty,
    question::{Codes, Question, question},
    show,
};
use crate::{
    channel::{Service, to_proto},
    failure::{Answer, Failure},
    json::encounter::{Input, Output, Refused},
    output,
};

/// Encounters whose answers are waited for at once. The service reads no further ahead.
const UNDER_WAY: usize = 64;

/// A stream on which nothing is waited for is closed after this time, before the service does it.
const QUIET: Duration = Duration::from_secs(20);

/// A line of the input.
#[derive(Debug)]
enum Line {
    /// An encounter.
    Asked(usize, Box<Question>),
    /// No encounter, and why.
    Wrong(Refused),
    /// The input cannot be read any further.
    Broken(std::io::Error),
}

/// A line whose answer is still to be printed.
enum Waiting {
    Asked(usize, Codes),
    Wrong(Refused),
}

/// The stream to the service, while there is one.
struct Session {
    questions: questions::Sender<v1::ValidateEncountersRequest>,
    answers: Streaming<v1::ValidateEncountersResponse>,
}

/// Checks each encounter of stdin. A line that is none is said to be so, and costs only itself.
pub(super) async fn run(service: &mut Service, options: &Options) -> Result<Answer, Failure> {
    let (sender, mut lines) = mpsc::channel(UNDER_WAY);
    tokio::task::spawn_blocking(move || read(&sender));
    let mut printer = Printer { options, answer: Answer::Yes, refused: 0 };
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut session: Option<Session> = None;
    let mut has_more = true;
    loop {
        while let Some(Waiting::Wrong(refused)) = waiting.front() {
            printer.refuse(refused)?;
            waiting.pop_front();
        }
        if waiting.is_empty() && !has_more {
            return printer.finish();
        }
        tokio::select! {
            line = lines.recv(), if has_more && waiting.len() < UNDER_WAY => match line {
                Some(Line::Asked(number, question)) => {
                    let Question { encounter, codes } = *question;
                    let open = match &mut session {
                        Some(open) => open,
                        None => session.insert(Session::open(service, options).await?),
                    };
                    open.ask(Item::Encounter(encounter))?;
                    waiting.push_back(Waiting::Asked(number, codes));
                }
                Some(Line::Wrong(refused)) => waiting.push_back(Waiting::Wrong(refused)),
                Some(Line::Broken(error)) => return Err(error.into()),
                None => has_more = false,
            },
            answer = next(session.as_mut()) => {
                let answer = answer?;
                // Answers come in the order of the questions, and lines that ask nothing are taken out above.
                if let Some(Waiting::Asked(number, codes)) = waiting.pop_front() {
                    printer.print(number, codes, answer)?;
                }
            }
            () = sleep(QUIET), if waiting.is_empty() => session = None,
        }
    }
}

impl Session {
    async fn open(service: &mut Service, options: &Options) -> Result<Self, Failure> {
        let (questions, asked) = questions::channel(UNDER_WAY + 1);
        let date = Some(to_proto(service.date));
        let answers = service.validate_encounters(asked).await?;
        let mut session = Self { questions, answers };
        let options =
            v1::StreamOptions { options: Some(options.rules()), date, ..Default::default() };
        session.ask(Item::Options(options))?;
        Ok(session)
    }

    /// Sends a message. There is room: no more is under way than fits.
    fn ask(&mut self, item: Item) -> Result<(), Failure> {
        let message = v1::ValidateEncountersRequest { item: Some(item) };
        self.questions.try_send(message).map_err(|_| broken_off())
    }
}

/// The next answer; never, while there is no stream.
async fn next(session: Option<&mut Session>) -> Result<v1::ValidateEncountersResponse, Failure> {
    match session {
        Some(session) => match session.answers.next().await {
            Some(answer) => Ok(answer?),
            None => Err(broken_off()),
        },
        None => pending().await,
    }
}

fn broken_off() -> Failure {
    Failure::Unavailable("the code service ended the stream before its last answer".to_owned())
}

/// Reads stdin to its end, or until nobody listens any more.
fn read(lines: &mpsc::Sender<Line>) {
    for (line, number) in std::io::stdin().lock().lines().zip(1..) {
        let line = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => parse(number, &text),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                wrong(number, None, "not UTF-8".to_owned())
            }
            Err(error) => Line::Broken(error),
        };
        let is_last = matches!(line, Line::Broken(_));
        if lines.blocking_send(line).is_err() || is_last {
            return;
        }
    }
}

fn parse(number: usize, text: &str) -> Line {
    // The message of the parser may quote the line, which holds patient facts: only the place is told.
    let input: Input = match serde_json::from_str(text) {
        Ok(input) => input,
        Err(error) => {
            let column = error.column();
            let what =
                format!("column {column}: not an encounter as `medcode encounter --help` shows it");
            return wrong(number, None, what);
        }
    };
    let id = input.id.clone();
    match question(input) {
        Ok(question) => Line::Asked(number, Box::new(question)),
        Err(Failure::Usage(what) | Failure::Refused(what) | Failure::Unavailable(what)) => {
            wrong(number, id, what)
        }
        Err(Failure::BrokenPipe) => wrong(number, id, String::new()),
    }
}

fn wrong(line: usize, id: Option<String>, error: String) -> Line {
    Line::Wrong(Refused { id, line, error })
}

/// Prints answers in the order of the lines.
struct Printer<'o> {
    options: &'o Options,
    answer: Answer,
    refused: usize,
}

impl Printer<'_> {
    fn print(
        &mut self,
        line: usize,
        codes: Codes,
        answer: v1::ValidateEncountersResponse,
    ) -> Result<(), Failure> {
        match answer.outcome {
            Some(Outcome::Report(report)) => {
                if !(self.options.jsonl || self.options.json) {
                    pretty::heading(line, codes.id.as_deref())?;
                }
                let output = Output::new(codes.id.clone(), report, |place| codes.written(place));
                self.answer = show(&output, self.options, self.answer)?;
                Ok(())
            }
            Some(Outcome::Error(error)) => {
                self.refuse(&Refused { id: codes.id, line, error: error.message })
            }
            None => Err(broken_off()),
        }
    }

    /// Says of a line that it is no encounter: for a person, and, where lines are counted, in its place.
    fn refuse(&mut self, refused: &Refused) -> Result<(), Failure> {
        self.refused += 1;
        Failure::Usage(format!("line {}, {}", refused.line, refused.error)).print();
        if self.options.jsonl || self.options.json {
            output::json_line(refused)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Answer, Failure> {
        Failure::of_lines(self.refused, "encounter", "encounters").map_or(Ok(self.answer), Err)
    }
}
