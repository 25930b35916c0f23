//! What the notary finds, and how it says so.

use std::collections::BTreeMap;

use va_domain::{
    envelope::Target,
    ids::{StreamId, kind},
    payload::Alert,
};
use va_runtime::agent::{DecideError, Decision};

/// The code of the incident.
const CODE: &str = "journal_changed";

/// What is wrong with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It is not what was hashed, or not what was sealed.
    Changed,
    /// It is gone.
    Removed,
    /// A seal is not what was signed, or does not follow those before it.
    Seal,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Seal => "seal",
        }
    }
}

/// One commit that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// The stream.
    pub stream: StreamId,
    /// The commit.
    pub version: u64,
    /// What should be there.
    pub expected: String,
    /// What is.
    pub found: String,
    /// How it was found.
    pub by: &'static str,
}

impl Finding {
    /// The act that tells the CTO, in a stream of its own: whoever finds the same again finds it told.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub(super) fn act(&self) -> Result<(StreamId, StreamId, Decision), DecideError> {
        let version = self.version.to_string();
        let fault = self.fault.name();
        let cause = [fault, self.stream.as_str(), &version, &self.found];
        let act = StreamId::caused(kind::AUDIT, &cause);
        let incident = StreamId::caused(kind::INCIDENT, &[CODE, self.stream.as_str()]);
        let message = match self.fault {
            Fault::Changed => format!(
                "{}@{version} was changed after it was committed",
                self.stream
            ),
            Fault::Removed => format!("{}@{version} was removed", self.stream),
            Fault::Seal => format!("seal {version} is not as it was signed"),
        };
        let context = [
            ("code", CODE),
            ("fault", fault),
            ("stream", self.stream.as_str()),
            ("version", &version),
            ("expected", &self.expected),
            ("found", &self.found),
            ("found by", self.by),
        ];
        let alert = Alert {
            severity: "critical".into(),
            message,
            context: context
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        };
        let mut then = Decision::nothing();
        then.send(&alert, vec![Target::tell(incident.clone())])?;
        Ok((act, incident, then))
    }
}
