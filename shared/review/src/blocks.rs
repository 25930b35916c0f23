//! The parts of a draft that are copied word for word, and the table against the catalogue.

use rust_decimal::Decimal;
use va_catalogue::{Cell, Column, Value};
use va_domain::content::{ContentRequest, Finding, Source};

use crate::{
    code::Code,
    draft::{Block, Draft, METHOD, Oddity, Role, SOURCES},
    field::Field,
    lexicon::{is_unit, same_unit},
    recompute::{same_text, truth},
    words::{decimals, fold, written_date},
};

/// Title, disclosure, byline, method, sources, markup and links.
pub(crate) fn copied_parts(draft: &Draft, request: &ContentRequest, findings: &mut Vec<Finding>) {
    title(draft, request, findings);
    disclosure(draft, request, findings);
    let last = draft.blocks.last();
    if last.is_none_or(|block| block.role != Role::Byline) || draft.ends_with_table {
        let line = last.map_or(1, |block| block.line);
        findings.push(Code::BylineMissing.line(
            line,
            "The last paragraph must be the byline, word for word.",
        ));
    }
    method(draft, request, findings);
    sources(draft, request, findings);
    for &(line, oddity) in &draft.oddities {
        let (code, what) = match oddity {
            Oddity::Html => (Code::RawHtml, "Raw HTML, or a link in a table"),
            Oddity::Image => (Code::Image, "An image"),
            Oddity::Code => (Code::CodeBlock, "Code"),
            Oddity::Quote => (Code::CodeBlock, "A quotation"),
        };
        findings.push(code.line(line, format!("{what} has no place in a draft.")));
    }
    for block in &draft.blocks {
        links(block, request, findings);
    }
}

fn title(draft: &Draft, request: &ContentRequest, findings: &mut Vec<Finding>) {
    let right = draft
        .of(Role::Title)
        .next()
        .is_some_and(|block| fold(&block.text) == fold(&request.title));
    if !right {
        let why = format!(
            "The draft must begin with the heading \"{}\".",
            request.title
        );
        findings.push(Code::TitleAltered.line(1, why));
    }
    for block in draft
        .blocks
        .iter()
        .filter(|b| b.level == 1 && b.role != Role::Title)
    {
        findings.push(Code::TitleAltered.line(
            block.line,
            "Only the title is a heading of the first level.",
        ));
    }
}

fn disclosure(draft: &Draft, request: &ContentRequest, findings: &mut Vec<Finding>) {
    let at = draft.blocks.iter().position(|b| b.role == Role::Disclosure);
    let on_top = at.is_some_and(|at| draft.blocks[..at].iter().all(|b| b.role == Role::Title));
    if !on_top && !request.blocks.disclosure.is_empty() {
        let line = draft.blocks.get(1).map_or(1, |b| b.line);
        findings.push(Code::DisclosureMissing.line(
            line,
            "The disclosure must follow the title, word for word, as its own paragraph.",
        ));
    }
}

fn method(draft: &Draft, request: &ContentRequest, findings: &mut Vec<Finding>) {
    let wanted = &request.blocks.method;
    let written: Vec<&Block> = draft.of(Role::Method).collect();
    let right = written.len() == wanted.len()
        && written
            .iter()
            .zip(wanted)
            .all(|(b, w)| fold(&b.text) == fold(w));
    if !right {
        let wrong = written
            .iter()
            .zip(wanted)
            .find(|(b, w)| fold(&b.text) != fold(w))
            .map(|(b, _)| b.line);
        let line = wrong
            .or(draft.of(Role::MethodHeading).next().map(|b| b.line))
            .unwrap_or(1);
        let why = format!(
            "Below \"{METHOD}\" the request's {} items must stand, word for word.",
            wanted.len()
        );
        findings.push(Code::MethodAltered.line(line, why));
    }
}

fn sources(draft: &Draft, request: &ContentRequest, findings: &mut Vec<Finding>) {
    let wanted = &request.blocks.sources;
    let written: Vec<&Block> = draft.of(Role::Source).collect();
    let wrong = written
        .iter()
        .zip(wanted)
        .find(|(block, source)| !is_source(block, source))
        .map(|(b, _)| b.line);
    if wrong.is_some() || written.len() != wanted.len() {
        let line = wrong
            .or(draft.of(Role::SourcesHeading).next().map(|b| b.line))
            .unwrap_or(1);
        let why = format!(
            "Below \"{SOURCES}\" the request's {} sources must stand, each with its address and date.",
            wanted.len()
        );
        findings.push(Code::SourcesAltered.line(line, why));
    }
}

fn is_source(block: &Block, source: &Source) -> bool {
    let mut text = fold(&source.label).into_owned();
    if let Some(date) = source.date {
        text.push_str(", ");
        text.push_str(&written_date(date));
    }
    let linked = match (&source.url, &block.links[..]) {
        (Some(url), [link]) => {
            same_address(url, &link.target)
                && fold(&block.text[link.start..link.end]) == fold(&source.label)
        }
        (None, []) => true,
        _ => false,
    };
    linked && fold(&block.text) == text
}

/// Two spellings of one address: blanks and the characters that Markdown escapes may be percent-encoded.
fn same_address(a: &str, b: &str) -> bool {
    let plain = |url: &str| {
        let escaped = [
            ("%20", " "),
            ("%28", "("),
            ("%29", ")"),
            ("%3C", "<"),
            ("%3E", ">"),
            ("&amp;", "&"),
        ];
        escaped
            .iter()
            .fold(url.trim().to_owned(), |url, (code, c)| url.replace(code, c))
    };
    a == b || plain(a) == plain(b)
}

