//! The command line as it is released: a zip for each platform, and the sums of all.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{
    error::{TaskError, file},
    package,
    process::run,
};

/// The version of the C library that the Linux binaries ask for: that of distributions from 2018 on.
const GLIBC: (u32, u32) = (2, 28);
/// The sums beside the packages.
const SUMS: &str = "SHA256SUMS";

/// Builds `va` for a platform and packs it with its licence below `target/dist`; answers the package.
///
/// # Errors
/// Where the build fails, or a file cannot be read or written.
pub fn make(root: &Path, target: &str) -> Result<PathBuf, TaskError> {
    let folder = package::target(root);
    let linux = [package::Architecture::Arm64, package::Architecture::X86];
    let mut cargo = match linux.into_iter().find(|linux| linux.target() == target) {
        Some(linux) => {
            let mut cargo = package::zig(root)?;
            cargo.args(["--target", &package::versioned(linux, GLIBC)]);
            cargo
        }
        None => {
            let mut cargo = Command::new("cargo");
            cargo.args(["build", "--target", target]);
            cargo
        }
    };
    run(cargo
        .args(["--release", "--locked", "-p", "va"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", &folder)
        .env("CARGO_ENCODED_RUSTFLAGS", package::without_paths(root)))?;
    let binary = folder.join(target).join("release/va");
    let name = format!("va-{}-{target}", env!("CARGO_PKG_VERSION"));
    let bytes = zip(
        &name,
        &[
            (&binary, 0o755),
            (&root.join("LICENSE"), 0o644),
            (&root.join("README.md"), 0o644),
        ],
    )?;
    let to = folder.join("dist");
    fs::create_dir_all(&to).map_err(file(format!("{} cannot be made", to.display())))?;
    let path = to.join(format!("{name}.zip"));
    fs::write(&path, bytes).map_err(file(format!("{} cannot be written", path.display())))?;
    println!("{}", path.display());
    Ok(path)
}

/// A folder of this name with these files and their rights. The same files make the same bytes.
fn zip(name: &str, files: &[(&Path, u32)]) -> Result<Vec<u8>, TaskError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = || file(format!("{name} cannot be packed"));
    for (path, rights) in files {
        let bytes = fs::read(path).map_err(file(format!("{} cannot be read", path.display())))?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::default())
            .unix_permissions(*rights);
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        zip.start_file(format!("{name}/{own}"), options)
            .map_err(|e| packed()(e.into()))?;
        zip.write_all(&bytes).map_err(packed())?;
    }
    let done = zip.finish().map_err(|e| packed()(e.into()))?;
    Ok(done.into_inner())
}

/// Makes everything in a folder the release of a tag, with the sums of all files.
///
/// # Errors
/// Where the tag is not that of the version, the folder holds no package, or GitHub refuses.
pub fn upload(tag: &str, folder: &Path) -> Result<(), TaskError> {
    let version = env!("CARGO_PKG_VERSION");
    if tag.strip_prefix('v') != Some(version) {
        return Err(TaskError::Found(format!(
            "the tag {tag} is not that of the version {version}"
        )));
    }
    let files = sums(folder)?;
    run(Command::new("gh")
        .args(["release", "create", tag, "--verify-tag", "--generate-notes"])
        .args(files))
}

/// Writes the sums of every package of a folder; answers all files, the sums last.
fn sums(folder: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let unreadable = || file(format!("{} cannot be read", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable())? {
        let path = entry.map_err(unreadable())?.path();
        if path.extension().is_some_and(|ending| ending == "zip") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(TaskError::Found(format!(
            "{} holds no package",
            folder.display()
        )));
    }
    files.sort();
    let mut text = String::new();
    for path in &files {
        let bytes = fs::read(path).map_err(file(format!("{} cannot be read", path.display())))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        text += &format!("{}  {name}\n", hex::encode(Sha256::digest(bytes)));
    }
    let path = folder.join(SUMS);
    fs::write(&path, text).map_err(file(format!("{} cannot be written", path.display())))?;
    files.push(path);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_of_another_version_is_not_released() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(
            upload("v999.0.0", folder.path())
                .expect_err("refused")
                .code(),
            "task_found"
        );
        assert!(upload(env!("CARGO_PKG_VERSION"), folder.path()).is_err());
    }

    #[test]
    fn the_sums_of_every_package_stand_beside_them() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(sums(folder.path()).is_err(), "no package is no release");
        fs::write(folder.path().join("b.zip"), "b").expect("written");
        fs::write(folder.path().join("a.zip"), "").expect("written");
        let files = sums(folder.path()).expect("summed");
        assert_eq!(files.len(), 3);
        let text = fs::read_to_string(folder.path().join(SUMS)).expect("read");
        assert!(text.starts_with(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.zip\n"
        ));
    }

    #[test]
    fn the_same_files_make_the_same_package() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("va");
        fs::write(&path, "x").expect("written");
        let first = zip("va-1", &[(&path, 0o755)]).expect("packed");
        assert_eq!(first, zip("va-1", &[(&path, 0o755)]).expect("packed"));
    }
}
