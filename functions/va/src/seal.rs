//! Proof: sealing at the end of a run, verifying, exporting.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
};

use va_embedded::{
    FolderSites, SealKey, keys,
    seal::Seals,
    verify::{Options, Verification, verify_export},
};

use crate::out::say;
use crate::{
    check,
    exit::{Code, Failure},
    home::{self, Home},
};

/// What the seal at the end of a run says.
pub struct Sealed {
    /// Whether everything was synced and sealed.
    pub ok: bool,
    /// The newest seal's number.
    pub n: u64,
    /// The newest root, for the board to keep.
    pub root: String,
}

/// Syncs what was published, the sites and the reports of goals, then seals the streams that changed.
pub fn seal(home: &Home, sites: &[&str], reports: &[&str]) -> Result<Sealed, Failure> {
    FolderSites::new(&home.folder).sync(sites, reports)?;
    let key = SealKey::open(&home.folder)?;
    let mut seals = Seals::open(&home.folder, &home.company.company)?;
    seals.seal(&home.store, &key, home.now())?;
    Ok(Sealed {
        ok: true,
        n: seals.n(),
        root: seals.root(),
    })
}

/// `va export`.
pub fn export(folder: &Path, file: &Path) -> Result<Code, Failure> {
    let home = Home::read(folder)?;
    let outside = |e: &dyn std::fmt::Display| {
        Failure::new(
            Code::Outside,
            format!("{} cannot be written: {e}", file.display()),
        )
    };
    let mut out = BufWriter::new(File::create(file).map_err(|e| outside(&e))?);
    va_embedded::export::export(&home.store, &mut out).map_err(|e| outside(&e))?;
    say!(
        "exported to {}\nnext: va verify --export {}",
        file.display(),
        file.display()
    );
    Ok(Code::Done)
}

/// `va verify`.
pub fn verify(
    home: Option<&Path>,
    root: Option<&str>,
    public_key: Option<&Path>,
    export: Option<&Path>,
    as_json: bool,
) -> Result<Code, Failure> {
    let options = Options {
        root: root.map(str::to_owned),
        public_key: public_key.map(keys::read_public_key).transpose()?,
    };
    let found = match export {
        Some(file) => {
            let input = File::open(file)
                .map_err(|e| Failure::input(format!("{} cannot be read: {e}", file.display())))?;
            let seals = home::folder(home, None)
                .ok()
                .map(|f| f.join("seals"))
                .filter(|f| f.is_dir());
            verify_export(BufReader::new(input), seals.as_deref(), &options)
                .map_err(|e| Failure::new(Code::Outside, e.to_string()))?
        }
        None => {
            // Not opened as a company: what is damaged is to be found here.
            let folder = home::folder(home, None)?;
            home::exists(&folder)?;
            va_embedded::verify::verify(&folder, &options)?
        }
    };
    told(&found, as_json)
}

/// Says what verification found.
pub fn told(found: &Verification, as_json: bool) -> Result<Code, Failure> {
    let code = if found.ok {
        Code::Done
    } else {
        Code::Verification
    };
    if as_json {
        check::print("va.verify/1", &serde_json::to_value(found)?)?;
        return Ok(code);
    }
    let checked = serde_json::to_value(found.checked)?;
    let counts: Vec<String> = checked
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, n)| format!("{n} {}", name.replace('_', " ")))
        .collect();
    say!(
        "checked {}; {} commits are not sealed",
        counts.join(", "),
        found.unsealed_commits
    );
    for finding in &found.findings {
        say!("found {}", serde_json::to_string(finding)?);
    }
    say!(
        "{}",
        if found.ok {
            "everything that was sealed is as it was"
        } else {
            "NOT as it was"
        }
    );
    Ok(code)
}
