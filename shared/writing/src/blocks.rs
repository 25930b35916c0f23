//! What every page copies word for word: disclosure, method, table, sources; and what a writer must know
//! of the columns.

mod context;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use va_catalogue::{Better, Cell, Value};
use va_domain::{
    content::{Blocks, Claim, PageKind, ProductRef, TableBlock},
    goal_spec::GoalSpec,
};

use crate::{
    escape::fold,
    field::{Field, Profile, is_name},
    pages::{Proposal, frontier, spoken},
    words::{amount, has_no_singular, inner, is_currency, list, plain, written_date},
};
pub(crate) use context::context;
use sources::sources;

/// The most columns of a table, the product's included.
const TABLE_COLUMNS: usize = 6;
/// The most characters of a text in a table's cell.
const CELL: usize = 60;
/// The most marks of a chart: what a page has room for within its weight.
const MARKS: usize = 120;

/// The blocks of a page.
pub(crate) fn of(field: &Field, proposal: &Proposal, claims: &[Claim], spec: &GoalSpec) -> Blocks {
    let table = table(field, proposal);
    Blocks {
        disclosure: disclosure(spec),
        byline: "Written by rules from a table of facts; nothing was tested by hand.".to_owned(),
        method: method(field, proposal, claims, &table),
        sources: sources(field, proposal, claims),
        chart: chart(field, proposal),
        table,
    }
}

/// The price against the column that the field guide argues with: every product that states both, so that
/// the line in the chart is the one in the prose.
fn chart(field: &Field, proposal: &Proposal) -> TableBlock {
    if proposal.kind != PageKind::FieldGuide {
        return TableBlock::default();
    }
    let (Some(price), Some(by)) = (field.price(), frontier::column(field)) else {
        return TableBlock::default();
    };
    let catalogue = field.catalogue;
    let row = |row: usize| {
        let cells = [price.at, by.at].map(|at| cell(field, row, at));
        let name = fold(field.name(row));
        let [Some(x), Some(y)] = cells else {
            return None;
        };
        (!is_code(&name)).then(|| vec![name.into_owned(), x, y])
    };
    let rows = frontier::drawn(field, price, by, MARKS);
    let stated = price
        .numbers
        .iter()
        .filter(|(_, row)| field.number(*row as usize, by).is_some());
    let caption = if stated.count() <= MARKS {
        "A mark for each product that states both."
    } else {
        "Marks for the products that no other beats on both, and for others spread over the prices."
    };
    TableBlock {
        caption: caption.to_owned(),
        columns: [catalogue.name_column, price.at, by.at]
            .map(|at| catalogue.columns[at].name.clone())
            .to_vec(),
        headings: vec![
            "Product".to_owned(),
            crate::words::capital(&price.label),
            crate::words::capital(&by.label),
        ],
        rows: rows.into_iter().filter_map(row).collect(),
    }
}

fn disclosure(spec: &GoalSpec) -> String {
    let programme = fold(&spec.revenue.programme);
    if spec.revenue.model == "none" {
        return "This page carries no paid links.".to_owned();
    }
    let through = if programme.is_empty() {
        String::new()
    } else {
        format!(" through {programme}")
    };
    format!(
        "Links to shops on this page are paid links: if you buy by way of one, this site may earn a commission{through}. \
         What the page says was computed before any link was set."
    )
}

