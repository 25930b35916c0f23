//! Good drafts of three niches, made by hand.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

mod banks;
mod lamps;
pub mod mutations;
mod tents;

use jiff::civil::date;
use va_catalogue::{Better, Catalogue, Cell, Column, Kind, Row, Value};
use va_domain::content::*;

pub use banks::banks;
pub use lamps::lamps;
pub use tents::tents;

/// A draft with everything that it is reviewed against.
pub struct Case {
    pub draft: String,
    pub request: ContentRequest,
    pub catalogue: Catalogue,
}

/// Builds a catalogue: columns as `name|label|kind|unit|better`, rows as cells between `|`.
pub fn catalogue(columns: &[&str], rows: &[&str]) -> Catalogue {
    let columns: Vec<Column> = columns
        .iter()
        .map(|line| {
            let parts: Vec<&str> = line.split('|').collect();
            Column {
                header: parts[0].to_owned(),
                name: parts[0].to_owned(),
                label: parts[1].to_owned(),
                kind: match parts[2] {
                    "name" => Kind::Name,
                    "number" => Kind::Number,
                    "yes" => Kind::Boolean,
                    "date" => Kind::Date,
                    "url" => Kind::Url,
                    "category" => Kind::Category,
                    "dimensions" => Kind::Dimensions,
                    _ => Kind::Text,
                },
                unit: Some(parts[3]).filter(|u| !u.is_empty()).map(str::to_owned),
                better: match parts[4] {
                    "lower" => Better::Lower,
                    "higher" => Better::Higher,
                    _ => Better::None,
                },
                about: None,
                stated: rows.len(),
                distinct: rows.len(),
            }
        })
        .collect();
    let cell = |column: &Column, raw: &str| Cell {
        raw: raw.into(),
        value: match column.kind {
            _ if raw.is_empty() => Value::Missing,
            Kind::Number => Value::Number(raw.parse().expect("a number")),
            Kind::Boolean => Value::Boolean(raw == "yes"),
            Kind::Date => Value::Date(raw.parse().expect("a date")),
            Kind::Url => Value::Url,
            Kind::Category => Value::Category,
            Kind::Dimensions => Value::Dimensions(
                raw.split(" x ")
                    .map(|n| n.parse().expect("a length"))
                    .collect(),
            ),
            Kind::Name | Kind::Text => Value::Text,
        },
    };
    let rows = rows
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let cells: Vec<Cell> = columns
                .iter()
                .zip(line.split('|'))
                .map(|(c, raw)| cell(c, raw.trim()))
                .collect();
            assert_eq!(cells.len(), columns.len(), "{line}");
            Row {
                line: number as u64 + 2,
                name: cells[0].raw.to_string(),
                cells,
            }
        })
        .collect();
    Catalogue {
        columns,
        name_column: 0,
        rows,
        rejected: Vec::new(),
    }
}

pub fn claim(id: &str, op: ClaimOp, column: &str, rows: &[&str], value: &str, unit: &str) -> Claim {
    Claim {
        id: id.to_owned(),
        op,
        column: column.to_owned(),
        rows: rows.iter().map(|&r| r.to_owned()).collect(),
        filter: Vec::new(),
        value: value.to_owned(),
        unit: Some(unit).filter(|u| !u.is_empty()).map(str::to_owned),
        text: String::new(),
    }
}

pub fn filtered(mut claim: Claim, column: &str, test: FilterTest, value: &str) -> Claim {
    claim.filter.push(Filter {
        column: column.to_owned(),
        test,
        value: value.to_owned(),
    });
    claim
}

fn products(names: &[(&str, &str)]) -> Vec<ProductRef> {
    names
        .iter()
        .map(|(name, short)| ProductRef {
            name: (*name).to_owned(),
            short: (*short).to_owned(),
        })
        .collect()
}

fn table(columns: &[&str], headings: &[&str], rows: &[&str]) -> TableBlock {
    let owned = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
    TableBlock {
        caption: "What the makers state".to_owned(),
        columns: owned(columns),
        headings: owned(headings),
        rows: rows
            .iter()
            .map(|line| line.split('|').map(|c| c.trim().to_owned()).collect())
            .collect(),
    }
}

fn request(kind: PageKind, slug: &str, title: &str, question: &str, topic: &str) -> ContentRequest {
    ContentRequest {
        schema: "va.content-request/1".to_owned(),
        content_id: slug.to_owned(),
        slug: slug.to_owned(),
        kind,
        topic: topic.to_owned(),
        title: title.to_owned(),
        question: question.to_owned(),
        angle: "two products side by side".to_owned(),
        answer: Vec::new(),
        word_count: 150,
        tags: Vec::new(),
        prompt_context: None,
        page: 1,
        site_name: "A guide".to_owned(),
        audience: None,
        tone: None,
        language: "en".to_owned(),
        banned_phrases: vec!["bargain hunters".to_owned()],
        products: Vec::new(),
        field_size: 5,
        claims: Vec::new(),
        blocks: Blocks {
            disclosure:
                "Links marked with an asterisk earn us a commission; the price stays the same."
                    .to_owned(),
            byline: "Written by rules from a table of facts; nothing was tested by hand."
                .to_owned(),
            method: vec![
                "Every figure comes from the makers' pages.".to_owned(),
                "What a maker does not state is left open.".to_owned(),
            ],
            chart: TableBlock::default(),
            table: TableBlock::default(),
            sources: Vec::new(),
        },
        related: vec![RelatedPage {
            slug: "how-to-choose".to_owned(),
            title: "How to choose".to_owned(),
        }],
        as_of: date(2026, 11, 20),
    }
}

/// Puts the copied parts around the prose.
pub fn dress(request: &ContentRequest, prose: &str) -> String {
    let blocks = &request.blocks;
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut draft = format!(
        "# {}\n\n{}\n\n{}\n\n## {}\n\n",
        request.title,
        blocks.disclosure,
        prose.trim(),
        blocks.table.caption
    );
    draft += &row(&blocks.table.headings);
    draft += &row(&blocks
        .table
        .headings
        .iter()
        .map(|_| "---".to_owned())
        .collect::<Vec<_>>());
    blocks
        .table
        .rows
        .iter()
        .for_each(|cells| draft += &row(cells));
    draft += "\n## How this page was made\n\n";
    blocks
        .method
        .iter()
        .for_each(|item| draft += &format!("- {item}\n"));
    draft += "\n## Sources\n\n";
    for source in &blocks.sources {
        let label = source.url.as_ref().map_or(source.label.clone(), |url| {
            format!("[{}]({url})", source.label)
        });
        draft += &format!(
            "- {label}{}\n",
            if source.date.is_some() {
                ", 3 Nov 2026"
            } else {
                ""
            }
        );
    }
    draft + &format!("\n{}\n", blocks.byline)
}
