//! A goal and its catalogue together: what does not fit, what is missing, what nobody checks.

use serde::{Deserialize, Serialize};
use va_domain::goal_spec::GoalSpec;

use super::{
    error::{Fault, IntakeError},
    rules, suggest,
};
use crate::Catalogue;

/// A setting without which no page can be published; a person is asked for it before any paid draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingSetting {
    /// `revenue.tag`, `revenue.link` or `site.imprint`: what `va unblock --set` takes.
    pub key: String,
    /// What is missing and why it matters, for people.
    pub text: String,
}

/// Checks what of a goal only its catalogue can tell: columns to exclude by, and the link's placeholders.
///
/// # Errors
/// The first column that the catalogue does not have, with the nearest one. The line is known after
/// [`IntakeError::located_in`].
pub fn check_goal_against(spec: &GoalSpec, catalogue: &Catalogue) -> Result<(), IntakeError> {
    let columns: Vec<&str> = catalogue
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for column in spec.limits.exclude.keys() {
        if catalogue.find_column(column).is_none() {
            let reason = format!(
                "[limits] exclude names the column `{column}`, which the catalogue does not have"
            );
            return Err(unknown(
                &format!("limits.exclude.{column}"),
                reason,
                column,
                &columns,
            ));
        }
    }
    let Some(link) = &spec.revenue.link else {
        return Ok(());
    };
    let names = rules::link_placeholders(link).map_err(|why| IntakeError {
        reason: format!("`revenue.link`: {why}"),
        fault: Fault::Value,
        ..unknown("revenue.link", String::new(), "", &[])
    })?;
    for name in names {
        let known = match name {
            "tag" | "name" => true,
            "url" => catalogue.url_column().is_some() || catalogue.find_column("url").is_some(),
            column => catalogue.find_column(column).is_some(),
        };
        if !known {
            let reason =
                format!("`revenue.link` has {{{name}}}, which is no column of the catalogue");
            let choices: Vec<&str> = columns.iter().copied().chain(["tag", "name"]).collect();
            return Err(unknown("revenue.link", reason, name, &choices));
        }
    }
    Ok(())
}

fn unknown(key: &str, reason: String, name: &str, known: &[&str]) -> IntakeError {
    IntakeError {
        file: "goal.toml".to_owned(),
        line: None,
        key: key.to_owned(),
        fault: Fault::UnknownColumn,
        reason,
        remedy: suggest(name, known)
            .map(|nearest| format!("Did you mean `{nearest}`?"))
            .unwrap_or_default(),
    }
}

/// What a person must set before this goal can publish.
#[must_use]
pub fn blockers(spec: &GoalSpec, catalogue: &Catalogue, has_imprint: bool) -> Vec<MissingSetting> {
    let revenue = &spec.revenue;
    let affiliate = revenue.model == "affiliate";
    let missing = |key: &str, text: &str| MissingSetting {
        key: key.to_owned(),
        text: text.to_owned(),
    };
    let mut settings = Vec::new();
    if affiliate && revenue.tag.trim().is_empty() {
        settings.push(missing(
            "revenue.tag",
            "The affiliate tag is empty, so no sale would be credited.",
        ));
    }
    if affiliate && revenue.link.is_none() && catalogue.url_column().is_none() {
        settings.push(missing(
            "revenue.link",
            "There is neither a link template nor a column of addresses, so no product can be linked.",
        ));
    }
    if spec.site.imprint_required && !has_imprint {
        settings.push(missing(
            "site.imprint",
            "The site needs an imprint, and none was given.",
        ));
    }
    settings
}

/// The parts of a goal that nothing enforces: free-text constraints that no typed limit covers, and kinds of
/// work that are not built.
#[must_use]
pub fn not_enforced(spec: &GoalSpec) -> Vec<String> {
    let covered =
        |text: &str| article_limit(text).is_some_and(|most| spec.limits.max_articles <= most);
    let constraints = spec
        .goal
        .constraints
        .iter()
        .filter(|text| !covered(text))
        .cloned();
    let domains = spec
        .goal
        .domains
        .iter()
        .filter(|domain| *domain != "content");
    constraints
        .chain(domains.map(|domain| format!("domain {domain}: no agent works in it")))
        .collect()
}

/// The number in `At most 12 articles`, where the constraint says that and nothing else.
fn article_limit(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let (number, what) = match words.as_slice() {
        ["at", "most", number, what] | ["no", "more", "than", number, what] => (number, what),
        ["maximum", number, what] | ["max" | "max.", number, what] => (number, what),
        _ => return None,
    };
    if matches!(*what, "articles" | "article" | "pages" | "page") {
        number.parse().ok()
    } else {
        None
    }
}
