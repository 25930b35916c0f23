//! What a binary asks of the machine that it runs on.

/// The newest version of the C library that the functions' runtime (`provided.al2023`) has: major and minor.
pub const RUNTIME_GLIBC: (u32, u32) = (2, 34);

/// The newest version of the C library that a dynamically linked binary names, as major and minor; none where it
/// names no version.
#[must_use]
pub fn needed_glibc(binary: &[u8]) -> Option<(u32, u32)> {
    const MARK: &[u8] = b"GLIBC_";
    binary
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, window)| *window == MARK)
        .filter_map(|(at, _)| version(&binary[at + MARK.len()..]))
        .max()
}

/// `2.34` up to the next byte that belongs to no number; a third part makes no difference here.
fn version(text: &[u8]) -> Option<(u32, u32)> {
    let end = text
        .iter()
        .take(12)
        .position(|b| !b.is_ascii_digit() && *b != b'.')?;
    let mut parts = std::str::from_utf8(&text[..end]).ok()?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts_and_numbers_are_compared_as_numbers() {
        let binary = b"\0GLIBC_2.4\0GLIBC_2.17\0GLIBC_PRIVATE\0GLIBC_2.2.5\0";
        assert_eq!(needed_glibc(binary), Some((2, 17)));
        assert_eq!(needed_glibc(b"\0nothing\0"), None);
    }
}
