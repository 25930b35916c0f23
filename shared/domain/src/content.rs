//! What is asked of a writer, and what a reviewer answers: the documents that travel as blobs between
//! the content agents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The kinds of page that the company knows how to argue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// The whole field at a glance.
    FieldGuide,
    /// Two products, neither of which dominates the other.
    Comparison,
    /// One product that costs more than another and wins somewhere.
    WhyPayMore,
    /// The candidates below a price.
    BestUnder,
    /// One product and its place in the field.
    Product,
    /// The columns, ordered by how well they split the field.
    HowToChoose,
    /// What nobody states, and how the table was made.
    Gaps,
}

/// How a claim's value follows from the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimOp {
    /// The cell of `column` in the one row of `rows`.
    Value,
    /// `column` of `rows[0]` minus `column` of `rows[1]`.
    Diff,
    /// `column` of `rows[0]` divided by `column` of `rows[1]`, two decimals.
    Ratio,
    /// How many rows pass `filter` (and, with `column`, state it).
    Count,
    /// The smallest value of `column` over the rows that pass `filter`; `rows` names who has it.
    Min,
    /// The largest value of `column` over the rows that pass `filter`; `rows` names who has it.
    Max,
    /// The 1-based place of `rows[0]` by `column`, best first by the column's `better`, ascending without one.
    Rank,
    /// The median of `column` over the rows that pass `filter`.
    Median,
    /// Percent of the rows that pass `filter` among those that state its column, rounded half up.
    Share,
    /// `rows[0]` is at least as good as `rows[1]` in every judged column that both state, better in one.
    Dominates,
    /// How many rows state nothing in `column`; with one row in `rows`: that this row states nothing.
    Missing,
    /// Pearson's correlation of the two columns in `column` (`a~b`), two decimals.
    Correlation,
}

/// A condition on one column, for claims over a part of the table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// The column's name.
    pub column: String,
    /// How the cell is compared.
    pub test: FilterTest,
    /// What it is compared with: a decimal, a category, or `true`/`false`.
    pub value: String,
}

/// The comparisons that a [`Filter`] may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterTest {
    /// Equal to the value.
    Eq,
    /// Strictly less than the value.
    Lt,
    /// At most the value.
    Le,
    /// Strictly more than the value.
    Gt,
    /// At least the value.
    Ge,
}

/// One fact that a page states, computed from the catalogue and checkable against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Unique on the page: `c1`, `c2`, ...; what the draft's markers `[^c1]` name.
    pub id: String,
    /// How the value follows from the table.
    pub op: ClaimOp,
    /// The column's name; empty for a count over whole rows.
    pub column: String,
    /// The names of the products concerned, in the operation's order.
    pub rows: Vec<String>,
    /// Which rows are looked at; all of them where empty. More than one: all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<Filter>,
    /// A decimal without unit or grouping, or the text of a category, date or boolean (`yes`, `no`).
    pub value: String,
    /// The unit as it is written, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The words that state it. In a request: a plain suggestion. Published: an exact substring of the page.
    pub text: String,
}

/// A product that a page speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRef {
    /// The full name, as in the catalogue.
    pub name: String,
    /// A shorter name that is unique in the catalogue, or the full one.
    pub short: String,
}

/// A table as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableBlock {
    /// What the table shows, in one sentence without numbers.
    pub caption: String,
    /// The catalogue column behind each column of the table; the first is the name column.
    pub columns: Vec<String>,
    /// The heading of each column; the first is the product's.
    pub headings: Vec<String>,
    /// The cells, as text, one list a row; the first is the product's full name.
    pub rows: Vec<Vec<String>>,
}

impl TableBlock {
    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Where facts of the page come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The product, or what the source is about.
    pub label: String,
    /// The address as the catalogue states it, where it is a usable one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The date that the catalogue states for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// The parts of a page that are given word for word and only copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocks {
    /// The sentence that discloses how the page earns.
    pub disclosure: String,
    /// The sentence that says who wrote it, and that nothing was tested by hand.
    pub byline: String,
    /// How the page was made: what was compared, by which criterion, what is missing.
    pub method: Vec<String>,
    /// The page's table.
    pub table: TableBlock,
    /// What the page's chart shows of products that its table leaves out. It is drawn, never copied, and a
    /// writer is not sent it.
    #[serde(default, skip_serializing_if = "TableBlock::is_empty")]
    pub chart: TableBlock,
    /// Where the facts come from.
    pub sources: Vec<Source>,
}

