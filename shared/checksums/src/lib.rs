//! The three CRCs with which S3 and its clients check what they transfer, small.
//!
//! The AWS SDK takes them from the crate `crc-fast`, whose tables for some forty algorithms are a sixth of a function's
//! package. This crate has as much of that interface as the SDK calls, and the workspace patches it in: where the SDK
//! comes to call more, the build ends with the name of what is missing.

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc};

const ISO_HDLC: &Crc<u32> = &Crc::<u32>::new(&CRC_32_ISO_HDLC);
const ISCSI: &Crc<u32> = &Crc::<u32>::new(&CRC_32_ISCSI);
const NVME: &Crc<u64> = &Crc::<u64>::new(&CRC_64_NVME);

/// An algorithm that S3 takes, as the catalogue of parametrised CRC algorithms names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// What `x-amz-checksum-crc32` bears.
    Crc32IsoHdlc,
    /// What `x-amz-checksum-crc32c` bears.
    Crc32Iscsi,
    /// What `x-amz-checksum-crc64nvme` bears.
    Crc64Nvme,
}

/// The checksum of bytes that arrive piece by piece.
#[derive(Clone)]
pub struct Digest(State);

#[derive(Clone)]
enum State {
    Short(crc::Digest<'static, u32>),
    Long(crc::Digest<'static, u64>),
}

impl Digest {
    /// The checksum of no bytes yet.
    #[must_use]
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        Self(match algorithm {
            CrcAlgorithm::Crc32IsoHdlc => State::Short(ISO_HDLC.digest()),
            CrcAlgorithm::Crc32Iscsi => State::Short(ISCSI.digest()),
            CrcAlgorithm::Crc64Nvme => State::Long(NVME.digest()),
        })
    }

    /// Takes in the bytes that follow.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Short(digest) => digest.update(bytes),
            State::Long(digest) => digest.update(bytes),
        }
    }

    /// The checksum; of an algorithm of 32 bits, in the lower half.
    #[must_use]
    pub fn finalize(self) -> u64 {
        match self.0 {
            State::Short(digest) => u64::from(digest.finalize()),
            State::Long(digest) => digest.finalize(),
        }
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bits = match &self.0 {
            State::Short(_) => 32,
            State::Long(_) => 64,
        };
        f.debug_struct("Digest").field("bits", &bits).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue: the checksums of these nine digits.
    #[test]
    fn each_algorithm_answers_the_check_value_of_the_catalogue() {
        for (algorithm, check) in [
            (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
            (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
            (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
        ] {
            let mut digest = Digest::new(algorithm);
            digest.update(b"1234");
            digest.update(b"");
            digest.update(b"56789");
            assert_eq!(digest.finalize(), check, "{algorithm:?}");
        }
    }
}
