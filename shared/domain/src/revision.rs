//! What a revision of a goal takes over from the one before it, and what it says of the difference: documents
//! that travel as blobs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    content::{ClaimOp, PageKind},
    ids::BlobId,
    payload::Brief,
};

/// A site as a revision published it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// `va.edition/1`.
    pub schema: String,
    /// The site.
    pub site: String,
    /// What its facts were computed from.
    pub brief: Brief,
    /// Its articles, in plan order.
    pub pages: Vec<EditionPage>,
    /// The path of every page, lists included.
    pub paths: BTreeSet<String>,
    /// Paths of pages that are gone -> the page that each leads to.
    pub redirects: BTreeMap<String, String>,
}

/// One article of an [`Edition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionPage {
    /// `posts/<slug>.html`.
    pub slug: String,
    /// Its kind.
    pub kind: PageKind,
    /// What was asked of its writer.
    pub request: BlobId,
    /// The approved draft.
    pub draft: BlobId,
    /// The day as of which it was first published.
    pub first: Date,
    /// The revision that wrote it.
    pub revision: u32,
    /// The figures of the whole site when it was written, a blob: a list of [`SiteFigures`].
    pub figures: BlobId,
    /// What its newest revision changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

/// What the tables of a whole site state in one measured column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFigures {
    /// The column's name.
    pub column: String,
    /// The column's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Decimals, ascending, each once.
    pub figures: Vec<String>,
}

/// How the pages of a plan follow from an [`Edition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// `va.comparison/1`.
    pub schema: String,
    /// Products in the catalogue.
    pub products: u32,
    /// The pages of the plan, in its order.
    pub pages: Vec<ComparedPage>,
    /// Paths that are pages no longer -> the page that each leads to, those of earlier revisions included.
    pub redirects: BTreeMap<String, String>,
}

/// One page of a plan beside the edition before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedPage {
    /// `posts/<slug>.html`.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// What becomes of it.
    pub state: PageState,
    /// What is asked of its writer; of a kept page: what was asked.
    pub request: BlobId,
    /// The day as of which it was first published.
    pub first: Date,
    /// The page before, unless it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EditionPage>,
    /// What is different, where it is written again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

/// What becomes of a page in a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Its claims are what they were: draft and verdict stay.
    Kept,
    /// It is written again.
    Changed,
    /// It was not there before.
    New,
}

/// What is different on a page, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The day whose facts stood before.
    pub since: Date,
    /// The day whose facts stand now.
    pub on: Date,
    /// Facts with another value than before, the first of them.
    pub facts: Vec<ChangedFact>,
    /// How many more there are.
    pub more: u32,
    /// Products that its table lists now and did not before.
    pub added: Vec<String>,
    /// Products that its table listed before and does not now.
    pub removed: Vec<String>,
}

/// One fact with another value than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFact {
    /// How its value follows from the catalogue, before as now.
    pub op: ClaimOp,
    /// The column's name.
    pub column: String,
    /// The product concerned, if it is of one.
    pub rows: Vec<String>,
    /// What it is called: `Price of Alba One`.
    pub label: String,
    /// The value before.
    pub before: StatedValue,
    /// The value now.
    pub now: StatedValue,
}

/// A value as the page writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedValue {
    /// A decimal without unit, or a text; empty where nothing was stated.
    pub value: String,
    /// With its unit: `EUR 219.50`.
    pub text: String,
}
