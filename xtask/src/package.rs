//! Functions as they are deployed: each a zip with its binary.

use std::{
    env, fs,
    io::{self, Cursor, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{
    binary::{RUNTIME_GLIBC, needed_glibc},
    error::{TaskError, file},
    listing,
    process::{read, run},
    tools,
};

/// The most bytes of a function's package: what a cold start has to fetch.
const MAX: usize = 4_000_000;
/// The same for the one that calls models.
const MAX_WITH_MODEL: usize = 5_000_000;
/// The function that calls models.
const WITH_MODEL: &str = "va-fn-content-generator";

/// A processor that functions run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Architecture {
    /// 64-bit ARM: what the functions are deployed on.
    Arm64,
    /// 64-bit x86.
    #[value(name = "x86_64")]
    X86,
}

impl Architecture {
    /// As AWS names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }

    /// As Rust names it, for Linux.
    #[must_use]
    pub fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86 => "x86_64-unknown-linux-gnu",
        }
    }
}

/// A package that was written.
#[derive(Clone, Debug)]
pub struct Package {
    /// The binary's name, which is also the crate's.
    pub binary: String,
    /// Its file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
    /// The most that it may have.
    pub limit: usize,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

impl Package {
    /// A package that was written to this file.
    #[must_use]
    pub fn of(binary: String, file: PathBuf, bytes: &[u8]) -> Self {
        let limit = if binary == WITH_MODEL {
            MAX_WITH_MODEL
        } else {
            MAX
        };
        Self {
            binary,
            file,
            bytes: bytes.len(),
            limit,
            sha256: hex::encode(Sha256::digest(bytes)),
        }
    }
}

/// The best that deflate does without a search.
const SMALLEST: i64 = 9;

/// A zip with the binary as `bootstrap`. The same binary makes the same bytes: no time, no path.
///
/// # Errors
/// Where the binary cannot be read.
pub fn zip(binary: &Path) -> io::Result<Vec<u8>> {
    packed(binary, SMALLEST)
}

/// The same in a moment, and larger: for tests, whose binaries are full of what debuggers want.
///
/// # Errors
/// Where the binary cannot be read.
pub fn zip_quickly(binary: &Path) -> io::Result<Vec<u8>> {
    packed(binary, 1)
}

fn packed(binary: &Path, level: i64) -> io::Result<Vec<u8>> {
    let bytes = fs::read(binary)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options)?;
    zip.write_all(&bytes)?;
    Ok(zip.finish()?.into_inner())
}

