//! Which items of the journal each function touches: a table of requests before the policies that Terraform plans. That
//! functions call what they may, and nothing else, is a test on the emulator, which looks at no key.

use serde_json::Value;
use va_agents::manifest::manifest;
use va_delivery::policy::{Context, allows};
use va_emulator::{Stage, functions};

const OWN: &str = "virtualagentics";
const PUT: &str = "dynamodb:PutItem";
const QUERY: &str = "dynamodb:Query";
const UPDATE: &str = "dynamodb:UpdateItem";

/// A function, what it asks for, the item's partition after its company, and whether it may.
const TABLE: &[(&str, &str, &str, bool)] = &[
    ("ceo", PUT, "#goal#x", true),
    ("ceo", PUT, "#month#2026-11", false),
    ("ceo", PUT, "#board#x", false),
    ("ceo", PUT, "#goals#x", false),
    ("ceo", PUT, "-two#goal#x", false),
    ("ceo", QUERY, "#month#2026-11", true),
    ("ceo", QUERY, "-two#month#2026-11", false),
    ("ceo", UPDATE, "#goal#x", false),
    ("ceo", "dynamodb:DeleteItem", "#goal#x", false),
    ("cfo", PUT, "#month#2026-11", true),
    ("cfo", PUT, "#goal#x", false),
    ("cmo", PUT, "#task-cmo#x", true),
    ("cmo", PUT, "#task-content-generator#x", false),
    ("cto", PUT, "#incident#x", true),
    ("cto", PUT, "#alarm#x", true),
    ("cto", PUT, "#goal#x", false),
    ("content-generator", PUT, "#task-content-generator#x", true),
    ("content-generator", PUT, "#task-reviewer#x", false),
    ("reviewer", PUT, "#task-reviewer#x", true),
    ("reviewer", PUT, "#task-content-generator#x", false),
    ("affiliate-linker", PUT, "#task-affiliate-linker#x", true),
    ("affiliate-linker", PUT, "#site#x", false),
    ("publisher", PUT, "#task-publisher#x", true),
    ("publisher", PUT, "#site#x", true),
    ("publisher", PUT, "#task-reviewer#x", false),
    ("projector", PUT, "#view:1#goal#x", true),
    ("projector", PUT, "#view:2#goal#x", false),
    ("projector", PUT, "#goal#x", false),
    ("projector", QUERY, "#goal#x", true),
    ("notary", PUT, "#audit#x", true),
    ("notary", PUT, "#goal#x", false),
    ("notary", QUERY, "-two#goal#x", false),
    ("api", PUT, "#board#x", true),
    ("api", PUT, "#goal#x", false),
    ("relay", PUT, "#goal#x", false),
    ("relay", QUERY, "#goal#x", false),
    ("clock", UPDATE, "#goal#x", true),
    ("clock", UPDATE, "-two#goal#x", false),
    ("clock", PUT, "#goal#x", false),
];

/// The statements of each function, as a plan of `dev` has them.
async fn policies() -> Value {
    let stage = Stage::copy("environments/dev").expect("a copy");
    let plan = stage.plan().await;
    let plan = plan.unwrap_or_else(|e| panic!("{}", xtask::error::chain(&e)));
    plan["output_changes"]["policies"]["after"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_function_appends_to_its_own_streams_and_reads_its_own_company_alone() {
    let policies = policies().await;
    let table = "arn:aws:dynamodb:eu-central-1:000000000000:table/va-dev-core-dynamodb";
    let may = |function: &str, action: &str, context: &Context<'_>| {
        let policy = &policies[function];
        assert!(policy.is_array(), "{function}: {policies}");
        allows(policy, action, table, context).expect("understood")
    };
    for (function, action, partition, expected) in TABLE {
        let key = format!("{OWN}{partition}");
        let context = Context::from([("dynamodb:LeadingKeys", vec![key.as_str()])]);
        let found = may(function, action, &context);
        assert_eq!(found, *expected, "{function}: {action} {key}");
    }
    for (function, _) in functions(&mut manifest()) {
        let asked = TABLE.iter().any(|row| row.0 == function);
        assert!(asked, "{function} is not in the table");
    }

    // One of a company's own and one of another's is another's.
    let two = vec!["virtualagentics#goal#x", "other#goal#x"];
    assert!(!may(
        "ceo",
        PUT,
        &Context::from([("dynamodb:LeadingKeys", two)])
    ));

    // A deadline is all that may ever be changed of a commit, and no more of it comes back.
    for (attributes, returned, expected) in [
        (vec!["PK", "SK", "due", "due_shard"], "NONE", true),
        (vec!["PK", "SK", "body"], "NONE", false),
        (vec!["PK", "SK", "due"], "ALL_NEW", false),
    ] {
        let context = Context::from([
            ("dynamodb:LeadingKeys", vec!["virtualagentics#goal#x"]),
            ("dynamodb:Attributes", attributes.clone()),
            ("dynamodb:ReturnValues", vec![returned]),
        ]);
        let found = may("clock", UPDATE, &context);
        assert_eq!(found, expected, "{attributes:?} {returned}");
    }
}

#[test]
fn nobody_may_remove_scan_or_rewrite_and_the_clock_alone_updates() {
    for (name, function) in functions(&mut manifest()) {
        for action in function.permissions.iter().flat_map(|right| &right.actions) {
            let Some(action) = action.strip_prefix("dynamodb:") else {
                continue;
            };
            let harmful = ["Delete", "Batch", "Scan", "PartiQL"];
            let harmful = harmful.iter().any(|word| action.contains(word));
            assert!(!harmful, "{name} may {action}");
            assert!(
                action != "UpdateItem" || name == "clock",
                "{name} may {action}"
            );
        }
    }
}
