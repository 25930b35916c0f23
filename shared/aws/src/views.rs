//! Read models: documents about one stream each, in a partition of their own, put if newer.
//!
//! | attribute | type | holds |
//! | --- | --- | --- |
//! | `PK`, `SK` | text | `<company>#view:<generation>#<view>`, and the stream |
//! | `version` | number | the stream's version that the document was made from |
//! | `doc` | text | the document, JSON |
//!
//! No stream can be called `view:...`, so what reads commits never meets a view, and the right to write views is
//! no right to append. A new generation stands beside the old one until readers have moved.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError, types::AttributeValue};
use va_domain::ids::{StreamId, kind};
use va_runtime::ports::PortError;

use crate::{
    error::{damaged, port_error},
    layout::attr,
};

/// The types of stream that views are made of.
pub const VIEWED: &[&str] = &[kind::GOAL, kind::INCIDENT];

const VERSION: &str = "version";
const DOCUMENT: &str = "doc";

/// One generation of the views of one company.
#[derive(Clone, Debug)]
pub struct Views {
    client: Client,
    table: String,
    company: String,
    generation: u32,
}

impl Views {
    /// The views of this company in this table.
    #[must_use]
    pub fn new(client: Client, table: String, company: &str, generation: u32) -> Self {
        Self {
            client,
            table,
            company: company.to_owned(),
            generation,
        }
    }

    fn partition(&self, view: &str) -> AttributeValue {
        AttributeValue::S(format!("{}#view:{}#{view}", self.company, self.generation))
    }

    fn key(&self, view: &str, stream: &StreamId) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (attr::PK.to_owned(), self.partition(view)),
            (
                attr::SK.to_owned(),
                AttributeValue::S(stream.as_str().to_owned()),
            ),
        ])
    }

    /// Puts a document, unless one of the same or a newer version stands; answers whether it was put.
    ///
    /// # Errors
    /// Where the table cannot take it.
    pub async fn put(
        &self,
        view: &str,
        stream: &StreamId,
        version: u64,
        document: String,
    ) -> Result<bool, PortError> {
        let number = AttributeValue::N(version.to_string());
        let mut item = self.key(view, stream);
        item.insert(VERSION.to_owned(), number.clone());
        item.insert(DOCUMENT.to_owned(), AttributeValue::S(document));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#p) OR #v < :v")
            .expression_attribute_names("#p", attr::PK)
            .expression_attribute_names("#v", VERSION)
            .expression_attribute_values(":v", number)
            .send()
            .await;
        match put {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(port_error(
                format!("the view {view} of {stream} cannot be put"),
                error,
            )),
        }
    }

    /// The document of a stream; `None` where none was made yet.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn get(&self, view: &str, stream: &StreamId) -> Result<Option<String>, PortError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(self.key(view, stream)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| port_error(format!("the view {view} of {stream} cannot be read"), e))?;
        answer.item.map(document).transpose()
    }

    /// Every document of a view, by stream.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn all(&self, view: &str) -> Result<Vec<String>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#p = :p")
            .expression_attribute_names("#p", attr::PK)
            .expression_attribute_values(":p", self.partition(view))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut documents = Vec::new();
        while let Some(item) = pages.next().await {
            let item =
                item.map_err(|e| port_error(format!("the view {view} cannot be read"), e))?;
            documents.push(document(item)?);
        }
        Ok(documents)
    }
}

fn document(mut item: HashMap<String, AttributeValue>) -> Result<String, PortError> {
    match item.remove(DOCUMENT) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(damaged("a view has no document")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stream_can_be_called_like_a_view() {
        assert!(StreamId::new("view:1", "goals").is_err());
        assert!(crate::layout::stream_of("acme", "acme#view:1#goals").is_none());
    }
}
