//! Results on stdout. A reader that has gone away, as `head` does, is no failure of the work.

use std::{
    fmt,
    io::{self, Write},
};

/// Writes a line; answers whether anybody still reads.
pub fn line(text: fmt::Arguments<'_>) -> bool {
    match writeln!(io::stdout().lock(), "{text}") {
        Ok(()) => true,
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => false,
        Err(e) => {
            eprintln!("va: the result cannot be written: {e}");
            false
        }
    }
}

/// `println!` that outlives its reader.
macro_rules! say {
    ($($part:tt)*) => { $crate::out::line(format_args!($($part)*)) };
}
pub(crate) use say;
