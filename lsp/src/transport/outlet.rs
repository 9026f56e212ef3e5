//! From the framework to the client.

use std::{collections::VecDeque, io};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Bytes that are kept for a client that does not read. Beyond them it is waited for, and with it everything else.
const MAX_KEPT: usize = 64 * 1024 * 1024;

/// Writes what the server says, flushed whenever there is nothing more at hand.
///
/// The framework reads, works and writes in one task: while it waits for a client that does not read, it does not see an
/// `exit` either. So it is never made to wait, within reason.
///
/// # Errors
/// The output can no longer be written.
pub(crate) async fn outlet<R, W>(mut input: R, mut output: W) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut kept = VecDeque::new();
    let mut chunk = vec![0; CHUNK];
    let mut open = true;
    let mut flushed = true;
    while open || !flushed {
        let (ready, _) = kept.as_slices();
        tokio::select! {
            // What is at hand is written before more is taken.
            biased;
            written = push(&mut output, ready), if !flushed => {
                flushed = kept.is_empty();
                kept.drain(..written?);
                if flushed {
                    // A burst is over: its memory goes.
                    kept.shrink_to(CHUNK);
                }
            }
            read = input.read(&mut chunk), if open && kept.len() < MAX_KEPT => {
                let read = read?;
                open = read > 0;
                flushed &= !open;
                kept.extend(chunk.iter().take(read));
            }
        }
    }
    Ok(())
}

/// Writes some of what is `ready`, and returns how much; without any, flushes what was written.
async fn push<W: AsyncWrite + Unpin>(output: &mut W, ready: &[u8]) -> io::Result<usize> {
    if ready.is_empty() {
        return output.flush().await.map(|()| 0);
    }
    match output.write(ready).await? {
        0 => Err(io::ErrorKind::WriteZero.into()),
        written => Ok(written),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    #[tokio::test]
    async fn writes_everything_in_order() {
        let sent: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut written = Vec::new();
        outlet(sent.as_slice(), &mut written).await.unwrap();
        assert!(written == sent);
    }

    #[tokio::test]
    async fn takes_on_what_nobody_reads() {
        let (mut framework, answers) = duplex(16);
        let (output, mut client) = duplex(16);
        let outlet = tokio::spawn(outlet(answers, output));
        let sent = vec![7; 1_000_000];
        framework.write_all(&sent).await.unwrap();
        drop(framework);
        let mut read = Vec::new();
        client.read_to_end(&mut read).await.unwrap();
        assert!(read == sent);
        outlet.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn ends_with_a_client_that_is_gone() {
        let (mut framework, answers) = duplex(16);
        let (output, client) = duplex(16);
        drop(client);
        framework.write_all(b"x").await.unwrap();
        assert!(outlet(answers, output).await.is_err());
    }
}
