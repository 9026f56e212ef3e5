//! Where two versions of a text differ, and lines above and below such a place.

/// Where two versions of a text differ: bytes of the older one, and by how much what follows has moved.
pub(super) struct Change {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) by: isize,
}

impl Change {
    /// `None` where so much differs that nothing is gained.
    pub(super) fn between(old: &str, new: &str) -> Option<Self> {
        let (a, b) = (old.as_bytes(), new.as_bytes());
        let most = a.len().min(b.len());
        let start = equal(a, b);
        let rest = most - start;
        let end = equal_behind(&a[a.len() - rest..], &b[b.len() - rest..]);
        let by = isize::try_from(b.len()).ok()? - isize::try_from(a.len()).ok()?;
        Some(Self { start, end: a.len() - end, by })
    }
}

/// How many bytes two texts share at their beginning.
fn equal(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 256;
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b).count();
    let from = steps * STEP;
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes two texts of one length share at their end.
fn equal_behind(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 256;
    let steps = a.rchunks_exact(STEP).zip(b.rchunks_exact(STEP));
    let whole = steps.take_while(|(a, b)| a == b).count() * STEP;
    let (a, b) = (&a[..a.len() - whole], &b[..b.len() - whole]);
    whole + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// The beginning of the line `count` lines above that of `offset`. `None` when there are not as many.
pub(super) fn lines_back(text: &str, offset: usize, count: usize) -> Option<usize> {
    let before = text.as_bytes().get(..offset)?;
    let mut ends = before.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    ends.nth(count).map(|(at, _)| at + 1)
}

/// The beginning of the line `count` lines below that of `offset`. `None` when there are not as many.
pub(super) fn lines_on(text: &str, offset: usize, count: usize) -> Option<usize> {
    let behind = text.as_bytes().get(offset..)?;
    let mut ends = behind.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.nth(count).map(|(at, _)| offset + at + 1)
}
