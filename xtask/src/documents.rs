//! The pages for people: every link within the project leads somewhere, and every command that they name exists.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::error::{TaskError, file};

/// Where pages lie: files, and folders with all below.
const PAGES: [&str; 5] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "events",
    "terraform",
];

/// Checks every page; `commands` are those of `cargo xtask`.
///
/// # Errors
/// What was found, a line each.
pub fn check(root: &Path, commands: &BTreeSet<String>) -> Result<(), TaskError> {
    let mut pages = Vec::new();
    for place in PAGES {
        collect(&root.join(place), &mut pages)?;
    }
    pages.sort();
    let contract = read(&root.join("docs/contract.md"))?;
    let of_va = commands_of_va(&contract);
    let mut faults = Vec::new();
    for page in &pages {
        let text = read(page)?;
        let name = page.strip_prefix(root).unwrap_or(page).display();
        for link in broken_links(page, &text)? {
            faults.push(format!("{name} links {link}, which is not there"));
        }
        for command in unknown(&text, "cargo xtask ", commands) {
            faults.push(format!(
                "{name} names `cargo xtask {command}`, which does not exist"
            ));
        }
        for command in unknown(&text, "va ", &of_va) {
            faults.push(format!("{name} names `va {command}`, which does not exist"));
        }
    }
    if faults.is_empty() {
        println!(
            "{} pages: every link and every command is there",
            pages.len()
        );
        return Ok(());
    }
    Err(TaskError::Found(faults.join("\n")))
}

fn collect(place: &Path, into: &mut Vec<PathBuf>) -> Result<(), TaskError> {
    if place.is_dir() {
        let unreadable = || file(format!("{} cannot be read", place.display()));
        for entry in fs::read_dir(place).map_err(unreadable())? {
            let path = entry.map_err(unreadable())?.path();
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !hidden {
                collect(&path, into)?;
            } else if path.extension().is_some_and(|ending| ending == "md") {
                into.push(path);
            }
        }
    } else {
        into.push(place.to_owned());
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, TaskError> {
    fs::read_to_string(path).map_err(file(format!("{} cannot be read", path.display())))
}

/// A page's links to files or headings that are not there.
fn broken_links(page: &Path, text: &str) -> Result<Vec<String>, TaskError> {
    let folder = page.parent().unwrap_or(Path::new("."));
    let prose = prose(text);
    let targets = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'));
    let mut broken = Vec::new();
    for target in targets {
        let (path, heading) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() {
            page.to_owned()
        } else {
            folder.join(path)
        };
        let is_page = path.extension().is_some_and(|ending| ending == "md");
        let stands = path.exists()
            && (heading.is_empty() || !is_page || headings(&read(&path)?).contains(heading));
        if !stands {
            broken.push(target.to_owned());
        }
    }
    Ok(broken)
}

/// A page without its code.
fn prose(text: &str) -> String {
    let fenced: String = text.split("```").step_by(2).collect();
    fenced.split('`').step_by(2).collect()
}

/// A page's code: what stands in fences or between backticks.
fn code(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split("```").collect();
    let fences = parts.iter().skip(1).step_by(2).copied();
    let spans = parts
        .iter()
        .step_by(2)
        .flat_map(|prose| prose.split('`').skip(1).step_by(2));
    fences.chain(spans).collect()
}

/// The anchors of a page's headings, as they are made of their text.
fn headings(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

/// What follows this program's name at the beginning of a line of code and is none of its commands.
fn unknown(text: &str, program: &str, commands: &BTreeSet<String>) -> BTreeSet<String> {
    code(text)
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|line| line.trim_start().strip_prefix(program))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(|word| word.trim_end_matches([',', '.', ';', ':']))
        .filter(|word| is_command(word) && !commands.contains(*word))
        .map(str::to_owned)
        .collect()
}

/// Whether a word could be a command: no option, no placeholder, no name of a file.
fn is_command(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && !word.starts_with('-')
}

/// The commands of `va` that the contract lists, built and reserved.
fn commands_of_va(contract: &str) -> BTreeSet<String> {
    let rows = contract
        .lines()
        .filter(|line| line.starts_with("| `va "))
        .filter_map(|line| line.split('`').nth(1))
        .filter_map(|command| command.split(' ').nth(1));
    let reserved = contract
        .lines()
        .skip_while(|line| !line.starts_with("Reserved: `live`"))
        .take_while(|line| !line.is_empty())
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter_map(|command| command.split(' ').next());
    rows.chain(reserved).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_missing_file_or_heading_is_found_and_one_in_code_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("a.md");
        fs::write(folder.path().join("b.md"), "# One, two\n").expect("written");
        let text = "[b](b.md) [h](b.md#one-two) [x](c.md) [y](b.md#three) `[z](d.md)` [w](https://example.org)\n";
        let broken = broken_links(&page, text).expect("read");
        assert_eq!(broken, ["c.md", "b.md#three"]);
    }

    #[test]
    fn a_command_that_does_not_exist_is_found_wherever_code_stands() {
        let commands = BTreeSet::from(["test".to_owned()]);
        let text = "`cargo xtask test` and `cargo xtask deplay --env dev`\n```\ncargo xtask nothing # why\n```\ncargo xtask prose";
        let found = unknown(text, "cargo xtask ", &commands);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["deplay", "nothing"]);
    }

    #[test]
    fn the_contract_names_the_commands_of_va() {
        let contract = read(&crate::root().join("docs/contract.md")).expect("the contract");
        let commands = commands_of_va(&contract);
        for command in ["run", "verify", "manifest", "approvals"] {
            assert!(commands.contains(command), "{command}: {commands:?}");
        }
    }
}
