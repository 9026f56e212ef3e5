//! The pipes between the process and the framework.
//!
//! tower-lsp 0.20 stops reading for good at the first message it cannot decode, and panics when an answer can no longer
//! be written. Neither pipe is therefore handed to it directly: the inlet passes on whole messages that are known to
//! decode, and the [`outlet`] takes everything until the process ends.

use std::io;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};

mod message;
mod outlet;

pub(crate) use message::UNREADABLE;
pub(crate) use outlet::outlet;

/// Bytes of the longest message that is read.
const MAX_MESSAGE: u64 = 256 * 1024 * 1024;

/// Bytes of the longest header line that is looked at whole; of a longer one only the end is.
const MAX_LINE: usize = 64 * 1024;

/// Bytes at the end of a line in which a length is looked for.
const LINE_END: usize = 256;

/// Passes messages from the client on until the input ends.
///
/// A message that is no JSON-RPC arrives as [`message::UNREADABLE`], which the ingress answers. After a wrong length the
/// messages that it spoils are lost, and the next header is found again.
///
/// # Errors
/// The input failed, or the receiving side is gone.
pub(crate) async fn inlet<R, W>(input: R, mut output: W) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut input = BufReader::new(input);
    let mut body = Vec::new();
    while let Some(header) = read_header(&mut input).await? {
        let Some(length) = header.content_length else { continue };
        body.clear();
        let read = (&mut input).take(length).read_to_end(&mut body).await?;
        if u64::try_from(read).is_ok_and(|read| read < length) {
            return Ok(());
        }
        if body.is_empty() {
            continue;
        }
        let message = message::readable(&mut body);
        output.write_all(format!("Content-Length: {}\r\n\r\n", message.len()).as_bytes()).await?;
        output.write_all(message).await?;
    }
    Ok(())
}

/// The header fields in front of a message.
struct Header {
    /// Bytes of the message. `None` when the field is missing, no number, or beyond all limits.
    content_length: Option<u64>,
}

/// Reads up to the blank line. `None` at the end of the input.
async fn read_header<R: AsyncBufRead + Unpin>(input: &mut R) -> io::Result<Option<Header>> {
    let mut header = Header { content_length: None };
    let mut line = Vec::new();
    while read_line(input, &mut line).await? {
        let field = line.trim_ascii();
        if field.is_empty() {
            return Ok(Some(header));
        }
        if let Some(value) = content_length(field) {
            header.content_length = std::str::from_utf8(value.trim_ascii())
                .ok()
                .and_then(|value| value.parse().ok())
                .filter(|length| *length <= MAX_MESSAGE);
        }
    }
    Ok(None)
}

/// Reads a line, its newline included. Says whether there was a whole one.
async fn read_line<R: AsyncBufRead + Unpin>(input: &mut R, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    loop {
        let available = input.fill_buf().await?;
        if available.is_empty() {
            return Ok(false);
        }
        let whole = available.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let (taken, ended) = (whole.len(), whole.ends_with(b"\n"));
        line.extend_from_slice(whole);
        input.consume(taken);
        if ended {
            return Ok(true);
        }
        if line.len() > MAX_LINE {
            line.drain(..line.len() - LINE_END);
        }
    }
}

/// The value of the field that holds the length, in any case. After a message whose length was wrong, its rest stands in
/// front of the field in the same line; it ends with a brace.
fn content_length(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"content-length";
    let start = match line.windows(NAME.len()).rposition(|part| part.eq_ignore_ascii_case(NAME))? {
        0 => 0,
        at if line[..at].trim_ascii_end().ends_with(b"}") => at,
        _ => return None,
    };
    line.get(start + NAME.len()..)?.trim_ascii_start().strip_prefix(b":")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    async fn pass(input: &str) -> String {
        let mut output = Vec::new();
        inlet(input.as_bytes(), &mut output).await.unwrap();
        String::from_utf8(output).unwrap()
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[tokio::test]
    async fn passes_messages_on_as_they_are() {
        let sent = framed(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#)
            + &framed(r#"{"jsonrpc":"2.0","id":7,"result":null}"#);
        assert_eq!(pass(&sent).await, sent);
    }

    #[tokio::test]
    async fn accepts_any_header_with_a_length() {
        let body = r#"{"jsonrpc":"2.0","method":"x"}"#;
        let sent = format!(
            "Content-Type: a\r\nX: b\r\nY: c\r\ncontent-LENGTH:{}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(pass(&sent).await, framed(body));
    }

    #[tokio::test]
    async fn puts_a_note_in_place_of_what_cannot_be_read() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"x"}"#);
        let sent = framed("{") + "Content-Type: only\r\n\r\n" + &good;
        assert_eq!(pass(&sent).await, framed(message::UNREADABLE_MESSAGE) + &good);
    }

    #[tokio::test]
    async fn ends_with_an_unfinished_message() {
        assert_eq!(pass("Content-Length: 100\r\n\r\n{").await, "");
        assert_eq!(pass("Content-Le").await, "");
    }

    #[tokio::test]
    async fn finds_the_next_message_after_a_wrong_length() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"x"}"#);
        let body = r#"{"jsonrpc":"2.0","method":"spoilt","params":{"text":"Content-Length: 7"}}"#;
        let unreadable = framed(message::UNREADABLE_MESSAGE);
        for length in ["-1", "seven", "", "99999999999999999999", "18446744073709551615"] {
            let sent = format!("Content-Length: {length}\r\n\r\n{body}{good}");
            assert_eq!(pass(&sent).await, good, "{length:?}");
        }
        let short = format!("Content-Length: {}\r\n\r\n{body}{good}", body.len() - 9);
        assert_eq!(pass(&short).await, format!("{unreadable}{good}"));
        // The message behind it is spoilt as well: a part of it was taken for the end of the first.
        let long = format!("Content-Length: {}\r\n\r\n{body}{good}{good}", body.len() + 30);
        assert_eq!(pass(&long).await, format!("{unreadable}{good}"));
    }

    #[tokio::test]
    async fn passes_over_what_is_too_long() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"x"}"#);
        let line = "x".repeat(MAX_LINE * 3);
        assert_eq!(pass(&format!("{line}\r\n\r\n{good}")).await, good);
        assert_eq!(pass(&format!("{{\"{line}\"}}{good}")).await, good);
    }

    #[tokio::test]
    async fn takes_no_other_field_for_the_length() {
        let body = r#"{"jsonrpc":"2.0","method":"x"}"#;
        let sent = format!("Content-Length: {}\r\nOld-Content-Length: 3\r\n\r\n{body}", body.len());
        assert_eq!(pass(&sent).await, framed(body));
    }

    proptest! {
        #[test]
        fn whatever_arrives_the_output_is_messages(
            garbage in proptest::collection::vec("(Content-Length: ?[0-9]{0,2}|[{}a\r\n :\"-]){0,12}", 0..6),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let good = framed(r#"{"jsonrpc":"2.0","method":"x"}"#);
            let passed = runtime.block_on(pass(&(garbage.concat() + &good)));
            let mut rest = passed.as_str();
            while !rest.is_empty() {
                let (header, body) = rest.split_once("\r\n\r\n").unwrap();
                let length: usize = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
                let request = serde_json::from_str::<crate::protocol::Request>(&body[..length]);
                prop_assert!(request.is_ok());
                rest = &body[length..];
            }
        }
    }
}
