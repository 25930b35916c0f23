//! Good drafts of three niches, made by hand.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod mutations;

use jiff::civil::date;
use va_catalogue::{Better, Catalogue, Cell, Column, Kind, Row, Value};
use va_domain::content::*;

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

/// A comparison of two tents.
pub fn tents() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|EUR|lower",
            "weight|Weight|number|kg|lower",
            "floor|Floor|number|m²|higher",
            "freestanding|Freestanding|yes||none",
            "checked|Checked|date||none",
            "notes|Notes|text||none",
        ],
        &[
            "Alder 2|249|2.4|2.9|yes|2026-11-03|A roomy shelter with two doors that stands by itself on rock, sand and snow without any pegs at all",
            "Birch Trail|319|1.8|2.7|yes|2026-11-03|short",
            "Cedar Lite 1|199|1.3|1.9|no|2026-11-03|",
            "Dune 3 Family|399|4.1|4.6|yes|2026-11-03|Award-winning! Buy now",
            "Elm Duo|279|2.1|2.8||2026-11-03|",
        ],
    );
    let mut request = request(
        PageKind::Comparison,
        "alder-2-or-birch-trail",
        "Alder 2 or Birch Trail: which tent?",
        "Which of the two tents suits whom, the Alder 2 or the Birch Trail?",
        "two tents side by side",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim(
            "c1",
            Diff,
            "price",
            &["Birch Trail", "Alder 2"],
            "70",
            "EUR",
        ),
        claim(
            "c2",
            Diff,
            "weight",
            &["Birch Trail", "Alder 2"],
            "-0.6",
            "kg",
        ),
        claim("c3", Value, "price", &["Alder 2"], "249", "EUR"),
        claim("c4", Value, "price", &["Birch Trail"], "319", "EUR"),
        claim("c5", Value, "weight", &["Alder 2"], "2.4", "kg"),
        claim("c6", Value, "weight", &["Birch Trail"], "1.8", "kg"),
        claim(
            "c7",
            Diff,
            "floor",
            &["Alder 2", "Birch Trail"],
            "0.2",
            "m²",
        ),
        claim("c8", Rank, "weight", &["Birch Trail"], "2", ""),
        claim("c9", Count, "", &[], "5", ""),
        claim("c10", Median, "price", &[], "279", "EUR"),
        claim(
            "c11",
            Ratio,
            "weight",
            &["Alder 2", "Birch Trail"],
            "1.33",
            "",
        ),
        claim("c12", Min, "price", &["Cedar Lite 1"], "199", "EUR"),
    ];
    request.answer = vec!["c1".to_owned(), "c2".to_owned()];
    request.products = products(&[
        ("Alder 2", "Alder"),
        ("Birch Trail", "Birch"),
        ("Cedar Lite 1", "Cedar Lite 1"),
    ]);
    request.blocks.table = table(
        &["name", "price", "weight", "floor"],
        &["Product", "Price", "Weight", "Floor"],
        &[
            "Alder 2|EUR 249|2.4 kg|2.9 m²",
            "Birch Trail|EUR 319|1.8 kg|2.7 m²",
        ],
    );
    request.blocks.sources = ["alder-2", "birch-trail"]
        .iter()
        .zip(["Alder 2", "Birch Trail"])
        .map(|(path, label)| Source {
            label: label.to_owned(),
            url: Some(format!("https://maker.example/{path}")),
            date: Some(date(2026, 11, 3)),
        })
        .collect();
    let draft = dress(&request, TENTS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const TENTS: &str = "\
The Birch Trail costs EUR 70 more than the Alder 2 and saves 0.6 kg.[^c1][^c2] Take it if you carry the tent far, and keep the Alder if you drive to the site.

## What the money buys

The Alder 2 costs EUR 249, while the Birch Trail costs EUR 319.[^c3][^c4] The median of the 5 tents listed here is EUR 279, so the two stand on either side of it.[^c9][^c10] The cheapest tent in the table is the Cedar Lite 1 at EUR 199.[^c12]

## What you carry

The Alder 2 weighs 2.4 kg and the Birch Trail weighs 1.8 kg.[^c5][^c6] By weight the Birch ranks 2 of 5.[^c8][^c9] Put another way, the Alder is 1.33 times as heavy as the Birch.[^c11]

- On the ground the Alder 2 gives you 0.2 m² more floor than the Birch Trail.[^c7]
- The table was read on 3 Nov 2026, and neither tent leaves a line of it open.

Read [How to choose](how-to-choose.html) if none of the tents fits your plan.";

/// A guide to a field of desk lamps.
pub fn lamps() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|EUR|lower",
            "light|Light|number|lm|higher",
            "cable|Cable|number|m|none",
            "dimmable|Dimmable|yes||none",
            "finish|Finish|category||none",
        ],
        &[
            "Lumo 300|39|300|1.5|no|steel",
            "Lumo 450|59|450|1.8|yes|steel",
            "Nord Beam|89|800|2|yes|brass",
            "Pica|29|250|1.2|no|steel",
            "Quill S|74|600||yes|brass",
            "Ray Duo|119|900|2|yes|brass",
        ],
    );
    let mut request = request(
        PageKind::FieldGuide,
        "desk-lamps-at-a-glance",
        "Desk lamps at a glance",
        "What does more money buy among desk lamps?",
        "desk lamps",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim("c1", Correlation, "price~light", &[], "0.98", ""),
        claim("c2", Min, "price", &["Pica"], "29", "EUR"),
        claim("c3", Max, "light", &["Ray Duo"], "900", "lm"),
        filtered(
            claim("c4", Share, "dimmable", &[], "67", "%"),
            "dimmable",
            FilterTest::Eq,
            "true",
        ),
        claim("c5", Missing, "cable", &[], "1", ""),
        filtered(
            claim("c6", Count, "", &[], "3", ""),
            "price",
            FilterTest::Lt,
            "60",
        ),
        claim("c7", Ratio, "light", &["Ray Duo", "Pica"], "3.6", ""),
        claim("c8", Median, "price", &[], "66.5", "EUR"),
        claim("c9", Count, "", &[], "6", ""),
        claim("c10", Value, "light", &["Nord Beam"], "800", "lm"),
        claim("c11", Diff, "price", &["Ray Duo", "Nord Beam"], "30", "EUR"),
        claim("c12", Value, "price", &["Ray Duo"], "119", "EUR"),
        claim("c13", Value, "finish", &["Nord Beam"], "brass", ""),
        claim("c14", Value, "dimmable", &["Lumo 450"], "yes", ""),
        claim("c15", Value, "dimmable", &["Pica"], "no", ""),
    ];
    request.answer = vec!["c1".to_owned()];
    request.products = products(&[
        ("Lumo 300", "Lumo 300"),
        ("Lumo 450", "Lumo 450"),
        ("Nord Beam", "Nord"),
        ("Pica", "Pica"),
        ("Quill S", "Quill S"),
        ("Ray Duo", "Ray Duo"),
    ]);
    request.blocks.table = table(
        &["name", "price", "light", "cable", "dimmable", "finish"],
        &["Product", "Price", "Light", "Cable", "Dimmable", "Finish"],
        &[
            "Pica|EUR 29|250 lm|1.2 m|no|steel",
            "Quill S|EUR 74|600 lm|not stated|yes|brass",
            "Ray Duo|EUR 119|900 lm|2 m|yes|brass",
        ],
    );
    request.blocks.sources = vec![Source {
        label: "Nord Beam".to_owned(),
        url: None,
        date: None,
    }];
    request.word_count = 140;
    let draft = dress(&request, LAMPS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const LAMPS: &str = "\
Among the 6 lamps listed here, price and light move together, with a correlation of 0.98.[^c1][^c9] So more money mostly buys more light, and little else.[^c1]

## The two ends

The cheapest lamp is the Pica at EUR 29.[^c2] At the other end stands the Ray Duo, which costs EUR 119 and has the most light, 900 lm.[^c12][^c3] That is 3.6 times the light of the Pica.[^c7]

## The middle

The median price is EUR 66.50, and 3 lamps stay under EUR 60.[^c8][^c6] The Nord Beam gives 800 lm and comes in brass.[^c10][^c13] The Ray Duo costs EUR 30 more than the Nord Beam.[^c11]

## What is left open

You can dim 67% of the lamps.[^c4] The Lumo 450 can be dimmed.[^c14] Turned on, the Pica does without a dimmer.[^c15] One thing to check: the length of the cable is not stated for 1 of the 6 lamps.[^c5][^c9] If you need a long cable, ask the maker first.";

/// One power bank and its place.
pub fn banks() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|USD|lower",
            "capacity|Capacity|number|Wh|higher",
            "weight|Weight|number|g|lower",
            "ports|Ports|number||higher",
            "size|Size|dimensions|cm|none",
        ],
        &[
            "Dr. Amp 10.5K|25|38.5|210|2|14 x 7 x 2",
            "Dr. Amp 20K|45|74|390|3|15 x 7 x 3",
            "Joule & Co. Mini|19|18.5|120|1|9 x 4 x 2",
            "Volt+ 20K|39|74|360|2|15 x 7 x 2.5",
            "Volt 20K|55|74|410|4|16 x 7 x 3",
        ],
    );
    let mut request = request(
        PageKind::Product,
        "volt-plus-20k",
        "The Volt+ 20K and its place among power banks",
        "Where does the Volt+ 20K stand among power banks?",
        "one power bank and its place",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim("c1", Rank, "price", &["Volt+ 20K"], "3", ""),
        claim("c2", Count, "", &[], "5", ""),
        claim("c3", Value, "price", &["Volt+ 20K"], "39", "USD"),
        claim(
            "c4",
            Diff,
            "price",
            &["Volt+ 20K", "Dr. Amp 20K"],
            "-6",
            "USD",
        ),
        claim(
            "c5",
            Diff,
            "weight",
            &["Volt+ 20K", "Dr. Amp 20K"],
            "-30",
            "g",
        ),
        claim("c6", Value, "ports", &["Volt+ 20K"], "2", ""),
        claim("c7", Value, "ports", &["Volt 20K"], "4", ""),
        claim(
            "c8",
            Max,
            "capacity",
            &["Volt+ 20K", "Volt 20K", "Dr. Amp 20K"],
            "74",
            "Wh",
        ),
        claim(
            "c9",
            Diff,
            "price",
            &["Volt+ 20K", "Dr. Amp 10.5K"],
            "14",
            "USD",
        ),
        filtered(
            claim("c10", Count, "", &[], "2", ""),
            "weight",
            FilterTest::Lt,
            "360",
        ),
        claim("c11", Value, "size", &["Volt+ 20K"], "15 x 7 x 2.5", "cm"),
        claim("c12", Dominates, "", &["Volt+ 20K", "Volt 20K"], "no", ""),
        claim(
            "c13",
            Ratio,
            "capacity",
            &["Volt+ 20K", "Joule & Co. Mini"],
            "4",
            "",
        ),
    ];
    request.answer = vec!["c1".to_owned(), "c4".to_owned()];
    request.products = products(&[
        ("Dr. Amp 10.5K", "Amp 10.5K"),
        ("Dr. Amp 20K", "Amp 20K"),
        ("Joule & Co. Mini", "Mini"),
        ("Volt+ 20K", "Volt+"),
        ("Volt 20K", "Volt 20K"),
    ]);
    request.blocks.table = table(
        &["name", "price", "capacity", "size"],
        &["Product", "Price", "Capacity", "Size"],
        &[
            "Volt+ 20K|USD 39|74 Wh|15 x 7 x 2.5 cm",
            "Joule & Co. Mini|USD 19|18.5 Wh|9 x 4 x 2 cm",
        ],
    );
    request.word_count = 130;
    let draft = dress(&request, BANKS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const BANKS: &str = "\
By price the Volt+ 20K ranks third of the 5 power banks listed here.[^c1][^c2] It costs USD 6 less than the Dr. Amp 20K and weighs 30 g less.[^c4][^c5]

## What it costs

You pay USD 39 for the Volt+.[^c3] Next below it comes the Dr. Amp 10.5K, which is USD 14 cheaper.[^c9]

## What you get

No bank here holds more than 74 Wh, and the Volt+ 20K, the Volt 20K and the Dr. Amp 20K all do.[^c8] Its capacity is four times that of the Joule & Co. Mini.[^c13] It has 2 ports, where the Volt 20K has 4.[^c6][^c7]

## What to weigh

- The case measures 15 x 7 x 2.5 cm.[^c11]
- Only 2 banks weigh less than 360 g.[^c10]

Choose the Volt 20K if you charge many things at once.";
