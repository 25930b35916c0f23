//! From a table of facts to claims, pages and sites.
//!
//! The modules follow the way of a fact: [`field`] reads the table, [`facts`] computes claims from it, [`pages`]
//! finds the questions that claims can answer, [`plan`] decides which of them are pages, [`prose`] words
//! the claims of one page, [`link`] sets the merchants' links, and [`site`] makes the files. What becomes of the pages of an earlier plan says [`revision`].
//! Nothing here has a clock, a random number or an input other than its arguments.

mod blocks;
mod escape;
mod facts;
mod field;
pub mod link;
mod pages;
mod plan;
pub mod prompt;
mod prose;
pub mod revision;
pub mod site;
mod words;

pub use plan::{PlanInput, Topics, plan_topics, plan_topics_after};
pub use prose::offline_answer;

#[cfg(test)]
mod testing;
