//! What is wrong with a file that a person wrote.

use std::fmt;

use crate::CatalogueError;

/// A file that cannot be taken as it is: where, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct IntakeError {
    /// The file's name.
    pub file: String,
    /// The line, from 1, where one is known.
    pub line: Option<usize>,
    /// The key that it is about, from the top: `revenue.link`. Empty for the file as a whole.
    pub key: String,
    /// Which rule is broken.
    pub fault: Fault,
    /// What is wrong, a clause without a full stop.
    pub reason: String,
    /// What to do, in a sentence.
    pub remedy: String,
}

/// Which rule a file breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not TOML or JSON.
    Syntax,
    /// A key that is not known in its table.
    UnknownKey,
    /// A key that must be there.
    MissingKey,
    /// A value of another type.
    WrongType,
    /// A value out of bounds.
    Value,
    /// A column that the catalogue does not have.
    UnknownColumn,
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}. {}", self.reason, self.remedy)
    }
}

impl IntakeError {
    /// A catalogue that cannot be read with the hints of this goal.toml, or at all: then the catalogue's own
    /// file is the one that is named.
    #[must_use]
    pub fn of_catalogue(
        error: &CatalogueError,
        catalogue_file: &str,
        goal_file: &str,
        goal_text: &str,
    ) -> Self {
        let key = error.goal_key();
        let intake = Self {
            file: if key.is_some() {
                goal_file
            } else {
                catalogue_file
            }
            .to_owned(),
            line: None,
            key: key.unwrap_or_default(),
            fault: match error {
                CatalogueError::UnknownColumn { .. } => Fault::UnknownColumn,
                CatalogueError::Json { .. } => Fault::Syntax,
                _ => Fault::Value,
            },
            reason: error.to_string(),
            remedy: error.remedy(),
        };
        if intake.key.is_empty() {
            intake
        } else {
            intake.located_in(goal_text)
        }
    }

    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.fault {
            Fault::Syntax => "intake_syntax",
            Fault::UnknownKey => "intake_unknown_key",
            Fault::MissingKey => "intake_missing_key",
            Fault::WrongType => "intake_type",
            Fault::Value => "intake_value",
            Fault::UnknownColumn => "intake_unknown_column",
        }
    }

    /// Whether the same file may be taken later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        false
    }

    /// The same error with the line on which its key stands in this TOML text.
    #[must_use]
    pub fn located_in(mut self, text: &str) -> Self {
        if let Ok(document) = super::document::Node::from_toml(text, &self.file) {
            self.line = document.line_of(&self.key);
        }
        self
    }
}
