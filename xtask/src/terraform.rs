//! Every module and root of `terraform/`: formatted, initialised, valid, tested, and read by a scanner.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
};

use crate::{
    error::{TaskError, chain, file},
    process::{ended, output, read, run},
    tools,
};

/// Folders that are checked at once.
const AT_ONCE: usize = 2;
/// Where a working copy may find a provider for machines without the real one.
const OTHER_PROVIDER: &str = "../shared/tools/terraform-aws-standin/setup";

/// A folder's way through the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The folder, below the root.
    pub folder: String,
    /// How many tests passed; else what went wrong.
    pub result: Result<usize, String>,
}

/// Checks everything below `terraform/` and prints a table of what was found.
///
/// # Errors
/// Where a tool is missing, or anything is found.
pub fn check(root: &Path) -> Result<(), TaskError> {
    let variables = provider(root)?;
    run(Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-recursive", "terraform"])
        .current_dir(root)
        .envs(&variables))?;
    let folders = folders(&root.join("terraform"))?;
    if folders.is_empty() {
        return Err(TaskError::Found("terraform/ holds no module".to_owned()));
    }
    let results = check_folders(root, &folders, &variables);
    for Checked { folder, result } in &results {
        match result {
            Ok(tests) => println!("{folder:<40} passed  {tests:>3} tests"),
            Err(why) => println!("{folder:<40} FAILED\n{why}"),
        }
    }
    let failed = results.iter().filter(|one| one.result.is_err()).count();
    println!(
        "terraform: {} passed, {failed} failed",
        results.len() - failed
    );
    let scanned = scan(root);
    if failed > 0 {
        return Err(TaskError::Found(format!(
            "{failed} folders of terraform/ are not sound"
        )));
    }
    scanned
}

/// Every folder that holds Terraform files, in order; what only tests use stands below them and is tested with them.
///
/// # Errors
/// Where one cannot be read.
pub fn folders(below: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let unreadable = || file(format!("{} cannot be read", below.display()));
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(below).map_err(unreadable())? {
        let path = entry.map_err(unreadable())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hidden = name.starts_with('.');
        if path.is_dir() && !hidden && name != "tests" {
            found.extend(folders(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "tf") && !hidden {
            found.insert(below.to_owned());
        }
    }
    Ok(found.into_iter().collect())
}

/// What Terraform needs of the environment to find its provider.
///
/// # Errors
/// Where what stands beside the working copy cannot be set up.
pub fn provider(root: &Path) -> Result<BTreeMap<String, String>, TaskError> {
    let other = root.join(OTHER_PROVIDER);
    // A setting that names no file says nothing.
    let configured =
        std::env::var_os("TF_CLI_CONFIG_FILE").is_some_and(|path| Path::new(&path).is_file());
    if !configured && other.is_file() {
        return Ok(exports(&read(&mut Command::new(other))?));
    }
    // The real provider has hundreds of megabytes: one copy for all folders.
    let plugins = root.join("target/terraform/plugins");
    fs::create_dir_all(&plugins).map_err(file(format!("{} cannot be made", plugins.display())))?;
    let plugins = plugins.to_string_lossy().into_owned();
    Ok(BTreeMap::from([(
        "TF_PLUGIN_CACHE_DIR".to_owned(),
        plugins,
    )]))
}

/// The variables of lines such as `export NAME='value'`.
fn exports(script: &str) -> BTreeMap<String, String> {
    let lines = script
        .lines()
        .filter_map(|line| line.trim().strip_prefix("export "));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| {
            let value = value.trim_matches(|c| c == '"' || c == '\'');
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn check_folders(
    root: &Path,
    folders: &[PathBuf],
    variables: &BTreeMap<String, String>,
) -> Vec<Checked> {
    // One after the other: the cache of providers does not bear two at once.
    let begun: Vec<_> = folders
        .iter()
        .map(|folder| {
            (
                folder,
                terraform(
                    root,
                    folder,
                    variables,
                    &["init", "-backend=false", "-input=false"],
                ),
            )
        })
        .collect();
    let waiting = Mutex::new(begun.into_iter());
    let done = Mutex::new(Vec::new());
    let next = || waiting.lock().ok().and_then(|mut all| all.next());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((folder, init)) = next() {
                    let result = init
                        .and_then(|_| terraform(root, folder, variables, &["validate"]))
                        .and_then(|_| terraform(root, folder, variables, &["test"]))
                        .and_then(|said| passed(&said))
                        .map_err(|e| chain(&e));
                    let folder = below(root, folder);
                    if let Ok(mut done) = done.lock() {
                        done.push(Checked { folder, result });
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by(|a, b| a.folder.cmp(&b.folder));
    done
}

/// How many tests Terraform says have passed; none is no success.
fn passed(said: &str) -> Result<usize, TaskError> {
    let count = said
        .lines()
        .filter_map(|line| line.strip_prefix("Success! "))
        .find_map(|line| line.split(' ').next()?.parse().ok());
    match count {
        Some(0) | None => Err(TaskError::Found("it has no test".to_owned())),
        Some(count) => Ok(count),
    }
}

/// Runs Terraform in a folder, with its data outside the tree.
fn terraform(
    root: &Path,
    folder: &Path,
    variables: &BTreeMap<String, String>,
    args: &[&str],
) -> Result<String, TaskError> {
    let data = root
        .join("target/terraform")
        .join(below(root, folder).replace('/', "-"));
    let mut command = Command::new("terraform");
    command
        .args(args)
        .arg("-no-color")
        .current_dir(folder)
        .envs(variables)
        .env("TF_DATA_DIR", data)
        .env("TF_IN_AUTOMATION", "1");
    let said = output(&mut command)?;
    if !said.status.success() {
        return Err(ended(&command, &said));
    }
    Ok(String::from_utf8_lossy(&said.stdout).into_owned())
}

fn below(root: &Path, folder: &Path) -> String {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    below.to_string_lossy().into_owned()
}

/// The scanner of infrastructure, at the version that `terraform/requirements.txt` pins.
fn scan(root: &Path) -> Result<(), TaskError> {
    let tools = tools::python(root, "checkov", &root.join("terraform/requirements.txt"))?;
    let mut command = Command::new(tools.join("checkov"));
    command.args([
        "--directory",
        "terraform",
        "--framework",
        "terraform",
        "--compact",
        "--quiet",
    ]);
    if root.join("terraform/.checkov.yaml").is_file() {
        command.args(["--config-file", "terraform/.checkov.yaml"]);
    }
    run(command.current_dir(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_with_terraform_files_are_found_and_hidden_ones_are_not() {
        let tree = tempfile::tempdir().expect("a folder");
        for path in [
            "modules/a/main.tf",
            "modules/b/README.md",
            "modules/a/.terraform/x/main.tf",
            "root/x.tf",
            "root/tests/y/main.tf",
        ] {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        let found = folders(tree.path()).expect("read");
        assert_eq!(
            found,
            [tree.path().join("modules/a"), tree.path().join("root")]
        );
    }

    #[test]
    fn lines_that_export_are_variables() {
        let read = exports("# why\nexport A='x y'\nexport B=\"z\"\necho C=1\n");
        assert_eq!(read["A"], "x y");
        assert_eq!(read["B"], "z");
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn a_folder_without_tests_is_no_success() {
        assert_eq!(passed("x\nSuccess! 12 passed, 0 failed.\n").ok(), Some(12));
        assert!(passed("Success! 0 passed, 0 failed.").is_err());
        assert!(passed("").is_err());
    }
}
