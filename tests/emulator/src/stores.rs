//! A table and a bucket alone, for what tests the ports and no company.

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
        Projection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    },
};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use va_agents::manifest::Table;

use crate::{EmulatorError, call, clients::REGION};

/// A bucket.
///
/// # Errors
/// Where the call is refused.
pub async fn create_bucket(client: &aws_sdk_s3::Client, name: &str) -> Result<(), EmulatorError> {
    let region = CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::from(REGION))
        .build();
    client
        .create_bucket()
        .bucket(name)
        .create_bucket_configuration(region)
        .send()
        .await
        .map_err(call(format!("the bucket {name}")))?;
    Ok(())
}

/// The table of commits, with its stream and the sparse index of deadlines.
///
/// # Errors
/// Where the call is refused.
pub async fn create_table(client: &Client, table: &Table, name: &str) -> Result<(), EmulatorError> {
    let failed = || format!("the table {name}");
    let text = ScalarAttributeType::S;
    let attributes = [
        (table.partition_key.as_str(), text.clone()),
        (&table.sort_key, text.clone()),
        (&table.index.partition_key, text),
        (&table.index.sort_key, ScalarAttributeType::N),
    ];
    let attributes: Result<Vec<_>, BuildError> = attributes
        .into_iter()
        .map(|(name, kind)| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(kind)
                .build()
        })
        .collect();
    let index = GlobalSecondaryIndex::builder()
        .index_name(&table.index.name)
        .set_key_schema(Some(
            keys(&table.index.partition_key, &table.index.sort_key).map_err(call(failed()))?,
        ))
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::Include)
                .set_non_key_attributes(Some(table.index.include.clone()))
                .build(),
        )
        .build()
        .map_err(call(failed()))?;
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(table.stream.as_str()))
        .build()
        .map_err(call(failed()))?;
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.map_err(call(failed()))?))
        .set_key_schema(Some(
            keys(&table.partition_key, &table.sort_key).map_err(call(failed()))?,
        ))
        .global_secondary_indexes(index)
        .stream_specification(stream)
        .send()
        .await
        .map_err(call(failed()))?;
    for _ in 0..100 {
        let described = client
            .describe_table()
            .table_name(name)
            .send()
            .await
            .map_err(call(failed()))?;
        let status = described.table.and_then(|table| table.table_status);
        if status == Some(aws_sdk_dynamodb::types::TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    Err(EmulatorError::Machine {
        what: format!("the table {name} does not become active"),
        source: None,
    })
}

fn keys(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
        })
        .collect()
}
