//! Functions as they are deployed: each a zip with its binary.

use std::{
    fs,
    io::{self, Cursor, Write as _},
    path::{Path, PathBuf},
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// The most bytes of a function's package: what a cold start has to fetch.
const MAX: usize = 4_000_000;
/// The same for the one that calls models.
const MAX_WITH_MODEL: usize = 5_000_000;
/// The function that calls models.
const WITH_MODEL: &str = "va-fn-content-generator";

/// A package that was written.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
    /// The most that it may have.
    pub limit: usize,
}

/// A zip with the binary as `bootstrap`. The same binary makes the same bytes: no time, no path.
///
/// # Errors
/// Where the binary cannot be read.
pub fn zip(binary: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(binary)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options)?;
    zip.write_all(&bytes)?;
    Ok(zip.finish()?.into_inner())
}

/// Packs every function among the binaries of a build into `to`, in order of their names.
///
/// # Errors
/// Where there is none, or a file cannot be read or written.
pub fn functions(built: &Path, to: &Path) -> io::Result<Vec<Package>> {
    let mut binaries = Vec::new();
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with("va-fn-") && path.extension().is_none() {
            binaries.push((name, path));
        }
    }
    if binaries.is_empty() {
        let none = format!("no function in {}; build them first", built.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, none));
    }
    binaries.sort();
    fs::create_dir_all(to)?;
    let packed = binaries.into_iter().map(|(name, binary)| {
        let bytes = zip(&binary)?;
        let file = to.join(format!("{name}.zip"));
        fs::write(&file, &bytes)?;
        let limit = if name == WITH_MODEL {
            MAX_WITH_MODEL
        } else {
            MAX
        };
        Ok(Package {
            file,
            bytes: bytes.len(),
            limit,
        })
    });
    packed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_binary_makes_the_same_package_and_only_functions_are_packed() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["va-fn-a", "va-fn-a.d", "va", WITH_MODEL] {
            fs::write(folder.path().join(name), name).expect("written");
        }
        let packed = functions(folder.path(), &folder.path().join("to")).expect("packed");
        let names: Vec<_> = packed.iter().filter_map(|p| p.file.file_name()).collect();
        assert_eq!(names, ["va-fn-a.zip", "va-fn-content-generator.zip"]);
        let again = zip(&folder.path().join("va-fn-a")).expect("packed");
        assert_eq!(fs::read(&packed[0].file).expect("read"), again);
        assert!(packed[0].limit < packed[1].limit);
    }

    #[test]
    fn a_folder_without_functions_is_no_success() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(functions(folder.path(), folder.path()).is_err());
    }
}
