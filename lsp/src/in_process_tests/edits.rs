//! Ten thousand random edits over the wire, in each encoding, against a model of the text.

use serde_json::{Value, json};

use super::client::Client;
use crate::{
    documents::tests::Model,
    handlers::test_hooks::digest,
    positions::{Encoding, Point},
};

const NOTE: &str = "file:///notes/visit.md";

/// Edits in each encoding.
const EDITS: u64 = 10_000;

/// Edits between two looks at the text.
const STEP: i32 = 20;

/// A line whose rule id a hover marks: with characters in front of it that are counted differently in each encoding.
const MARKED: &str = "e\u{301} 😀 À <!-- medcode: ignore expired-code -->\n";
const RULE: &str = "expired-code";

/// What is typed: letters of one to four bytes, a combining accent, and each way to end a line.
const TYPED: [&str; 12] = [
    "E11.9",
    "x",
    " ",
    "é",
    "e\u{301}",
    "😀",
    "\u{1F1EA}\u{1F1F8}",
    "\n",
    "\r\n",
    "\r",
    "\u{2028}",
    "",
];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn typed(&mut self) -> &'static str {
        let index = usize::try_from(self.below(TYPED.len() as u64)).unwrap_or_default();
        TYPED.get(index).copied().unwrap_or_default()
    }

    /// A place in or near the text; seldom one far outside.
    fn point(&mut self, model: &Model) -> Point {
        let lines = model.0.split(['\n', '\r']).count() as u64;
        let far = self.below(50) == 0;
        let line = if far { u64::from(u32::MAX) } else { self.below(lines + 1) };
        let column = if self.below(50) == 0 { u64::from(u32::MAX) } else { self.below(24) };
        Point { line: u32::try_from(line).unwrap(), column: u32::try_from(column).unwrap() }
    }
}

fn position(point: Point) -> Value {
    json!({"line": point.line, "character": point.column})
}

/// Some edits of one message, each also applied to the model.
fn edits(numbers: &mut Numbers, model: &mut Model, encoding: Encoding) -> Value {
    let count = 1 + numbers.below(3);
    let mut changes = Vec::new();
    for _ in 0..count {
        let (start, end) = (numbers.point(model), numbers.point(model));
        // Mostly typing at one place; the text must not vanish each time.
        let end = if numbers.below(4) == 0 { end } else { start };
        let text: String = (0..=numbers.below(4)).map(|_| numbers.typed()).collect();
        model.apply(start, end, &text, encoding);
        let range = json!({"start": position(start), "end": position(end)});
        changes.push(json!({"range": range, "text": text}));
    }
    Value::Array(changes)
}

fn columns(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.encode_utf16().count(),
        Encoding::Utf32 => text.chars().count(),
    }
}

async fn change(client: &mut Client, version: i32, changes: &Value) {
    let params = json!({
        "textDocument": {"uri": NOTE, "version": version}, "contentChanges": changes,
    });
    client.tell("textDocument/didChange", &params).await;
}

/// Puts the marked line in front of the text, and looks at what the hover marks in it.
async fn look_at_a_range(client: &mut Client, model: &mut Model, version: i32, encoding: Encoding) {
    let origin = Point { line: 0, column: 0 };
    model.apply(origin, origin, MARKED, encoding);
    let range = json!({"start": position(origin), "end": position(origin)});
    change(client, version, &json!([{"range": range, "text": MARKED}])).await;
    let (before, _) = MARKED.split_once(RULE).unwrap();
    let (start, end) = (columns(before, encoding), columns(before, encoding) + RULE.len());
    let hover = json!({
        "textDocument": {"uri": NOTE}, "position": {"line": 0, "character": start + 3},
    });
    let hover = client.call("textDocument/hover", &hover).await;
    let marked =
        json!({"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}});
    assert_eq!(hover["range"], marked, "{}", encoding.name());
}

async fn follow(encoding: Encoding) {
    let mut client = Client::without_codes();
    let offer = json!([encoding.name()]);
    client.initialize(&json!({"capabilities": {"general": {"positionEncodings": offer}}})).await;
    client.open(NOTE, 0, "").await;
    let mut model = Model(String::new());
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let (mut version, mut sent) = (0, 0);
    while sent < EDITS {
        version += 1;
        let changes = edits(&mut numbers, &mut model, encoding);
        sent += changes.as_array().unwrap().len() as u64;
        change(&mut client, version, &changes).await;
        if version % STEP == 0 {
            version += 1;
            look_at_a_range(&mut client, &mut model, version, encoding).await;
            let arguments = json!([{"uri": NOTE, "digest": true}]);
            let seen = json!({"command": "medcode.server.test.seen", "arguments": arguments});
            let seen = client.call("workspace/executeCommand", &seen).await;
            let expected = json!({
                "version": version, "bytes": model.0.len(), "digest": digest(&model.0),
            });
            assert_eq!(seen, expected, "{} after {sent} edits", encoding.name());
        }
        // A note, not a book.
        if model.0.len() > 4_000 {
            version += 1;
            model.0.clear();
            change(&mut client, version, &json!([{"text": ""}])).await;
        }
    }
}

#[tokio::test]
async fn ten_thousand_edits_in_utf_8() {
    follow(Encoding::Utf8).await;
}

#[tokio::test]
async fn ten_thousand_edits_in_utf_16() {
    follow(Encoding::Utf16).await;
}

#[tokio::test]
async fn ten_thousand_edits_in_utf_32() {
    follow(Encoding::Utf32).await;
}
