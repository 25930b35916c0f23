//! What a call to AWS is, and what it is charged as.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Request;

/// Bytes of a write unit, and of a read unit.
const WRITE_UNIT: usize = 1024;
const READ_UNIT: usize = 4096;
/// Bytes of an event that are charged as one.
const EVENT: usize = 64 * 1024;

/// One call, or several of the same kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who made it.
    pub function: String,
    /// As a policy names it.
    pub action: String,
    /// On what, in the manifest's words with names filled in; an object with its whole key.
    #[serde(skip)]
    pub resource: String,
    /// How many there were.
    pub count: u64,
    /// Write units of the table and of its index.
    pub write_units: u64,
    /// Halves of read units: a read that need not be the newest takes one.
    pub read_halves: u64,
    /// Events, each begun 64 KB once.
    pub events: u64,
    /// Bytes of the requests' bodies.
    pub bytes_sent: u64,
    /// Bytes of the answers' bodies.
    pub bytes_received: u64,
    /// The roles that each event is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Vec<String>>,
}

/// The calls, and what is known of the items that they wrote.
#[derive(Debug, Default)]
pub struct Ledger {
    calls: Vec<Call>,
    /// The bytes of each item, by partition and sort key.
    items: BTreeMap<(String, String), usize>,
}

impl Ledger {
    /// Takes all calls out.
    pub fn take(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.calls)
    }

    /// Notes a call and its answer.
    pub fn note(&mut self, function: &str, request: &Request, answer: &[u8]) {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let answered: Value = serde_json::from_slice(answer).unwrap_or_default();
        let mut call = Call {
            function: function.to_owned(),
            action: action(request),
            resource: resource(request, &asked),
            count: 1,
            bytes_sent: request.body.len() as u64,
            bytes_received: answer.len() as u64,
            ..Call::default()
        };
        match call.action.as_str() {
            "dynamodb:PutItem" => call.write_units = self.put(&asked["Item"]),
            // The table's item and, where its deadline moves, the index's old and new entry.
            "dynamodb:UpdateItem" => {
                call.write_units = 2 + units(self.known(&asked["Key"]), WRITE_UNIT)
            }
            "dynamodb:GetItem" => {
                let bytes = size(&answered["Item"]).max(self.known(&asked["Key"]));
                call.read_halves = halves(bytes, &asked);
            }
            "dynamodb:Query" => call.read_halves = halves(self.read(&asked, &answered), &asked),
            "events:PutEvents" => {
                for entry in asked["Entries"].as_array().into_iter().flatten() {
                    let detail = entry["Detail"].as_str().unwrap_or_default();
                    call.events += units(detail.len(), EVENT);
                    let detail: Value = serde_json::from_str(detail).unwrap_or_default();
                    let to = detail["to"].as_array().into_iter().flatten();
                    call.told
                        .push(to.filter_map(Value::as_str).map(str::to_owned).collect());
                }
            }
            _ => {}
        }
        self.calls.push(call);
    }

    /// The write units of an item, with those of the index where the item has a deadline.
    fn put(&mut self, item: &Value) -> u64 {
        let bytes = size(item);
        self.items.insert(key(item), bytes);
        units(bytes, WRITE_UNIT) + u64::from(item.get("due_shard").is_some())
    }

    /// The bytes of an item that was written before.
    fn known(&self, of: &Value) -> usize {
        self.items.get(&key(of)).copied().unwrap_or_default()
    }

    /// The bytes that a query reads: whole items, also where it is answered with a part of each.
    fn read(&self, asked: &Value, answered: &Value) -> usize {
        let items = answered["Items"].as_array();
        let whole: usize = items.into_iter().flatten().map(size).sum();
        if asked.get("ProjectionExpression").is_none() {
            return whole;
        }
        let count = answered["ScannedCount"]
            .as_u64()
            .or(answered["Count"].as_u64())
            .unwrap_or_default();
        let values = asked["ExpressionAttributeValues"].as_object();
        let partitions = values
            .into_iter()
            .flatten()
            .filter_map(|(_, value)| value["S"].as_str());
        let largest = partitions
            .flat_map(|partition| {
                self.items
                    .iter()
                    .filter(move |((pk, _), _)| pk == partition)
            })
            .map(|(_, bytes)| *bytes)
            .max();
        whole.max(largest.unwrap_or_default() * usize::try_from(count).unwrap_or_default())
    }
}

