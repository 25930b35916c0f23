//! The reviewer: recomputes what a writer claims, with code of its own.
//!
//! Nothing here is shared with the writer but the documents of `va_domain::content` and the catalogue. What
//! the two must agree on is said here once.
//!
//! - **Length.** A draft's words are what stands between white space in its title, headings, paragraphs and
//!   list items as rendered, markers left out. Disclosure, byline, table, caption, method and sources (with
//!   their headings) do not count. It stays within 20 % of `word_count`.
//! - **Sentences.** A sentence ends with `.`, `!`, `?` or `…`, where the text ends, a marker stands or a
//!   blank and no lower-case letter follow; never inside a product's name. Markers stand directly after.
//! - **Numbers.** Each is a value or a filter's bound of a claim that its own sentence cites, with that
//!   claim's unit; a date of a source, of a claim or `as_of`; or part of a name, of a category that the
//!   sentence's claims state, or of a link's text. Numbers in words count from three (`all three` and `the
//!   three` only refer), below with a unit, `times`, `percent` or as a fraction; ordinals from the third. In
//!   headings and method items any claim of the request proves. A difference or correlation may be written
//!   without its sign.
//! - **Markers.** A sentence without one holds no number, superlative or comparison, and names a product only
//!   to advise, to ask or to point somewhere.
//! - **Products.** Who is named stands in the `rows` of a cited claim; a claim about one product is cited
//!   where that product is named, or referred to by a pronoun. Each figure of one product stands after its
//!   name, before it, or in the order of the names.
//! - **Claims used.** At least 8 of the request's claims, or all; one of `answer` in the first two sentences;
//!   at most a quarter of the sentences without a marker, the last one and those that only link not counted.
//! - **Marks.** Readability: Flesch's reading ease from 50 to 80 and 8 to 22 words a sentence, with each name
//!   as one short word. Uniqueness: seven different skeletons in ten sentences. All marks are tenths.
//!
//! Where a catalogue names two rows alike, the first is meant.
//!
//! | code | severity | meaning |
//! | --- | --- | --- |
//! | `number_unproven` | error | A number that no claim of its sentence proves. |
//! | `number_script` | error | Digits that are not plain ones. |
//! | `date_unproven` | error | A date that no source and no claim states. |
//! | `unit_changed` | error | A number carries another unit than its claim, or none. |
//! | `claim_wrong` | error | A claim's value does not follow from the catalogue. |
//! | `claim_unit` | error | A claim's unit is not its column's. |
//! | `claim_invalid` | error | A claim names a row, column or filter that cannot be computed. |
//! | `product_swapped` | error | A sentence gives a product's fact to another product. |
//! | `direction_wrong` | error | A comparison points the wrong way. |
//! | `column_swapped` | error | A sentence speaks of another column than its claims. |
//! | `product_unknown` | error | A product that the request does not list. |
//! | `name_unlisted` | warning | A capitalised word that neither request nor catalogue has. |
//! | `marker_unknown` | error | A marker that names no claim of the request. |
//! | `marker_missing` | error | A sentence states a fact without a marker. |
//! | `marker_misplaced` | warning | A marker does not follow the end of its sentence. |
//! | `superlative_unproven` | error | A superlative without a claim that ranks. |
//! | `judged_without_criterion` | error | Praise by a column that has no better direction. |
//! | `title_altered` | error | The title is missing or not the request's. |
//! | `disclosure_missing` | error | The disclosure is missing, altered or not on top. |
//! | `byline_missing` | error | The byline is missing, altered or not the last paragraph. |
//! | `method_altered` | error | The method is not word for word. |
//! | `sources_altered` | error | The sources are not the request's. |
//! | `table_altered` | error | The table is not the request's. |
//! | `table_wrong` | error | A cell of the request's table is not the catalogue's. |
//! | `link_in_heading` | error | A heading carries a link. |
//! | `marker_in_heading` | error | A heading carries a marker. |
//! | `link_foreign` | error | A link to what is neither a source nor a related page. |
//! | `raw_html` | error | Markup other than plain Markdown. |
//! | `image` | error | An image. |
//! | `code_block` | error | Code or a quotation, which a page has no use for. |
//! | `experience` | error | Experience, users' opinions, tests, ratings or awards that nobody has. |
//! | `availability` | error | Stock, current prices, discounts or guarantees. |
//! | `hype` | error | Praise that no figure proves. |
//! | `contact_details` | error | A telephone number, an e-mail address or a bare web address. |
//! | `injection` | error | Instructions to a reader or to a model. |
//! | `off_topic` | error | Text that is not about what the page is about. |
//! | `claims_sparse` | error | Too many sentences state nothing. |
//! | `claims_unused` | error | Too few of the request's claims are cited. |
//! | `answer_late` | error | The first two sentences do not answer the question. |
//! | `length` | error | The length is not within 20 % of the wanted words. |
//! | `banned_phrase` | error | A phrase that the board bans. |
//! | `sentence_repeated` | error | The same sentence twice. |
//! | `copied_text` | error | Twelve words or more of a catalogue text, word for word. |
//! | `template_residue` | error | What a template leaves behind. |
//! | `hidden_characters` | error | Characters that are not seen or that mix scripts. |
//! | `rubric_low` | error | The marks are too low. |
//! | `near_copy` | error | A page of the same set says nearly the same. |
//! | `same_title` | error | Two pages of a set share title or slug. |
//! | `same_opening` | error | Two pages of a set open alike. |
//! | `opening_alike` | warning | Two pages of a set begin with the same kind of sentence. |
//! | `html_broken` | error | A page or feed is not well-formed. |
//! | `page_incomplete` | error | A page lacks its language, title, main part or single heading. |
//! | `link_broken` | error | A link or fragment leads nowhere. |
//! | `feed_wrong` | error | The feed does not list exactly the articles. |
//! | `sitemap_wrong` | error | The sitemap does not list exactly the pages. |
//! | `tag_missing` | error | A merchant link without the programme's tag. |
//! | `host_foreign` | error | A link to a host that the goal does not allow. |
//! | `merchant_twice` | error | A merchant's address twice in one article. |
//! | `rel_missing` | error | A merchant link that does not say sponsored. |
//! | `external_resource` | error | A page loads something from elsewhere. |
//! | `claims_file` | error | An article's claims are missing or unreadable. |
//! | `claim_text` | error | A claim's text does not stand on its page. |
//! | `redirect_wrong` | error | A page that is gone does not lead to one that stands. |
//! | `change_wrong` | error | What a page says of what changed is not so. |
//! | `page_missing` | error | A planned page is missing, or an unplanned one exists. |

mod blocks;
mod code;
mod direction;
mod draft;
mod field;
mod figures;
mod filter;
mod fingerprint;
mod hashes;
mod lexicon;
mod marks;
mod names;
mod page;
mod phrases;
mod proof;
mod reader;
mod recompute;
mod residue;
mod review;
mod sense;
mod sentences;
mod site;
mod slots;
mod spelled;
mod style;
mod verify;
mod words;

use va_catalogue::Catalogue;
use va_domain::content::{ContentRequest, Review};

pub use code::Code;
pub use field::Field;
pub use fingerprint::{Fingerprint, clashes};
pub use recompute::recompute;
pub use site::{
    ExpectedPage, Merchant, PageBefore, Revised, RevisedPage, SiteExpectation, check_site,
};

/// Reviews one draft on its own.
#[must_use]
pub fn review_draft(draft: &str, request: &ContentRequest, catalogue: &Catalogue) -> Review {
    Field::of(catalogue).review(draft, request)
}