fn links(block: &Block, request: &ContentRequest, findings: &mut Vec<Finding>) {
    let heading = (1..=6).contains(&block.level);
    if heading && !block.links.is_empty() {
        findings.push(Code::LinkInHeading.line(block.line, "A heading carries no link."));
    }
    if heading && !block.markers.is_empty() {
        findings.push(Code::MarkerInHeading.line(block.line, "A heading carries no marker."));
    }
    for link in &block.links {
        let source = request.blocks.sources.iter().any(|s| {
            s.url
                .as_deref()
                .is_some_and(|url| same_address(url, &link.target))
        });
        let slug = link
            .target
            .trim_start_matches("./")
            .trim_start_matches("../");
        let slug = slug.strip_prefix("posts/").unwrap_or(slug);
        let slug = slug.strip_suffix(".html").unwrap_or(slug);
        let related = request.related.iter().any(|page| page.slug == slug);
        let web = link.target.starts_with("https://") || link.target.starts_with("http://");
        if !(related || (source && web && block.role == Role::Source)) {
            let why = format!(
                "{} is neither a related page nor a source in its list.",
                link.target
            );
            findings.push(Code::LinkForeign.line(block.line_at(link.start), why));
        }
    }
}

/// The draft's table against the request's, and the request's against the catalogue.
pub(crate) fn table(
    draft: &Draft,
    request: &ContentRequest,
    field: &Field,
    findings: &mut Vec<Finding>,
) {
    let wanted = &request.blocks.table;
    if wanted.rows.is_empty() && draft.tables.is_empty() {
        return;
    }
    match &draft.tables[..] {
        [table] => {
            let rows = std::iter::once(&wanted.headings).chain(&wanted.rows);
            let wrong = rows
                .zip(&table.rows)
                .enumerate()
                .find_map(|(at, (wanted, written))| {
                    let same = wanted.len() == written.len()
                        && wanted.iter().zip(written).all(|(a, b)| fold(a) == fold(b));
                    (!same).then_some(at)
                });
            if wrong.is_some() || table.rows.len() != wanted.rows.len() + 1 {
                // The delimiter row stands below the headings.
                let line = table.line + wrong.map_or(0, |at| if at == 0 { 0 } else { at + 1 });
                findings.push(
                    Code::TableAltered
                        .line(line, "The table must be the request's, word for word."),
                );
            }
        }
        tables => {
            let line = tables.first().map_or(1, |t| t.line);
            findings
                .push(Code::TableAltered.line(line, "There must be exactly the request's table."));
        }
    }
    for (number, row) in wanted.rows.iter().enumerate() {
        let line = draft.tables.first().map_or(1, |t| t.line + number + 2);
        let Some(product) = row.first().and_then(|name| field.row_named(name)) else {
            findings.push(Code::TableWrong.line(
                line,
                "The table lists a product that the catalogue does not.",
            ));
            continue;
        };
        for (name, cell) in wanted.columns.iter().zip(row).skip(1) {
            let right = field.column_index(name).is_some_and(|column| {
                shows(
                    cell,
                    &field.catalogue.columns[column],
                    &field.catalogue.rows[product].cells[column],
                )
            });
            if !right {
                let stated = field
                    .column_index(name)
                    .map_or("nothing", |c| &field.catalogue.rows[product].cells[c].raw);
                let why = format!(
                    "{cell} is not what the catalogue states for {} and {name}: {stated}.",
                    row[0]
                );
                findings.push(Code::TableWrong.line(line, why));
            }
        }
    }
}

/// Whether a table's cell shows what the catalogue's cell means.
fn shows(shown: &str, column: &Column, cell: &Cell) -> bool {
    let shown = fold(shown);
    match &cell.value {
        Value::Missing => {
            const NOTHING: [&str; 9] = [
                "",
                "-",
                "–",
                "—",
                "?",
                "n/a",
                "not stated",
                "not stated by the maker",
                "unknown",
            ];
            NOTHING.contains(&shown.to_lowercase().as_str())
        }
        Value::Number(n) => {
            decimals_signed(&shown, n.is_sign_negative()) == [*n] && unit_fits(&shown, column)
        }
        Value::Dimensions(lengths) => {
            decimals(&shown).eq(lengths.iter().copied()) && unit_fits(&shown, column)
        }
        Value::Boolean(b) => truth(&shown) == Some(*b),
        Value::Date(date) => same_text(&shown, &date.to_string()),
        Value::Url | Value::Category | Value::Text => {
            let raw = fold(&cell.raw);
            raw == shown
                || shown.strip_suffix('…').is_some_and(|start| {
                    !start.trim().is_empty() && raw.starts_with(start.trim_end())
                })
        }
    }
}

fn decimals_signed(text: &str, negative: bool) -> Vec<Decimal> {
    let minus = text.contains(['-', '−']);
    let signed = |n: Decimal| if minus && negative { -n } else { n };
    decimals(text).map(signed).collect()
}

/// The words around a cell's number are its column's unit, or nothing.
fn unit_fits(shown: &str, column: &Column) -> bool {
    let mut rest = String::with_capacity(shown.len());
    let others = |c: &char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '−');
    rest.extend(shown.chars().filter(others));
    let rest = rest.trim();
    match &column.unit {
        Some(unit) => {
            rest.is_empty()
                || rest == unit.trim()
                || same_unit(rest) == same_unit(unit)
                || (unit.contains(|c: char| c.is_ascii_digit()) && shown.contains(unit.as_str()))
                || rest.replace(" x ", " ").trim() == unit
                || rest.replace('x', "").trim() == unit
        }
        None => {
            rest.is_empty()
                || rest.replace(['x', ' '], "").is_empty()
                || !is_unit(&rest.to_lowercase())
        }
    }
}
