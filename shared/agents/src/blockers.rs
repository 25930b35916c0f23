//! What a person may answer to a blocker.

use std::collections::BTreeMap;

use va_catalogue::intake::suggest;
use va_domain::payload::{BlockerAnswered, BlockerOpened};

/// Why an answer cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A key that the blocker does not take.
    #[error("`{key}` is nothing that this blocker takes{}", near.as_ref().map_or(String::new(), |n| format!("; the nearest is `{n}`")))]
    Unknown {
        /// Which one.
        key: String,
        /// What may be meant.
        near: Option<String>,
    },
    /// Keys that are missing.
    #[error("this blocker needs {}", keys.join(", "))]
    Missing {
        /// Which ones.
        keys: Vec<String>,
    },
    /// A value that says nothing.
    #[error("`{key}` is empty")]
    Empty {
        /// Whose.
        key: String,
    },
}

impl AnswerError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "answer_unknown",
            Self::Missing { .. } => "answer_missing",
            Self::Empty { .. } => "answer_empty",
        }
    }
}

/// The answer to an open blocker.
///
/// # Errors
/// Where it does not give what the blocker needs, or gives what it does not take.
pub fn answer(
    open: &BlockerOpened,
    set: BTreeMap<String, String>,
    note: Option<String>,
) -> Result<BlockerAnswered, AnswerError> {
    let known: &[&str] = match open.kind.as_str() {
        "incident" => &[],
        _ if open.task.is_some() => &["drop"],
        _ => &["revenue.tag", "revenue.link", "site.imprint"],
    };
    if let Some(key) = set.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(AnswerError::Unknown {
            key: key.clone(),
            near: suggest(key, known).map(str::to_owned),
        });
    }
    let missing = open.needs.iter().filter(|key| !set.contains_key(*key));
    let keys: Vec<String> = missing.cloned().collect();
    if !keys.is_empty() {
        return Err(AnswerError::Missing { keys });
    }
    if let Some((key, _)) = set.iter().find(|(_, value)| value.trim().is_empty()) {
        return Err(AnswerError::Empty { key: key.clone() });
    }
    Ok(BlockerAnswered {
        blocker: open.id.clone(),
        set,
        note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(kind: &str, needs: &[&str]) -> BlockerOpened {
        BlockerOpened {
            id: "b1".into(),
            kind: kind.into(),
            text: String::new(),
            needs: needs.iter().map(|&key| key.to_owned()).collect(),
            task: None,
            expires_at: None,
        }
    }

    fn code(open: &BlockerOpened, set: &[(&str, &str)]) -> &'static str {
        let set = set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        answer(open, set.collect(), None).map_or_else(|e| e.code(), |_| "taken")
    }

    #[test]
    fn an_answer_gives_what_is_needed_and_nothing_else() {
        let tag = open("setting", &["revenue.tag"]);
        assert_eq!(code(&tag, &[("revenue.tag", "x-21")]), "taken");
        assert_eq!(code(&tag, &[]), "answer_missing");
        assert_eq!(code(&tag, &[("revenue.tag", " ")]), "answer_empty");
        assert_eq!(code(&tag, &[("revenue.tagg", "x")]), "answer_unknown");
    }

    #[test]
    fn an_incident_takes_a_note_alone() {
        let incident = open("incident", &[]);
        assert_eq!(code(&incident, &[]), "taken");
        assert_eq!(code(&incident, &[("drop", "true")]), "answer_unknown");
    }
}
