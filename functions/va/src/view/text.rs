//! Text for people: aligned columns, money, and nothing that a terminal would act on.

use std::fmt::Write as _;

/// Micro-units with two decimals, or six where two do not say it all.
#[must_use]
pub fn money(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let abs = micros.unsigned_abs();
    if abs.is_multiple_of(10_000) {
        format!("{sign}{}.{:02}", abs / 1_000_000, abs / 10_000 % 100)
    } else {
        format!("{sign}{}.{:06}", abs / 1_000_000, abs % 1_000_000)
    }
}

/// The text without what moves a cursor, colours, or turns the reading direction; line ends stay.
#[must_use]
pub fn clean(text: &str) -> String {
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if acts(c) { '\u{fffd}' } else { c })
        .collect()
}

/// The text on one line.
#[must_use]
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Columns as wide as their widest cell, two spaces between; nothing for no rows.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(&head)
        .chain(rows)
        .map(|row| row.iter().map(|cell| line(cell)).collect())
        .collect();
    let mut widths = vec![0; head.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            // Writing into a string cannot fail.
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_every_micro_unit() {
        assert_eq!(money(5_000_000), "5.00");
        assert_eq!(money(-1), "-0.000001");
        assert_eq!(money(1_230_000), "1.23");
    }

    #[test]
    fn a_hostile_name_neither_colours_nor_breaks_the_table() {
        let text = table(
            &["id", "name"],
            &[vec!["1".into(), "\u{1b}[31mred\nx\u{202e}".into()]],
        );
        assert_eq!(text, "id  name\n1   \u{fffd}[31mred x\u{fffd}\n");
    }
}
