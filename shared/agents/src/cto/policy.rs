//! What the CTO may do about a trouble, as data: the first row that fits counts.

/// What may be done besides writing the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Record,
    /// A person is asked to look, and the incident stays open until one has.
    AskBoard,
}

impl Action {
    /// As events have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::AskBoard => "ask_board",
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What the trouble is about; `*` for anything.
    pub code: &'static str,
    /// From which severity on.
    pub from: Severity,
    /// What may be done.
    pub action: Action,
    /// What to do about it, where the report names nothing: a path within the repository.
    pub runbook: &'static str,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// As reports have it; whatever is called otherwise is looked at.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text {
            "info" => Self::Info,
            "critical" => Self::Critical,
            _ => Self::Warning,
        }
    }
}

const fn row(code: &'static str, from: Severity, action: Action, runbook: &'static str) -> Row {
    Row {
        code,
        from,
        action,
        runbook,
    }
}

/// The policy that is shipped. It changes nothing that is deployed: the most that it does is to ask.
pub const POLICY: &[Row] = &[
    row(
        "journal_changed",
        Severity::Info,
        Action::AskBoard,
        "docs/runbooks/journal-changed.md",
    ),
    // The goal is paused already, and says how it goes on.
    row(
        "overrun",
        Severity::Info,
        Action::Record,
        "docs/runbooks/overrun.md",
    ),
    row(
        "*",
        Severity::Critical,
        Action::AskBoard,
        "docs/runbooks/incident.md",
    ),
    row(
        "*",
        Severity::Info,
        Action::Record,
        "docs/runbooks/incident.md",
    ),
];

/// The row for a trouble.
#[must_use]
pub fn row_for(code: &str, severity: Severity) -> Row {
    POLICY
        .iter()
        .copied()
        .find(|row| (row.code == code || row.code == "*") && severity >= row.from)
        .expect("the last row fits everything")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_recorded_unless_a_row_says_more() {
        assert_eq!(row_for("alarm", Severity::Warning).action, Action::Record);
        assert_eq!(
            row_for("alarm", Severity::Critical).action,
            Action::AskBoard
        );
        assert_eq!(
            row_for("overrun", Severity::Critical).action,
            Action::Record
        );
    }

    #[test]
    fn an_unknown_severity_is_worth_a_look() {
        assert_eq!(Severity::of("dire"), Severity::Warning);
    }
}