fn write_packed(name: &str, binary: &Path, to: &Path) -> io::Result<Package> {
    let bytes = zip(binary)?;
    let file = to.join(format!("{name}.zip"));
    fs::write(&file, &bytes)?;
    Ok(Package::of(name.to_owned(), file, &bytes))
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
    std::thread::scope(|scope| {
        let each: Vec<_> = binaries
            .iter()
            .map(|(name, binary)| scope.spawn(|| write_packed(name, binary, to)))
            .collect();
        each.into_iter()
            .map(|one| one.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
            .collect()
    })
}

/// Builds the functions as they are deployed and packs them: for this machine below `target/package`, for an
/// architecture below `target/package/<architecture>`, with the list of what was built.
///
/// # Errors
/// Where a build fails, a package has grown too large, or a binary asks for more than its runtime has.
pub fn make(root: &Path, architecture: Option<Architecture>) -> Result<PathBuf, TaskError> {
    let target = target(root);
    let (built, to) = build(root, &target, architecture)?;
    let packages = functions(&built, &to).map_err(file("the functions cannot be packed"))?;
    for made in &packages {
        let (bytes, limit, path) = (made.bytes, made.limit, made.file.display());
        println!("{bytes:>9} of {limit} bytes  {path}");
    }
    small_enough(&packages)?;
    if let Some(architecture) = architecture {
        runs_there(&built, &packages)?;
        listing::write(root, &to, architecture, &packages)?;
    }
    Ok(to)
}

/// Refuses packages that have grown beyond what a cold start may have to fetch, all at once.
fn small_enough(packages: &[Package]) -> Result<(), TaskError> {
    let large = packages.iter().filter(|made| made.bytes > made.limit);
    let large: Vec<&str> = large.map(|made| made.binary.as_str()).collect();
    if large.is_empty() {
        return Ok(());
    }
    let what = format!("grown beyond their limits: {}", large.join(", "));
    Err(TaskError::Found(what))
}

/// Builds everything a second time in a folder of its own, and compares every package with the first.
///
/// # Errors
/// Where a build fails, or two builds of the same commit differ.
pub fn check_reproducible(
    root: &Path,
    first: &Path,
    architecture: Option<Architecture>,
) -> Result<(), TaskError> {
    let (built, to) = build(root, &target(root).join("again"), architecture)?;
    let again = functions(&built, &to).map_err(file("the functions cannot be packed"))?;
    let differ: Vec<&str> = again
        .iter()
        .filter(|made| {
            let before = fs::read(first.join(format!("{}.zip", made.binary)));
            before.map_or(true, |bytes| {
                hex::encode(Sha256::digest(bytes)) != made.sha256
            })
        })
        .map(|made| made.binary.as_str())
        .collect();
    if differ.is_empty() {
        println!(
            "{} packages: the second build made the same bytes",
            again.len()
        );
        return Ok(());
    }
    Err(TaskError::Found(format!(
        "a second build made other bytes of {}",
        differ.join(", ")
    )))
}

/// Where cargo builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Builds into this target folder; answers where the binaries are, and where their packages belong.
fn build(
    root: &Path,
    target: &Path,
    architecture: Option<Architecture>,
) -> Result<(PathBuf, PathBuf), TaskError> {
    let (mut cargo, built, to) = match architecture {
        None => (
            Command::new("cargo"),
            target.join("function"),
            target.join("package"),
        ),
        Some(architecture) => {
            let mut cargo = zig(root)?;
            cargo.args(["--target", &versioned(architecture, RUNTIME_GLIBC)]);
            (
                cargo,
                target.join(architecture.target()).join("function"),
                target.join("package").join(architecture.name()),
            )
        }
    };
    if architecture.is_none() {
        cargo.arg("build");
    }
    run(cargo
        .args(["--profile", "function", "--locked", "-p", "va-fn-*"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_ENCODED_RUSTFLAGS", without_paths(root)))?;
    Ok((built, to))
}

/// `cargo zigbuild`, which links against the C library of a chosen version, at the version that is pinned.
pub(crate) fn zig(root: &Path) -> Result<Command, TaskError> {
    let bin = tools::python(root, "zig", &root.join("xtask/requirements.txt"))?;
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(bin).chain(env::split_paths(&path));
    let path = env::join_paths(folders)
        .map_err(|e| TaskError::Found(format!("PATH cannot hold the tools' folder: {e}")))?;
    let mut cargo = Command::new("cargo");
    cargo.arg("zigbuild").env("PATH", path);
    Ok(cargo)
}

/// A target with the version of the C library that it is linked against.
pub(crate) fn versioned(architecture: Architecture, glibc: (u32, u32)) -> String {
    format!("{}.{}.{}", architecture.target(), glibc.0, glibc.1)
}

/// Flags by which no path of this machine gets into a binary.
pub(crate) fn without_paths(root: &Path) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME")?;
        Some(Path::new(&home).join(".cargo"))
    });
    let sysroot = read(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let mut flags = vec![format!("--remap-path-prefix={}=/va", root.display())];
    flags.extend(home.map(|home| format!("--remap-path-prefix={}=/cargo", home.display())));
    if !sysroot.trim().is_empty() {
        flags.push(format!("--remap-path-prefix={}=/rust", sysroot.trim()));
    }
    flags.join("\u{1f}")
}

/// A binary that asks for a newer C library than the runtime has would not start there.
fn runs_there(built: &Path, packages: &[Package]) -> Result<(), TaskError> {
    for made in packages {
        let path = built.join(&made.binary);
        let binary = fs::read(&path).map_err(file(format!("{} cannot be read", path.display())))?;
        if let Some((major, minor)) = needed_glibc(&binary).filter(|needed| *needed > RUNTIME_GLIBC)
        {
            return Err(TaskError::Found(format!(
                "{} needs version {major}.{minor} of the C library; the runtime has {}.{}",
                made.binary, RUNTIME_GLIBC.0, RUNTIME_GLIBC.1
            )));
        }
    }
    Ok(())
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
    fn every_package_that_is_too_large_is_named() {
        let made = |name: &str, bytes: usize| Package {
            bytes,
            ..Package::of(name.to_owned(), PathBuf::new(), b"")
        };
        let two = [
            made("a", MAX + 1),
            made("b", MAX),
            made(WITH_MODEL, MAX_WITH_MODEL + 1),
        ];
        let refused = small_enough(&two).expect_err("too large").to_string();
        assert!(
            refused.ends_with(": a, va-fn-content-generator"),
            "{refused}"
        );
        small_enough(&two[1..2]).expect("as large as it may be");
    }

    #[test]
    fn a_folder_without_functions_is_no_success() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(functions(folder.path(), folder.path()).is_err());
    }

    #[test]
    fn a_binary_that_needs_a_newer_c_library_than_the_runtime_has_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("va-fn-a"), b"\0GLIBC_2.39\0").expect("written");
        let packed = functions(folder.path(), &folder.path().join("to")).expect("packed");
        let refused = runs_there(folder.path(), &packed).expect_err("refused");
        assert!(refused.to_string().contains("2.39"), "{refused}");
    }
}
