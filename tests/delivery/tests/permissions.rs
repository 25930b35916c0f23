//! What functions may do is what they do: the calls of a whole goal, recorded by the proxy, against the manifest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use va_delivery::costs::measured;

/// Rights that a service uses in the function's name, and no code of ours: Lambda reads queues and streams for it.
const POLLERS: [&str; 7] = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

/// Rights that a goal without trouble does not need, by function (`*`: every one), each with what it is for.
const TROUBLE: &[(&str, &str, &str)] = &[
    (
        "*",
        "dynamodb:GetItem",
        "the answer of an append was lost: is the commit there?",
    ),
    (
        "*",
        "s3:ListBucket",
        "without it a blob that is missing cannot be told from one that is forbidden",
    ),
    (
        "*",
        "s3:GetObject",
        "a state that is too large for its commit is a blob",
    ),
    (
        "cfo",
        "s3:PutObject",
        "a month's state that is too large for its commit",
    ),
    (
        "ceo",
        "s3:DeleteObject",
        "files of a report that the new one has not",
    ),
    (
        "publisher",
        "s3:DeleteObject",
        "files of a site that the new one has not",
    ),
    (
        "clock",
        "dynamodb:UpdateItem",
        "a deadline that has passed is moved on",
    ),
    ("clock", "sqs:SendMessage", "and its owner is rung"),
    (
        "notary",
        "dynamodb:PutItem",
        "a commit that was changed is an incident",
    ),
    (
        "notary",
        "dynamodb:Query",
        "what was sealed is compared with what stands",
    ),
    (
        "notary",
        "sqs:SendMessage",
        "records that could not be sealed are set aside",
    ),
];

/// Functions that a goal of the command line does not call: the emulator's tests of the door and of alarms do.
const ELSEWHERE: [&str; 2] = ["api", "cto"];

/// The actions that the manifest gives each function, by its role or by what it is.
fn given() -> BTreeMap<String, BTreeSet<String>> {
    let text =
        std::fs::read_to_string(xtask::root().join("terraform/agents.json")).expect("the manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    let agents = manifest["agents"].as_array().expect("agents").iter();
    let agents = agents.map(|agent| (agent["role"].as_str().expect("a role"), &agent["function"]));
    let others = manifest.as_object().expect("an object").iter();
    let others = others.filter_map(|(name, entry)| Some((name.as_str(), entry.get("function")?)));
    agents
        .chain(others)
        .map(|(name, function)| {
            let permissions = function["permissions"].as_array().into_iter().flatten();
            let actions =
                permissions.flat_map(|one| one["actions"].as_array().into_iter().flatten());
            let actions = actions
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            (name.to_owned(), actions)
        })
        .collect()
}

#[test]
fn no_function_calls_what_it_was_not_given_and_none_is_given_what_nothing_needs() {
    let measured = measured().expect("measured");
    let mut called: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for call in measured.calls.iter().chain(&measured.tick) {
        called
            .entry(&call.function)
            .or_default()
            .insert(&call.action);
    }
    let given = given();
    for (function, actions) in &called {
        for action in actions {
            assert!(
                given[*function].contains(*action),
                "{function} calls {action} and may not"
            );
        }
    }
    for (function, actions) in given
        .iter()
        .filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()))
    {
        let used = called.get(function.as_str());
        for action in actions.iter().map(String::as_str) {
            let known = used.is_some_and(|used| used.contains(action))
                || POLLERS.contains(&action)
                || TROUBLE
                    .iter()
                    .any(|(who, what, _)| *what == action && (*who == "*" || *who == function));
            assert!(known, "{function} may {action}; nothing needs it");
        }
    }
}

#[test]
fn nobody_may_remove_scan_or_rewrite_and_the_clock_alone_updates() {
    for (function, actions) in given() {
        for action in actions
            .iter()
            .filter(|action| action.starts_with("dynamodb:"))
        {
            let harmful = ["Delete", "Batch", "Scan", "PartiQL"]
                .iter()
                .any(|word| action.contains(word));
            assert!(!harmful, "{function} may {action}");
            assert!(
                !action.ends_with(":UpdateItem") || function == "clock",
                "{function} may {action}"
            );
        }
    }
}