/// What was compared, by which criterion, what is left open.
fn method(field: &Field, proposal: &Proposal, claims: &[Claim], table: &TableBlock) -> Vec<String> {
    let cited: BTreeSet<&str> = context::cited(claims)
        .chain(table.columns.iter().map(String::as_str))
        .collect();
    let by = |better: Better| -> Vec<String> {
        let judged = field.profiles.iter().filter(|p| {
            p.is_number() && p.column.better == better && cited.contains(p.column.name.as_str())
        });
        judged.map(|p| inner(&p.label)).collect()
    };
    let (lower, higher) = (by(Better::Lower), by(Better::Higher));
    let mut items = vec![
        "All figures come from one table of facts. Differences, places, medians and shares were computed from it.".to_owned(),
    ];
    let mut criteria = Vec::new();
    if !lower.is_empty() {
        criteria.push(format!("less counts as better for {}", list(&lower)));
    }
    if !higher.is_empty() {
        criteria.push(format!("more counts as better for {}", list(&higher)));
    }
    items.push(if criteria.is_empty() {
        "No column says which direction is better, so the page describes and does not judge."
            .to_owned()
    } else {
        let criteria = criteria.join("; ");
        format!(
            "{}. Every other column is described and not judged.",
            crate::words::capital(&criteria)
        )
    });
    items.push("What the table leaves open is called not stated; nothing was guessed.".to_owned());
    if let Some(chosen) = proposal.chosen.filter(|_| !table.rows.is_empty()) {
        let order = field
            .measures()
            .first()
            .map(|p| format!(", in order of {}", inner(&p.label)))
            .unwrap_or_default();
        items.push(format!("{chosen}{order}."));
    }
    items
}

fn table(field: &Field, proposal: &Proposal) -> TableBlock {
    let catalogue = field.catalogue;
    let mut rows: Vec<usize> = proposal
        .rows
        .iter()
        .copied()
        .filter(|&row| !is_code(field.name(row)))
        .collect();
    if rows.len() > 1 && proposal.chosen.is_some() {
        let measures = field.measures();
        if let Some(first) = measures.first() {
            rows.sort_by_key(|&row| {
                (
                    field.number(row, first).is_none(),
                    field.number(row, first),
                    row,
                )
            });
        }
    }
    // The price first, then the page's own columns, then whatever these rows state most.
    let mut order: Vec<usize> = field.price().map(|p| p.at).into_iter().collect();
    order.extend(&proposal.columns);
    let mut others: Vec<usize> = field.profiles.iter().map(|p| p.at).collect();
    let is_open = |row: usize, at: usize| !is_shown(&catalogue.rows[row].cells[at]);
    others.sort_by_cached_key(|&at| (rows.iter().filter(|&&row| is_open(row, at)).count(), at));
    order.extend(others);
    let mut seen = BTreeSet::new();
    let column = |at: usize| -> Option<(usize, Vec<Option<String>>)> {
        let cells: Vec<Option<String>> = rows.iter().map(|&row| cell(field, row, at)).collect();
        let mut shown = cells.iter().flatten().peekable();
        let says = shown.peek().is_some() && !shown.any(|cell| is_code(cell));
        says.then_some((at, cells))
    };
    let mut columns: Vec<(usize, Vec<Option<String>>)> = order
        .into_iter()
        .filter(|at| seen.insert(*at))
        .filter_map(column)
        .take(TABLE_COLUMNS - 1)
        .collect();
    let label = |at: usize| {
        field
            .profiles
            .iter()
            .find(|p| p.at == at)
            .map_or_else(String::new, |p| crate::words::capital(&p.label))
    };
    let named = std::iter::once(catalogue.columns[catalogue.name_column].name.clone());
    let line = |(number, &row): (usize, &usize)| {
        let name = fold(field.name(row)).into_owned();
        let cells = columns.iter_mut().map(|(_, cells)| {
            let cell = cells[number].take();
            cell.unwrap_or_else(|| "not stated".to_owned())
        });
        std::iter::once(name).chain(cells).collect()
    };
    let lines = rows.iter().enumerate().map(line).collect();
    let at = || columns.iter().map(|(at, _)| *at);
    TableBlock {
        caption: caption(proposal.kind).to_owned(),
        columns: named
            .chain(at().map(|at| catalogue.columns[at].name.clone()))
            .collect(),
        headings: std::iter::once("Product".to_owned())
            .chain(at().map(label))
            .collect(),
        rows: lines,
    }
}

/// Whether a text looks like markup, a template or an address: a table is no place for it.
fn is_code(text: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "{",
        "}",
        "<",
        ">",
        "](",
        "[^",
        "`",
        "://",
        "www.",
        "NaN",
        "undefined",
        "TODO",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

fn caption(kind: PageKind) -> &'static str {
    match kind {
        PageKind::FieldGuide => "The field in one table",
        PageKind::HowToChoose => "The products by these columns",
        PageKind::Comparison => "Both in one table",
        PageKind::WhyPayMore => "The two side by side",
        PageKind::BestUnder => "The candidates",
        PageKind::Product => "Beside its neighbours",
        PageKind::Gaps => "Products with gaps",
    }
}