/// The action of a request, as policies name it.
fn action(request: &Request) -> String {
    if let Some(target) = request.headers.get("x-amz-target") {
        let (service, action) = target.split_once('.').unwrap_or((target, ""));
        let service = match service {
            "AWSEvents" => "events",
            "TrentService" => "kms",
            name if name.starts_with("DynamoDB") => "dynamodb",
            name if name.starts_with("AmazonSQS") => "sqs",
            name => name,
        };
        return format!("{service}:{action}");
    }
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let has_key = path
        .trim_start_matches('/')
        .split_once('/')
        .is_some_and(|(_, key)| !key.is_empty());
    let action = match (request.method.as_str(), has_key) {
        ("PUT", true) if query.contains("retention") => "PutObjectRetention",
        ("PUT", true) => "PutObject",
        ("GET" | "HEAD", true) => "GetObject",
        ("GET" | "HEAD", false) => "ListBucket",
        ("DELETE", true) | ("POST", false) => "DeleteObject",
        _ => "Unknown",
    };
    format!("s3:{action}")
}

/// What a request is about, in the manifest's words.
fn resource(request: &Request, asked: &Value) -> String {
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    if !request.headers.contains_key("x-amz-target") {
        let path = request.target.split('?').next().unwrap_or_default();
        return match path.trim_matches('/').split_once('/') {
            Some((bucket, key)) => format!("objects:{bucket}/{key}"),
            None => format!("bucket:{}", path.trim_matches('/')),
        };
    }
    match action(request).split(':').next() {
        Some("dynamodb") if text("IndexName").is_empty() => format!("table:{}", text("TableName")),
        Some("dynamodb") => format!("index:{}/{}", text("TableName"), text("IndexName")),
        Some("sqs") => format!(
            "queue:{}",
            text("QueueUrl").rsplit('/').next().unwrap_or_default()
        ),
        Some("events") => {
            let bus = asked["Entries"][0]["EventBusName"].as_str();
            format!("bus:{}", bus.unwrap_or("default"))
        }
        Some("kms") => format!("key:{}", text("KeyId")),
        _ => String::new(),
    }
}

fn key(item: &Value) -> (String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (text("PK"), text("SK"))
}

/// At least one.
fn units(bytes: usize, unit: usize) -> u64 {
    bytes.div_ceil(unit).max(1) as u64
}

fn halves(bytes: usize, asked: &Value) -> u64 {
    let newest = asked["ConsistentRead"].as_bool() == Some(true);
    units(bytes, READ_UNIT) * if newest { 2 } else { 1 }
}

/// The bytes of an item, as DynamoDB counts them: names and values.
fn size(item: &Value) -> usize {
    let attributes = item.as_object().into_iter().flatten();
    attributes
        .map(|(name, value)| name.len() + value_size(value))
        .sum()
}

fn value_size(value: &Value) -> usize {
    let Some((kind, inner)) = value.as_object().and_then(|parts| parts.iter().next()) else {
        return 0;
    };
    match (kind.as_str(), inner) {
        ("S", Value::String(text)) => text.len(),
        // Two digits a byte, and one for the rest.
        ("N", Value::String(digits)) => digits.len().div_ceil(2) + 1,
        ("B", Value::String(base64)) => base64.len() / 4 * 3,
        ("L", Value::Array(all)) => 3 + all.iter().map(|one| 1 + value_size(one)).sum::<usize>(),
        ("M", map) => 3 + map.as_object().map_or(0, serde_json::Map::len) + size(map),
        ("SS" | "NS" | "BS", Value::Array(all)) => {
            all.iter().filter_map(Value::as_str).map(str::len).sum()
        }
        _ => 1,
    }
}

