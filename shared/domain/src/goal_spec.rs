//! What the board asks for: goal.toml and the body of `POST /v1/goals`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A goal as a person writes it. Unknown keys are errors; money is a decimal string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GoalSpec {
    /// The format's version: 1.
    pub schema: u32,
    /// What is wanted.
    pub goal: GoalSection,
    /// Typed constraints.
    #[serde(default)]
    pub limits: Limits,
    /// What may be spent.
    pub budget: BudgetSection,
    /// What success is measured by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kpi: Vec<Kpi>,
    /// How the site earns.
    #[serde(default)]
    pub revenue: Revenue,
    /// Where the work appears.
    pub site: SiteSection,
    /// The table of products.
    pub catalogue: CatalogueSection,
}

/// `[goal]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GoalSection {
    /// A slug: lowercase letters, digits and single hyphens, at most 64.
    pub id: String,
    /// What the board wants, in its own words.
    pub intent: String,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Priority,
    /// When it should be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
    /// How much may go wrong.
    #[serde(default)]
    pub risk_tolerance: Risk,
    /// Which kinds of work it needs; `content` is what is built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// Constraints in free text; what nothing checks is listed as not enforced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// The specification that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The day whose facts count; default: the day of intake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}

/// P0 is taken before P1, P1 before P2.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Priority {
    /// First.
    P0,
    /// Normal.
    #[default]
    P1,
    /// When nothing else waits.
    P2,
}

/// `risk_tolerance`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// The default.
    #[default]
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

/// `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// At most this many articles; 1 to 45.
    pub max_articles: u32,
    /// Rows to leave out: column name -> values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exclude: BTreeMap<String, Vec<String>>,
    /// Phrases that must not be published, compared without case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub banned_phrases: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_articles: 12,
            exclude: BTreeMap::new(),
            banned_phrases: Vec::new(),
        }
    }
}

/// `[budget]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BudgetSection {
    /// Money, a decimal string in the company's currency.
    pub amount: String,
    /// Tokens, input and output together.
    pub tokens: i64,
    /// Model calls.
    pub calls: i64,
    /// Percentages at which the board hears of it.
    #[serde(default = "default_warn_at")]
    pub warn_at: Vec<u32>,
}

fn default_warn_at() -> Vec<u32> {
    vec![70, 90]
}

/// `[[kpi]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// `articles_published`, `affiliate_links`, `revenue_month`, `cost_per_article`, ...
    pub name: String,
    /// What it should reach.
    pub target: i64,
    /// What happens when it does not.
    #[serde(default)]
    pub gate: Gate,
}

/// What a missed KPI does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Is reported.
    #[default]
    Report,
    /// Pauses the goal.
    Pause,
    /// Plans again.
    Replan,
}

/// `[revenue]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Revenue {
    /// `affiliate`, or `none`.
    pub model: String,
    /// The programme's name, for the disclosure.
    pub programme: String,
    /// What the programme knows us by; empty is a blocker.
    pub tag: String,
    /// The hosts that may be linked, each with the names below it ([`covers_host`]).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// A template: `https://shop.example/p/{sku}?aff={tag}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The query parameter that carries the tag when the row's own address is linked. Default `tag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_param: Option<String>,
}

/// Whether a list of hosts covers a host: it is one of them, or a name below one of them, as `www.shop.example`
/// is below `shop.example`. Who owns a name owns what is below it, and shops are linked under several.
#[must_use]
pub fn covers_host(listed: &[String], host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    listed.iter().any(|listed| {
        let listed = listed.trim().to_ascii_lowercase();
        let below = || {
            host.strip_suffix(&listed)
                .is_some_and(|sub| sub.ends_with('.'))
        };
        !listed.is_empty() && (host == listed || below())
    })
}

/// `[site]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SiteSection {
    /// A slug: the folder in `sites/`.
    pub id: String,
    /// What readers see.
    pub name: String,
    /// An absolute http(s) address, ending in `/`; it may have a path.
    pub base_url: String,
    /// `en`.
    #[serde(default = "default_language")]
    pub language: String,
    /// Who reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How it sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    /// A Markdown file with the legal notice; over HTTP a blob id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint: Option<String>,
    /// Whether publishing without an imprint is a blocker.
    #[serde(default)]
    pub imprint_required: bool,
}

fn default_language() -> String {
    "en".to_owned()
}

/// `[catalogue]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CatalogueSection {
    /// A file in the goal's folder; over HTTP `sha256:...` of a blob sent before.
    pub file: String,
    /// The column that identifies a product, where it is not the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The column that names it, where it is not found by rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Per column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnHints>,
}

/// `[catalogue.columns.<name>]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ColumnHints {
    /// What a reader sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The unit of its numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `lower`, `higher` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub better: Option<String>,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_host_covers_the_names_below_it_and_no_other() {
        let listed = ["Shop.example".to_owned(), String::new()];
        for host in [
            "shop.example",
            "SHOP.example",
            "www.shop.example",
            "a.b.shop.example",
        ] {
            assert!(covers_host(&listed, host), "{host}");
        }
        for host in [
            "example",
            "myshop.example",
            "shop.example.evil.example",
            "",
            ".",
        ] {
            assert!(!covers_host(&listed, host), "{host}");
        }
    }
}
