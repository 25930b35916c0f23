//! Who may take a role of delivery: a table of tokens before the policies that Terraform made, judged by the emulator
//! and by an evaluator of our own, which must agree.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use va_delivery::trust::{Token, trusts};
use va_emulator::{Emulator, Stage};

const ACCOUNT: &str = "000000000009";
const GITHUB: &str = "token.actions.githubusercontent.com";
const AWS: &str = "sts.amazonaws.com";

/// The roles that a token opens.
struct Row {
    what: &'static str,
    issuer: &'static str,
    claims: &'static [(&'static str, &'static str)],
    opens: &'static [&'static str],
}

const fn row(
    what: &'static str,
    claims: &'static [(&'static str, &'static str)],
    opens: &'static [&'static str],
) -> Row {
    Row {
        what,
        issuer: GITHUB,
        claims,
        opens,
    }
}

const TABLE: &[Row] = &[
    row(
        "the environment",
        &[("aud", AWS), ("sub", "repo:acme/company:environment:dev")],
        &["apply", "deploy"],
    ),
    row(
        "a pull request",
        &[("aud", AWS), ("sub", "repo:acme/company:pull_request")],
        &["plan"],
    ),
    row(
        "the branch",
        &[
            ("aud", AWS),
            ("sub", "repo:acme/company:ref:refs/heads/main"),
        ],
        &["plan"],
    ),
    row(
        "another branch",
        &[
            ("aud", AWS),
            ("sub", "repo:acme/company:ref:refs/heads/topic"),
        ],
        &[],
    ),
    row(
        "a branch that begins like it",
        &[
            ("aud", AWS),
            ("sub", "repo:acme/company:ref:refs/heads/main2"),
        ],
        &[],
    ),
    row(
        "a tag",
        &[("aud", AWS), ("sub", "repo:acme/company:ref:refs/tags/v1")],
        &[],
    ),
    row(
        "another environment",
        &[("aud", AWS), ("sub", "repo:acme/company:environment:prod")],
        &[],
    ),
    row(
        "an environment that begins like it",
        &[("aud", AWS), ("sub", "repo:acme/company:environment:dev2")],
        &[],
    ),
    row(
        "a fork",
        &[
            ("aud", AWS),
            ("sub", "repo:stranger/company:environment:dev"),
        ],
        &[],
    ),
    row(
        "a fork's pull request",
        &[("aud", AWS), ("sub", "repo:stranger/company:pull_request")],
        &[],
    ),
    row(
        "another repository of the organisation",
        &[("aud", AWS), ("sub", "repo:acme/other:environment:dev")],
        &[],
    ),
    row(
        "a repository that begins like it",
        &[
            ("aud", AWS),
            ("sub", "repo:acme/company-two:environment:dev"),
        ],
        &[],
    ),
    row(
        "an owner in other letters",
        &[("aud", AWS), ("sub", "repo:ACME/company:environment:dev")],
        &[],
    ),
    row(
        "no audience",
        &[("sub", "repo:acme/company:environment:dev")],
        &[],
    ),
    row(
        "another audience",
        &[
            ("aud", "https://github.com/acme"),
            ("sub", "repo:acme/company:environment:dev"),
        ],
        &[],
    ),
    row("no subject", &[("aud", AWS)], &[]),
    row(
        "a subject with a wildcard",
        &[("aud", AWS), ("sub", "repo:acme/company:*")],
        &[],
    ),
    Row {
        what: "another issuer",
        issuer: "gitlab.example",
        claims: &[("aud", AWS), ("sub", "repo:acme/company:environment:dev")],
        opens: &[],
    },
];

/// A token that carries these claims; the emulator checks no signature, and the table is about claims.
fn web_identity(row: &Row) -> String {
    let mut claims: BTreeMap<&str, String> = row
        .claims
        .iter()
        .map(|(k, v)| (*k, (*v).to_owned()))
        .collect();
    claims.insert("iss", format!("https://{}", row.issuer));
    let parts = [json!({ "alg": "RS256" }), json!(claims)];
    let [head, body] = parts.map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{head}.{body}.c2lnbmF0dXJl")
}

/// Whether the emulator lets the token take the role.
async fn assumes(endpoint: &str, role: &str, token: &str) -> bool {
    let host = endpoint.trim_start_matches("http://");
    let role = role.replace(':', "%3A").replace('/', "%2F");
    let body = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={role}&RoleSessionName=test&WebIdentityToken={token}"
    );
    let mut stream = TcpStream::connect(host).await.expect("the emulator");
    let request = format!(
        "POST / HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let status = answer.split(' ').nth(1).expect("a status");
    match status {
        "200" => true,
        "403" => {
            assert!(answer.contains("AccessDenied"), "{answer}");
            false
        }
        _ => panic!("{answer}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_right_workflows_take_a_role_as_the_emulator_and_the_evaluator_agree() {
    let emulator = Emulator::start_with(&[("AUTH", "true")])
        .await
        .expect("the emulator");
    let bootstrap = Stage::copy("bootstrap")
        .expect("a copy")
        .on(&emulator, ACCOUNT)
        .set("environment", "dev")
        .set("repository", "acme/company");
    let applied = bootstrap.apply().await;
    applied.unwrap_or_else(|e| panic!("{}\n{}", xtask::error::chain(&e), emulator.log()));
    let arns = bootstrap.output("role_arns").await.expect("the roles");
    let policies = bootstrap
        .output("trust_policies")
        .await
        .expect("the policies");
    for act in ["plan", "apply", "deploy"] {
        let arn = arns[act].as_str().expect("a role");
        let policy: Value =
            serde_json::from_str(policies[act].as_str().expect("a policy")).expect("JSON");
        for row in TABLE {
            let expected = row.opens.contains(&act);
            let judged =
                trusts(&policy, ACCOUNT, &Token::new(row.issuer, row.claims)).expect("understood");
            assert_eq!(judged, expected, "the evaluator, {act}: {}", row.what);
            let taken = assumes(&emulator.endpoint(), arn, &web_identity(row)).await;
            assert_eq!(taken, expected, "the emulator, {act}: {}", row.what);
        }
    }
}

#[test]
fn a_policy_with_a_wildcard_would_be_found_by_the_table() {
    let open = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": { "Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}") },
        "Condition": { "StringLike": { format!("{GITHUB}:sub"): "repo:acme/company*" } },
    }]});
    let wrong: Vec<&str> = TABLE
        .iter()
        .filter(|row| {
            trusts(&open, ACCOUNT, &Token::new(row.issuer, row.claims))
                != Ok(row.opens.contains(&"apply"))
        })
        .map(|row| row.what)
        .collect();
    for what in [
        "another branch",
        "a repository that begins like it",
        "no audience",
        "another audience",
    ] {
        assert!(wrong.contains(&what), "{wrong:?}");
    }
}
