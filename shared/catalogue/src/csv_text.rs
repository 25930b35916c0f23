//! Comma-separated values as RFC 4180 has them, split so that every fault has its line.
//!
//! A quote that is never closed would swallow the rest of the file. Here it costs the one row in which it
//! opens: reading goes on with the next line.

use std::borrow::Cow;

use crate::{
    CatalogueError, RejectedRow,
    table::{RawRow, Table, check_size},
};

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// How many rows decide between delimiters that split the header into equally many names.
const ROWS_THAT_DECIDE: usize = 50;

/// Splits a file into its header and rows.
pub(crate) fn read(bytes: &[u8]) -> Result<Table, CatalogueError> {
    let delimiter = delimiter_of(bytes);
    let mut records = Records::new(bytes, delimiter);
    let header = match records.next() {
        None => return Err(CatalogueError::Empty),
        Some(Record::OpenQuote { line }) => {
            return Err(CatalogueError::Header {
                line,
                why: "a quote opens and is not closed",
            });
        }
        Some(Record::Fields { line, fields }) => texts(&fields)
            .ok_or(CatalogueError::Header {
                line,
                why: "it is not UTF-8",
            })?
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>(),
    };
    let mut table = Table {
        columns: header,
        rows: Vec::new(),
        rejected: Vec::new(),
    };
    for record in records {
        let (line, reason) = match record {
            Record::OpenQuote { line } => (
                line,
                "a quote opens in this line and is not closed".to_owned(),
            ),
            Record::Fields { line, fields } if fields.len() != table.columns.len() => (
                line,
                format!(
                    "the header has {1} fields, this row {0}",
                    fields.len(),
                    table.columns.len()
                ),
            ),
            Record::Fields { line, fields } => match texts(&fields) {
                Some(cells) => {
                    table.rows.push(RawRow { line, cells });
                    check_size(table.rows.len(), table.columns.len())?;
                    continue;
                }
                None => (line, "not UTF-8".to_owned()),
            },
        };
        table.rejected.push(RejectedRow { line, reason });
    }
    Ok(table)
}

fn texts(fields: &[Cow<'_, [u8]>]) -> Option<Vec<Box<str>>> {
    fields
        .iter()
        .map(|field| {
            std::str::from_utf8(field)
                .ok()
                .map(|text| text.trim().into())
        })
        .collect()
}

/// The delimiter that splits the header into most names; of equals the one that the rows agree with.
fn delimiter_of(bytes: &[u8]) -> u8 {
    let names = |delimiter: u8| match Records::new(bytes, delimiter).next() {
        Some(Record::Fields { fields, .. }) => fields.len(),
        _ => 0,
    };
    let agreeing = |delimiter: u8, names: usize| {
        let rows = Records::new(bytes, delimiter)
            .skip(1)
            .take(ROWS_THAT_DECIDE);
        rows.filter(|row| matches!(row, Record::Fields { fields, .. } if fields.len() == names))
            .count()
    };
    let counts = DELIMITERS.map(names);
    let most = counts.into_iter().max().unwrap_or(0);
    let tied = || {
        DELIMITERS
            .into_iter()
            .zip(counts)
            .filter(|&(_, count)| count == most)
            .map(|(d, _)| d)
    };
    if tied().count() == 1 || most <= 1 {
        return tied().next().unwrap_or(b',');
    }
    // `rev`, because of equals `max_by_key` takes the last.
    let tied: Vec<u8> = tied().collect();
    tied.into_iter()
        .rev()
        .max_by_key(|&d| agreeing(d, most))
        .unwrap_or(b',')
}

enum Record<'a> {
    Fields {
        line: u64,
        fields: Vec<Cow<'a, [u8]>>,
    },
    OpenQuote {
        line: u64,
    },
}

struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    delimiter: u8,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
            delimiter,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over one line break, if one is here: CRLF, LF or CR.
    fn line_break(&mut self) -> bool {
        match self.peek() {
            Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => self.at += 2,
            Some(b'\r' | b'\n') => self.at += 1,
            _ => return false,
        }
        self.line += 1;
        true
    }

    fn bare(&mut self) -> Cow<'a, [u8]> {
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.at += length;
        Cow::Borrowed(&rest[..length])
    }

    /// A quoted field, or nothing where its quote is not closed before a delimiter, a line break or the end.
    fn quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        self.at += 1;
        let mut text = Cow::Borrowed(&self.bytes[self.at..self.at]);
        let mut from = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    extend(&mut text, &self.bytes[from..self.at]);
                    self.at += 1;
                    match self.peek() {
                        Some(b'"') => {
                            // The second quote of a pair is the text's own.
                            from = self.at;
                            self.at += 1;
                        }
                        Some(b'\r' | b'\n') | None => return Some(text),
                        Some(byte) if byte == self.delimiter => return Some(text),
                        Some(_) => return None,
                    }
                }
                b'\r' | b'\n' => {
                    self.line_break();
                }
                _ => self.at += 1,
            }
        }
    }

    /// Goes on behind the line in which the position lies.
    fn skip_line(&mut self, at: usize, line: u64) {
        (self.at, self.line) = (at, line);
        let rest = &self.bytes[at..];
        self.at += rest
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'))
            .unwrap_or(rest.len());
        self.line_break();
    }
}

fn extend<'a>(text: &mut Cow<'a, [u8]>, more: &'a [u8]) {
    if text.is_empty() {
        *text = Cow::Borrowed(more);
    } else {
        text.to_mut().extend_from_slice(more);
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        while self.line_break() {}
        self.peek()?;
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            let field = if self.peek() == Some(b'"') {
                let (at, line) = (self.at, self.line);
                let Some(field) = self.quoted() else {
                    self.skip_line(at, line);
                    return Some(Record::OpenQuote { line });
                };
                field
            } else {
                self.bare()
            };
            fields.push(field);
            if self.peek() == Some(self.delimiter) {
                self.at += 1;
            } else {
                self.line_break();
                return Some(Record::Fields { line, fields });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, rows: &[&[&str]], rejected: &[u64]) {
        let table = read(file.as_bytes()).expect("a table");
        let cells: Vec<Vec<&str>> = table
            .rows
            .iter()
            .map(|r| r.cells.iter().map(AsRef::as_ref).collect())
            .collect();
        assert_eq!(cells, rows, "{file:?}");
        assert_eq!(
            table.rejected.iter().map(|r| r.line).collect::<Vec<_>>(),
            rejected,
            "{file:?}"
        );
    }

    #[test]
    fn quotes_hold_delimiters_quotes_and_line_breaks() {
        check(
            "a,b\n\"x, y\",\"say \"\"hi\"\"\nthere\"\r\nz,\n",
            &[&["x, y", "say \"hi\"\nthere"], &["z", ""]],
            &[],
        );
        check("a,b\n\"\"\"\",\"\"\n", &[&["\"", ""]], &[]);
    }

    #[test]
    fn the_header_decides_the_delimiter() {
        check("a;b\n1,5;2\n", &[&["1,5", "2"]], &[]);
        check("a\tb\n1,5\t2\n", &[&["1,5", "2"]], &[]);
        check("\"a\";\"b\"\n1;2\n", &[&["1", "2"]], &[]);
    }

    #[test]
    fn rows_decide_where_the_header_does_not() {
        check(
            "name;price, net\nA;1\nB;2\n",
            &[&["A", "1"], &["B", "2"]],
            &[],
        );
    }

    #[test]
    fn an_open_quote_costs_the_line_in_which_it_opens() {
        check(
            "a,b\n1,\"open\n2,x\n3,\"y\"\n",
            &[&["2", "x"], &["3", "y"]],
            &[2],
        );
        check("a,b\n1,2\n\"open,3\n", &[&["1", "2"]], &[3]);
        // It opens in the second line of its record.
        check("a,b\n\"x\ny\",\"open\n5,6\n", &[&["5", "6"]], &[3]);
    }

    #[test]
    fn rows_of_another_length_are_named_by_line() {
        check(
            "a,b\n1\n1,2\n1,2,3\n\n\"x\ny\"\n",
            &[&["1", "2"]],
            &[2, 4, 6],
        );
    }

    #[test]
    fn every_line_break_counts_once() {
        check("a,b\r1,2\r\r\n3\n", &[&["1", "2"]], &[4]);
    }

    #[test]
    fn bytes_that_are_no_text_cost_their_row() {
        let table = read(b"a,b\n\xff,1\nx,2\n").expect("a table");
        assert_eq!((table.rows.len(), table.rejected[0].line), (1, 2));
        assert!(matches!(
            read(b"a,\xff\n1,2\n"),
            Err(CatalogueError::Header { line: 1, .. })
        ));
    }
}
