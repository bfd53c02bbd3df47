//! Short texts inside a record: folded, cut to so many bytes, and comparable without following a pointer.

/// At most `N` bytes of small Latin letters, digits and single blanks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Short<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Default for Short<N> {
    fn default() -> Self {
        Self { bytes: [0; N], len: 0 }
    }
}

impl<const N: usize> Short<N> {
    /// Of a text: whatever is no Latin letter or digit is a blank, and blanks are one and never at an end.
    pub fn of(text: &str) -> Self {
        let mut out = Self::default();
        let mut blank = false;
        for c in text.chars().take(400) {
            let folded = c.to_ascii_lowercase();
            if !folded.is_ascii_alphanumeric() {
                blank = out.len > 0;
                continue;
            }
            if blank && usize::from(out.len) < N {
                out.push(b' ');
            }
            blank = false;
            if usize::from(out.len) >= N {
                break;
            }
            out.push(folded as u8);
        }
        out
    }

    fn push(&mut self, byte: u8) {
        self.bytes[usize::from(self.len)] = byte;
        self.len += 1;
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A number that two texts have in common if they are the same; 0 for nothing.
    pub fn key(&self) -> u64 {
        if self.is_empty() { 0 } else { crate::hash::of_text(self.as_str()) }
    }
}