/// Calls of the same function and action as one, in order.
#[must_use]
pub fn summed(calls: &[Call]) -> Vec<Call> {
    let mut sums: BTreeMap<(String, String), Call> = BTreeMap::new();
    for call in calls {
        let sum = sums
            .entry((call.function.clone(), call.action.clone()))
            .or_insert_with(|| Call {
                function: call.function.clone(),
                action: call.action.clone(),
                ..Call::default()
            });
        sum.count += call.count;
        sum.write_units += call.write_units;
        sum.read_halves += call.read_halves;
        sum.events += call.events;
        sum.bytes_sent += call.bytes_sent;
        sum.bytes_received += call.bytes_received;
    }
    sums.into_values().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn dynamodb(action: &str, body: &Value) -> Request {
        Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: BTreeMap::from([(
                "x-amz-target".to_owned(),
                format!("DynamoDB_20120810.{action}"),
            )]),
            body: body.to_string().into_bytes(),
        }
    }

    fn note(ledger: &mut Ledger, request: &Request, answer: &Value) -> Call {
        ledger.note("f", request, answer.to_string().as_bytes());
        ledger.take().remove(0)
    }

    #[test]
    fn a_write_is_charged_by_the_kilobyte_and_a_deadline_by_one_more() {
        let mut ledger = Ledger::default();
        let item =
            json!({ "PK": { "S": "p" }, "SK": { "S": "1" }, "body": { "S": "x".repeat(1500) } });
        let put = note(
            &mut ledger,
            &dynamodb("PutItem", &json!({ "Item": item })),
            &json!({}),
        );
        assert_eq!(
            (put.action.as_str(), put.write_units),
            ("dynamodb:PutItem", 2)
        );
        let due = json!({ "PK": { "S": "p" }, "SK": { "S": "2" }, "due_shard": { "S": "0" }, "due": { "N": "17" } });
        let put = note(
            &mut ledger,
            &dynamodb("PutItem", &json!({ "Item": due })),
            &json!({}),
        );
        assert_eq!(put.write_units, 2);
    }

    #[test]
    fn a_query_is_charged_for_whole_items_also_where_it_is_answered_with_parts() {
        let mut ledger = Ledger::default();
        let item =
            json!({ "PK": { "S": "p" }, "SK": { "S": "1" }, "body": { "S": "x".repeat(9000) } });
        note(
            &mut ledger,
            &dynamodb("PutItem", &json!({ "Item": item })),
            &json!({}),
        );
        let asked = json!({ "ProjectionExpression": "#p", "ConsistentRead": true, "ExpressionAttributeValues": { ":p": { "S": "p" } } });
        let answered = json!({ "Count": 1, "Items": [{ "PK": { "S": "p" } }] });
        let query = note(&mut ledger, &dynamodb("Query", &asked), &answered);
        assert_eq!(query.read_halves, 6);
    }

    #[test]
    fn every_kind_of_request_has_the_name_that_policies_have() {
        let s3 = |method: &str, target: &str| {
            action(&Request {
                method: method.to_owned(),
                target: target.to_owned(),
                ..Request::default()
            })
        };
        assert_eq!(s3("PUT", "/bucket/a/b?x-id=PutObject"), "s3:PutObject");
        assert_eq!(s3("GET", "/bucket/a/b"), "s3:GetObject");
        assert_eq!(s3("GET", "/bucket?list-type=2"), "s3:ListBucket");
        assert_eq!(s3("DELETE", "/bucket/a"), "s3:DeleteObject");
        assert_eq!(action(&dynamodb("Query", &json!({}))), "dynamodb:Query");
    }

    #[test]
    fn every_request_says_what_it_is_about_as_the_manifest_does() {
        let about = |request: &Request| {
            let asked = serde_json::from_slice(&request.body).unwrap_or_default();
            resource(request, &asked)
        };
        let s3 = |target: &str| Request {
            method: "GET".to_owned(),
            target: target.to_owned(),
            ..Request::default()
        };
        assert_eq!(about(&s3("/bucket/a/b?x=1")), "objects:bucket/a/b");
        assert_eq!(about(&s3("/bucket?list-type=2")), "bucket:bucket");
        let mut query = json!({ "TableName": "t" });
        assert_eq!(about(&dynamodb("Query", &query)), "table:t");
        query["IndexName"] = "due".into();
        assert_eq!(about(&dynamodb("Query", &query)), "index:t/due");
        let mut send = dynamodb("X", &json!({ "QueueUrl": "http://localhost/1/q" }));
        let target = "AmazonSQS.SendMessage".to_owned();
        send.headers.insert("x-amz-target".to_owned(), target);
        assert_eq!(about(&send), "queue:q");
    }

    #[test]
    fn events_are_counted_by_64_kb_and_say_whom_they_are_for() {
        let mut ledger = Ledger::default();
        let detail = json!({ "to": ["ceo", "cfo"], "x": "y".repeat(70_000) }).to_string();
        let mut request = dynamodb("PutEvents", &json!({ "Entries": [{ "Detail": detail }] }));
        request
            .headers
            .insert("x-amz-target".to_owned(), "AWSEvents.PutEvents".to_owned());
        let call = note(&mut ledger, &request, &json!({}));
        assert_eq!((call.action.as_str(), call.events), ("events:PutEvents", 2));
        assert_eq!(call.told, [["ceo", "cfo"]]);
    }
}
