//! A function's package.

use std::{
    io::{Cursor, Write as _},
    path::Path,
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{EmulatorError, call, machine};

/// A zip with the binary as `bootstrap`. The same binary makes the same bytes: no time, no path.
///
/// # Errors
/// Where the binary cannot be read.
pub fn package(binary: &Path) -> Result<Vec<u8>, EmulatorError> {
    let bytes = std::fs::read(binary).map_err(machine(format!(
        "{} cannot be read; build it first",
        binary.display()
    )))?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let failed = || format!("{} cannot be packed", binary.display());
    zip.start_file("bootstrap", options)
        .map_err(call(failed()))?;
    zip.write_all(&bytes).map_err(machine(failed()))?;
    Ok(zip.finish().map_err(call(failed()))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_binary_makes_the_same_package() {
        let folder = tempfile::tempdir().expect("a folder");
        let binary = folder.path().join("f");
        std::fs::write(&binary, b"binary").expect("written");
        let first = package(&binary).expect("a package");
        assert_eq!(first, package(&binary).expect("a package"));
        assert_eq!(
            package(&folder.path().join("none"))
                .expect_err("no binary")
                .code(),
            "emulator_machine"
        );
    }
}
