//! Pages as tests read them: the cells of their tables.

/// The rows of every table under the heading that begins with `heading`, up to the next heading of its level
/// or above; the header rows are left out, and each cell is trimmed.
#[must_use]
pub fn table_under(page: &str, heading: &str) -> Vec<Vec<String>> {
    let level = heading.bytes().take_while(|&b| b == b'#').count();
    let mut inside = false;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in page.lines() {
        let depth = line.bytes().take_while(|&b| b == b'#').count();
        if line.starts_with(heading) {
            inside = true;
        } else if inside && (1..=level).contains(&depth) {
            break;
        } else if inside && line.starts_with("| ---") {
            rows.pop();
        } else if inside && line.starts_with('|') {
            rows.push(cells(line));
        }
    }
    rows
}

/// What stands between backticks in a cell, in order.
#[must_use]
pub fn code_spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The cells of a row; `\|` within one is no end of it.
fn cells(line: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut escaped = false;
    for c in line.trim().trim_start_matches('|').chars() {
        match (c, escaped, all.last_mut()) {
            ('|', false, _) => all.push(String::new()),
            (c, _, Some(cell)) => cell.push(c),
            _ => {}
        }
        escaped = c == '\\';
    }
    // A row ends with a bar, after which nothing stands.
    all.pop();
    all.iter()
        .map(|cell| cell.trim().replace("\\|", "|"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_row_by_row_up_to_the_next_heading() {
        let page = "# A\n## B\n| a | b |\n| --- | --- |\n| `x` | y \\| z |\n\n| 1 | 2 |\n## C\n| no | no |\n";
        assert_eq!(table_under(page, "## B"), [["`x`", "y | z"], ["1", "2"]]);
        assert_eq!(code_spans("`a` and `b c`"), ["a", "b c"]);
    }
}
