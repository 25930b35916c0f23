//! What the page on backups promises is what Terraform decides.

use std::fs;

use xtask::root;

/// The default of a variable of a module.
fn default(module: &str, variable: &str) -> String {
    let path = root()
        .join("terraform/modules")
        .join(module)
        .join("variables.tf");
    let text = fs::read_to_string(&path).expect("the variables");
    let (_, after) = text
        .split_once(&format!("variable \"{variable}\" {{"))
        .expect("the variable");
    let line = after
        .lines()
        .find_map(|line| line.trim().strip_prefix("default"));
    line.expect("a default").trim_matches(['=', ' ']).to_owned()
}

/// What a row of the page's table says.
fn row(page: &str, what: &str) -> String {
    let line = page
        .lines()
        .find(|line| line.starts_with(&format!("| {what}")));
    line.unwrap_or_else(|| panic!("no row begins with {what}"))
        .to_owned()
}

#[test]
fn days_on_the_page_are_those_of_the_modules() {
    let page = fs::read_to_string(root().join("docs/backup.md")).expect("the page");
    let journal = format!("| {} days |", default("journal", "recovery_days"));
    assert!(
        row(&page, "the journal | point").contains(&journal),
        "{journal}"
    );
    let buckets = row(&page, "blobs, sites, packages");
    assert!(
        buckets.contains(&format!(
            "after {} days",
            default("bucket", "archive_after_days")
        )),
        "{buckets}"
    );
    assert!(
        buckets.contains(&format!(
            "| {} days |",
            default("bucket", "forget_after_days")
        )),
        "{buckets}"
    );
}

#[test]
fn the_lock_of_the_vault_is_as_long_as_the_page_says() {
    let settings = |env: &str| {
        let path = root()
            .join("terraform/environments")
            .join(env)
            .join("terraform.tfvars");
        fs::read_to_string(path).expect("the settings")
    };
    let page = fs::read_to_string(root().join("docs/backup.md")).expect("the page");
    assert!(row(&page, "seals, and").contains("a day in `dev`, three years in `prod`"));
    assert!(settings("dev").contains("days = 1 }"));
    assert!(settings("prod").contains("mode = \"COMPLIANCE\", days = 1096 }"));
}