/// Whether a table can show a cell.
fn is_shown(cell: &Cell) -> bool {
    !matches!(cell.value, Value::Missing | Value::Url)
}

/// A cell as a table shows it; none where nothing can be shown.
fn cell(field: &Field, row: usize, at: usize) -> Option<String> {
    let column = &field.catalogue.columns[at];
    let cell = &field.catalogue.rows[row].cells[at];
    let unit = column.unit.as_deref();
    Some(match &cell.value {
        Value::Missing | Value::Url => return None,
        Value::Number(n) => {
            let value = plain(*n);
            let bare = value.trim_start_matches('-') == "1" && unit.is_some_and(has_no_singular);
            amount(&value, if bare { None } else { unit })
        }
        Value::Boolean(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Value::Date(date) => written_date(*date),
        Value::Dimensions(lengths) => {
            let lengths: Vec<String> = lengths.iter().map(|n| plain(*n)).collect();
            amount(&lengths.join(" x "), unit.filter(|u| !is_currency(u)))
        }
        Value::Category | Value::Text => {
            let text = fold(&cell.raw);
            if text.chars().count() <= CELL {
                text.into_owned()
            } else {
                let start: String = text.chars().take(CELL - 1).collect();
                format!("{}…", start.trim_end())
            }
        }
    })
}

/// The products that the claims name.
pub(crate) fn products(field: &Field, claims: &[Claim]) -> Vec<ProductRef> {
    let rows = named_rows(field, claims);
    let short = short_names(field, &rows);
    let product = |row: usize| {
        let name = field.name(row).to_owned();
        ProductRef {
            short: spoken(short.get(&row).unwrap_or(&name)).to_owned(),
            name,
        }
    };
    rows.into_iter().map(product).collect()
}

/// Shorter names by leaving out the maker, where that leaves two words that no other name has.
fn short_names(field: &Field, rows: &[usize]) -> BTreeMap<usize, String> {
    let makers: Vec<&Profile> = field
        .profiles
        .iter()
        .filter(|p| p.column.kind == va_catalogue::Kind::Category)
        .collect();
    let short = |row: usize| {
        let name = field.name(row);
        makers.iter().find_map(|p| {
            let rest = name
                .strip_prefix(&*field.cell(row, p).raw)?
                .strip_prefix(' ')?;
            // A figure in a short name would look like one that needs proof.
            let plain = !rest.contains(|c: char| c.is_ascii_digit());
            (plain && rest.contains(' ') && rest.starts_with(char::is_alphabetic) && is_name(rest))
                .then_some(rest)
        })
    };
    let candidates: Vec<(usize, &str)> = rows
        .iter()
        .filter_map(|&row| Some((row, short(row)?)))
        .collect();
    let unique = |name: &str| {
        let others = field
            .catalogue
            .rows
            .iter()
            .filter(|row| row.name.contains(name));
        others.take(2).count() == 1
    };
    candidates
        .into_iter()
        .filter(|(_, name)| unique(name))
        .map(|(row, name)| (row, name.to_owned()))
        .collect()
}

/// The rows that the claims name, in the order in which they do.
fn named_rows(field: &Field, claims: &[Claim]) -> Vec<usize> {
    let names: BTreeSet<&str> = claims
        .iter()
        .flat_map(|c| &c.rows)
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let found: BTreeMap<&str, usize> = (0..field.rows())
        .rev()
        .filter(|&row| field.is_nameable(row) && names.contains(field.name(row)))
        .map(|row| (field.name(row), row))
        .collect();
    let mut seen = BTreeSet::new();
    let order = claims
        .iter()
        .flat_map(|c| &c.rows)
        .filter_map(|name| found.get(name.as_str()).copied());
    order.filter(|row| seen.insert(*row)).collect()
}
