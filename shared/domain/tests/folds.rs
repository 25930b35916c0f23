//! States that stand in journals are read by later builds. So a fold that makes another state of the same events is
//! another fold: it needs another number, or `va verify` takes every home that was made before for a changed one.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::Value;
use va_domain::{
    commit::{CommitBody, FOLD_VERSION},
    ids::StreamId,
    state::StreamState,
};

/// A commit as `va export` writes it.
#[derive(Deserialize)]
struct Line {
    stream: StreamId,
    body: String,
}

fn folded(journal: &str) -> BTreeMap<String, Value> {
    let mut states: BTreeMap<StreamId, StreamState> = BTreeMap::new();
    for line in journal.lines() {
        let Line { stream, body } = serde_json::from_str(line).expect("a line of an export");
        let body: CommitBody = serde_json::from_str(&body).expect("a commit");
        states
            .entry(stream.clone())
            .or_insert_with(|| StreamState::new(stream))
            .apply(&body)
            .expect("folded");
    }
    states
        .into_iter()
        .map(|(stream, state)| {
            let state = serde_json::to_value(&state).expect("a state");
            (stream.to_string(), state)
        })
        .collect()
}

#[test]
fn a_journal_that_stands_folds_to_the_states_that_were_written_of_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/folds");
    let journal = std::fs::read_to_string(folder.join("journal.jsonl")).expect("the sample");
    let states = folded(&journal);
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("states.json");
    let text = serde_json::to_string_pretty(&states).expect("JSON") + "\n";
    std::fs::write(&made, text).expect("written");
    let kept = folder.join(format!("states-{FOLD_VERSION}.json"));
    let known: BTreeMap<String, Value> = std::fs::read(&kept)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let differ: Vec<&String> = states
        .iter()
        .filter(|(stream, state)| known.get(*stream) != Some(state))
        .map(|(stream, _)| stream)
        .collect();
    assert!(
        differ.is_empty() && known.len() == states.len(),
        "{differ:?}: fold {FOLD_VERSION} made other states of these events, which stand in homes. Raise FOLD_VERSION, \
         and keep {} as the states of the new fold",
        made.display()
    );
}