/// What the CMO asks of the writer: one page, with every fact that it may state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRequest {
    /// `va.content-request/1`.
    pub schema: String,
    /// Names the draft: `drafts/<content_id>.md`.
    pub content_id: String,
    /// `posts/<slug>.html`.
    pub slug: String,
    /// The page's kind.
    pub kind: PageKind,
    /// What the page is about, in a few words.
    pub topic: String,
    /// The page's heading, without markup.
    pub title: String,
    /// The one question that the page answers.
    pub question: String,
    /// What makes this page different from its neighbours.
    pub angle: String,
    /// Two sentences at most that answer the question: ids of the claims that they rest on.
    pub answer: Vec<String>,
    /// Words wanted, 120 to 2000; the draft stays within 20 %.
    pub word_count: u32,
    /// Tags, lowercase words; a tag page exists where three pages share one.
    pub tags: Vec<String>,
    /// Background for the writer, below 2000 characters; data, never instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_context: Option<String>,
    /// The page's number, from 1: its place in the first plan that had it. It gives the page its own wording.
    pub page: u32,
    /// The site's name, for titles.
    pub site_name: String,
    /// Who reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How it sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// Phrases that must not occur.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub banned_phrases: Vec<String>,
    /// The products that may be named.
    pub products: Vec<ProductRef>,
    /// How many products the whole catalogue lists.
    pub field_size: u32,
    /// Every fact that may be stated in prose, in the order in which the page argues.
    pub claims: Vec<Claim>,
    /// What is copied word for word.
    pub blocks: Blocks,
    /// Other pages of the site that may be named: slug and title.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedPage>,
    /// The day whose facts these are.
    pub as_of: Date,
}

/// Another page of the same plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedPage {
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// A topic that was considered and not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedTopic {
    /// What the page would have been about.
    pub topic: String,
    /// Why it is not written.
    pub reason: String,
}

/// Whether a reviewed thing may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may.
    Approved,
    /// It may not; the findings say why.
    Rejected,
}

/// Marks from 0 to 5, in tenths, so that no float enters an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    /// Sentences that can be read at once.
    pub readability: u32,
    /// The page answers its question.
    pub intent_match: u32,
    /// The page is not another page again.
    pub uniqueness: u32,
    /// Title, headings and length as search engines expect them.
    pub seo_score: u32,
    /// Tone, banned phrases, disclosure.
    pub brand_fit: u32,
}

impl Rubric {
    /// The five marks, in the order of the fields.
    #[must_use]
    pub fn marks(&self) -> [u32; 5] {
        [
            self.readability,
            self.intent_match,
            self.uniqueness,
            self.seo_score,
            self.brand_fit,
        ]
    }

    /// A mean of at least 4.0 with no mark under 3.0.
    #[must_use]
    pub fn passes(&self) -> bool {
        let marks = self.marks();
        marks.iter().sum::<u32>() >= 200 && marks.iter().all(|&m| m >= 30)
    }
}

/// One thing that a reviewer found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable name: `number_unproven`, `disclosure_missing`, ...
    pub code: String,
    /// `error` rejects; `warning` is only told.
    pub severity: Severity,
    /// Where: a line of the draft (`line 12`), a file, or a claim's id.
    pub r#where: String,
    /// What is wrong and what would be right, in one sentence; the writer is given it.
    pub text: String,
}

/// How much a [`Finding`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Rejects.
    Error,
    /// Is told.
    Warning,
}

/// A reviewer's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Approved only without errors and with a rubric that passes.
    pub verdict: Verdict,
    /// Marks from 0 to 50 (tenths); printed as 0.0 to 5.0.
    pub rubric: Rubric,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
}
