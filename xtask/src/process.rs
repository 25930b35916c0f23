//! Programs that the commands run.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use crate::error::TaskError;

/// Runs a program and shows what it prints.
///
/// # Errors
/// Where it cannot be started or ends badly.
pub fn run(command: &mut Command) -> Result<(), TaskError> {
    let status = command.status().map_err(|source| start(command, source))?;
    if status.success() {
        return Ok(());
    }
    Err(TaskError::Ended {
        command: line(command),
        status,
        output: String::new(),
    })
}

/// Runs a program and keeps what it prints on standard output.
///
/// # Errors
/// Where it cannot be started, or ends badly: then with all that it printed.
pub fn read(command: &mut Command) -> Result<String, TaskError> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(ended(command, &output))
}

/// Runs a program with this on its standard input, and shows what it prints.
///
/// # Errors
/// Where it cannot be started or ends badly.
pub fn feed(command: &mut Command, input: &str) -> Result<(), TaskError> {
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|source| start(command, source))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends before it has read all says why by how it ends.
        let _ = stdin.write_all(input.as_bytes());
    }
    let status = child.wait().map_err(|source| start(command, source))?;
    if status.success() {
        return Ok(());
    }
    Err(TaskError::Ended {
        command: line(command),
        status,
        output: String::new(),
    })
}

/// Runs a program to its end, however it ends.
///
/// # Errors
/// Where it cannot be started.
pub fn output(command: &mut Command) -> Result<Output, TaskError> {
    command.output().map_err(|source| start(command, source))
}

/// The error of a program that ended badly, with all that it printed.
#[must_use]
pub fn ended(command: &Command, output: &Output) -> TaskError {
    let said = [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part));
    TaskError::Ended {
        command: line(command),
        status: output.status,
        output: format!("\n{}", said.concat().trim_end()),
    }
}

/// A command as one would type it.
fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    command.get_args().fold(program.into_owned(), |line, arg| {
        format!("{line} {}", arg.to_string_lossy())
    })
}

fn start(command: &Command, source: std::io::Error) -> TaskError {
    let program = command.get_program().to_string_lossy().into_owned();
    let advice = match program.as_str() {
        "terraform" => "install Terraform 1.11 or later; `terraform version` must answer",
        "go" => "install Go; it builds the linter of the workflows, from its module",
        "gh" => "install the command line of GitHub",
        "python3" => "install Python 3 with `venv`",
        _ => "is it installed?",
    };
    TaskError::Start {
        program,
        advice: advice.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_or_fails_says_which_and_why() {
        let missing = run(&mut Command::new("no-such-program")).expect_err("missing");
        assert_eq!(missing.code(), "task_start");
        let failed = read(Command::new("sh").args(["-c", "echo why; exit 3"])).expect_err("fails");
        assert_eq!(failed.code(), "task_ended");
        assert!(failed.to_string().contains("why"), "{failed}");
    }

    #[test]
    fn what_is_printed_is_read() {
        let said = read(Command::new("sh").args(["-c", "echo yes"])).expect("runs");
        assert_eq!(said, "yes\n");
    }
}
