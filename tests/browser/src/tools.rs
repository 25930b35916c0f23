//! Checkers that others wrote, fetched once in pinned versions and never committed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

use crate::company::output;

/// A package of the npm registry, and what its bytes must be.
struct Package {
    name: &'static str,
    version: &'static str,
    sha256: &'static str,
    /// The file of it that is used.
    file: &'static str,
}

const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
    sha256: "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
    file: "package/axe.min.js",
};

const NU: Package = Package {
    name: "vnu-jar",
    version: "26.9.27",
    sha256: "5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7",
    file: "package/build/dist/vnu.jar",
};

/// The source of axe, the accessibility checker.
///
/// # Panics
/// Where it cannot be fetched.
#[must_use]
pub fn axe() -> String {
    fs::read_to_string(AXE.fetched()).expect("axe is text")
}

/// What the Nu Html Checker finds in pages: one line a finding.
///
/// # Panics
/// Where there is no Java, or the checker cannot be fetched.
#[must_use]
pub fn nu(pages: &[PathBuf]) -> Vec<String> {
    let checked = Command::new("java")
        .arg("-jar")
        .arg(NU.fetched())
        .args(["--format", "gnu", "--stdout"])
        .args(pages)
        .output()
        .unwrap_or_else(|e| panic!("java is missing ({e}): apt-get install --yes --no-install-recommends default-jre-headless"));
    let said = String::from_utf8_lossy(&checked.stdout);
    let mut findings: Vec<String> = said.lines().map(str::to_owned).collect();
    if !checked.status.success() && findings.is_empty() {
        findings.push(String::from_utf8_lossy(&checked.stderr).into_owned());
    }
    findings
}

impl Package {
    fn fetched(&self) -> PathBuf {
        let folder = output()
            .join("tools")
            .join(format!("{}-{}", self.name, self.version));
        let file = folder.join(self.file);
        if file.exists() {
            return file;
        }
        fs::create_dir_all(&folder).expect("a folder for tools can be made");
        let archive = folder.join("package.tgz");
        let named = format!("{}@{}", self.name, self.version);
        let packed = Command::new("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&folder)
            .arg(&named)
            .output()
            .unwrap_or_else(|e| {
                panic!("npm is missing ({e}): apt-get install --yes --no-install-recommends npm")
            });
        let said = String::from_utf8_lossy(&packed.stdout);
        let made = folder.join(said.lines().last().unwrap_or_default().trim());
        assert!(
            packed.status.success() && made.is_file(),
            "npm pack {named} failed; the registry must be reachable:\n{}",
            String::from_utf8_lossy(&packed.stderr)
        );
        fs::rename(&made, &archive).expect("what was fetched can be moved");
        self.unpack(&archive, &folder);
        assert!(file.exists(), "{named} holds no {}", self.file);
        file
    }

    fn unpack(&self, archive: &Path, folder: &Path) {
        let bytes = fs::read(archive).expect("what was fetched can be read");
        let found = hex::encode(Sha256::digest(&bytes));
        assert_eq!(found, self.sha256, "the bytes of {} are others", self.name);
        let unpacked = Command::new("tar")
            .arg("-xzf")
            .arg(archive)
            .arg("-C")
            .arg(folder)
            .status();
        assert!(
            unpacked.is_ok_and(|s| s.success()),
            "tar cannot unpack {}",
            self.name
        );
    }
}
