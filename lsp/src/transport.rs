//! The pipes between the process and the framework.
//!
//! tower-lsp 0.20 stops reading for good at the first message it cannot decode, and panics when an answer can no longer
//! be written. Neither pipe is therefore handed to it directly: the inlet passes on whole messages that are known to
//! decode, and the outlet takes everything until the process ends.

use std::io;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};

mod message;

pub(crate) use message::UNREADABLE;

/// Bytes of the longest message that is read. A client that sends more has lost its way.
const MAX_MESSAGE: u64 = 256 * 1024 * 1024;

/// Bytes of the longest header.
const MAX_HEADER: u64 = 64 * 1024;

/// Passes messages from the client on until the input ends.
///
/// A message that is no JSON-RPC arrives as [`message::UNREADABLE`], which the ingress answers.
///
/// # Errors
/// The input failed, a message is beyond all limits, or the receiving side is gone.
pub(crate) async fn inlet<R, W>(input: R, mut output: W) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut input = BufReader::new(input);
    let mut body = Vec::new();
    while let Some(header) = read_header(&mut input).await? {
        let Some(length) = header.content_length else { continue };
        if length > MAX_MESSAGE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a message is too long"));
        }
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

/// Writes what the server says, flushed whenever there is nothing more at hand.
///
/// # Errors
/// The output can no longer be written.
pub(crate) async fn outlet<R, W>(mut input: R, mut output: W) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    tokio::io::copy(&mut input, &mut output).await?;
    output.flush().await
}

/// The header fields in front of a message.
struct Header {
    /// Bytes of the message. `None` when the field is missing or no number.
    content_length: Option<u64>,
}

/// Reads up to the blank line. `None` at the end of the input.
async fn read_header<R: AsyncBufRead + Unpin>(input: &mut R) -> io::Result<Option<Header>> {
    let mut input = input.take(MAX_HEADER);
    let mut header = Header { content_length: None };
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).await? == 0 {
            if input.limit() == 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a header is too long"));
            }
            return Ok(None);
        }
        let field = line.trim_ascii();
        if field.is_empty() {
            return Ok(Some(header));
        }
        if let Some(value) = value_of(field, b"content-length") {
            header.content_length = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
        }
    }
}

/// The value of a header field with this name, in any case.
fn value_of<'a>(field: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let colon = field.iter().position(|byte| *byte == b':')?;
    let (found, value) = field.split_at(colon);
    found.trim_ascii().eq_ignore_ascii_case(name).then(|| value[1..].trim_ascii())
}

#[cfg(test)]
mod tests {
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
    async fn refuses_what_is_too_long() {
        let mut nowhere = tokio::io::sink();
        let huge = format!("Content-Length: {}\r\n\r\n", u64::MAX);
        assert!(inlet(huge.as_bytes(), &mut nowhere).await.is_err());
        let header = "x".repeat(usize::try_from(MAX_HEADER).unwrap() + 1);
        assert!(inlet(header.as_bytes(), &mut nowhere).await.is_err());
    }
}
