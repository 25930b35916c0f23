//! `data/<slug>.json`: what an article claims, its texts borrowed from the file.

use std::{borrow::Cow, ops::Deref};

use jiff::civil::Date;
use serde::Deserialize;
use va_domain::{
    content::{ClaimOp, FilterTest, Source},
    revision::Changes,
};

/// The claims of an article.
#[derive(Debug, Deserialize)]
pub(crate) struct ClaimsFile<'s> {
    #[serde(borrow)]
    pub question: Text<'s>,
    pub claims: Vec<Claim<'s>>,
    #[serde(default)]
    pub sources: Vec<Source>,
    #[serde(default)]
    pub changes: Option<Changes>,
    #[serde(rename = "as_of")]
    _as_of: Date,
}

/// A [`va_domain::content::Claim`] as it is published.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim<'s> {
    #[serde(borrow)]
    pub id: Text<'s>,
    pub op: ClaimOp,
    pub column: Text<'s>,
    pub rows: Vec<Text<'s>>,
    #[serde(default)]
    pub filter: Vec<Filter<'s>>,
    pub value: Text<'s>,
    #[serde(default)]
    pub unit: Option<Text<'s>>,
    pub text: Text<'s>,
}

/// A [`va_domain::content::Filter`] as it is published.
#[derive(Debug, Deserialize)]
pub(crate) struct Filter<'s> {
    #[serde(borrow, rename = "column")]
    _column: Text<'s>,
    #[serde(rename = "test")]
    _test: FilterTest,
    pub value: Text<'s>,
}

/// A text, copied only where an escape stands in it.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub(crate) struct Text<'s>(#[serde(borrow)] Cow<'s, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Reads a claims file.
pub(crate) fn read(bytes: &[u8]) -> serde_json::Result<ClaimsFile<'_>> {
    // Text that is known to be UTF-8 is read faster.
    std::str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_borrowed_unless_they_are_escaped() {
        let file = br#"{
            "question": "A or \"B\"?", "as_of": "2026-11-20",
            "claims": [{"id": "c1", "op": "value", "column": "price", "rows": ["A"], "value": "4.5", "text": "It costs EUR 4.5."}]
        }"#;
        let read = read(file).unwrap();
        assert!(matches!(&read.question.0, Cow::Owned(text) if text == "A or \"B\"?"));
        assert!(matches!(
            read.claims[0].text.0,
            Cow::Borrowed("It costs EUR 4.5.")
        ));
        assert!(matches!(read.claims[0].rows[0].0, Cow::Borrowed("A")));
    }

    #[test]
    fn what_is_wrong_with_a_claim_is_said_as_of_any_claim() {
        for claim in [
            r#"{"id": "c1", "op": "value"}"#,
            r#"{"id": "c1", "op": "guess", "column": "", "rows": [], "value": "", "text": ""}"#,
            r#"{"id": 1, "op": "value", "column": "", "rows": [], "value": "", "text": ""}"#,
            r#"{"id": "", "op": "value", "column": "", "rows": [2], "value": "", "text": ""}"#,
            r#"{"id": "", "op": "value", "column": "", "rows": [], "unit": 2, "value": "", "text": ""}"#,
            r#"{"id": "", "op": "value", "column": "", "rows": [], "filter": [{"column": ""}], "value": "", "text": ""}"#,
            r#""c1""#,
        ] {
            let here = serde_json::from_str::<Claim>(claim).unwrap_err();
            let there = serde_json::from_str::<va_domain::content::Claim>(claim).unwrap_err();
            assert_eq!(here.to_string(), there.to_string());
        }
    }
}
