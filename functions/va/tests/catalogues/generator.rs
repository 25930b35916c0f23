//! A goal folder from a seed: any niche, any shape, always the same bytes.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::niches::{HOSTILE, Measured, NICHES, Niche};

/// SplitMix64: small, and the same on every machine.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("below n")
    }

    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        let part = self.below(1_000_001) as f64 / 1e6;
        low + part * (high - low)
    }
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Comma,
    Semicolon,
    Tab,
    Json,
}

/// Where a column's unit stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum UnitIn {
    Header,
    Key,
    Cell,
    Mixed,
    Nowhere,
}

/// How the values of a column are spread.
#[derive(Clone, Copy, Debug)]
enum Spread {
    Plain,
    Equal,
    Ties,
    Outlier,
    Huge,
    Tiny,
    Negative,
}

/// A column that `va catalogue inspect` must know for what it is.
#[derive(Debug)]
pub struct Expected {
    pub header: String,
    pub kind: &'static str,
    pub unit: Option<&'static str>,
}

/// A goal folder, and what is known of it.
pub struct Made {
    /// In a line, for whoever reads a failure.
    pub what: String,
    pub goal: String,
    pub file: String,
    pub bytes: Vec<u8>,
    /// Usable rows.
    pub rows: usize,
    pub rejected: usize,
    pub expected: Vec<Expected>,
    pub base_url: String,
    pub tag: Option<String>,
    pub max_articles: usize,
}

struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    expected: Vec<Expected>,
    hints: String,
}

/// The folder of a seed.
pub fn make(seed: u64) -> Made {
    let c = &mut Chance::new(seed);
    let niche = c.of(NICHES);
    let german = c.percent(35);
    let form = if german {
        *c.of(&[Form::Semicolon, Form::Semicolon, Form::Tab])
    } else {
        *c.of(&[
            Form::Comma,
            Form::Comma,
            Form::Semicolon,
            Form::Tab,
            Form::Json,
        ])
    };
    let rows = match c.below(20) {
        0..=3 => 3 + c.below(3),
        4..=8 => 6 + c.below(10),
        9..=14 => 16 + c.below(30),
        15..=17 => 50 + c.below(150),
        18 => 400 + c.below(400),
        _ if seed.is_multiple_of(5) => 5_000,
        _ => 40,
    };
    let gaps = *c.of(&[0, 0, 5, 20, 60]);
    let hostile = *c.of(&[0, 0, 10, 60]);
    let mut table = table(c, niche, german, rows, gaps, hostile);
    names(c, &mut table, niche, german, rows, hostile);
    let (shop, tag) = revenue(c, &mut table);
    let duplicates = c.percent(15);
    if duplicates {
        let again = table.rows[c.below(rows)].clone();
        table.rows.push(again);
    }
    let set_aside = usize::from(duplicates);
    let rejected = if form != Form::Json && rows > 15 && c.percent(25) {
        1 + c.below(rows / 12)
    } else {
        0
    };
    let bytes = write(c, &table, form, rejected, german);
    let base_url = (*c.of(&[
        "https://example.org/",
        "https://example.org/guides/a-b/",
        "https://www.example.org/x/y/z/",
        "https://example.org:8443/~me/",
    ]))
    .to_owned();
    let max_articles = *c.of(&[1, 3, 12, 12, 12, 45]);
    let file = if form == Form::Json {
        "catalogue.json"
    } else {
        "catalogue.csv"
    };
    let phrase = if c.percent(20) {
        "banned_phrases = [\"for the money\", \"überhaupt\"]\n"
    } else {
        ""
    };
    let audience = if c.percent(20) {
        "audience = \"people <b>who</b> & want | things\"\n"
    } else {
        ""
    };
    let goal = format!(
        "schema = 1\n[goal]\nid = \"unseen\"\nintent = \"Earn 100 EUR a month from a guide site\"\nas_of = 2026-11-20\n\
         [limits]\nmax_articles = {max_articles}\n{phrase}[budget]\namount = \"25.00\"\ntokens = 40000000\ncalls = 5000\n\
         {shop}[site]\nid = \"guide\"\nname = \"The {} Guide & more\"\nbase_url = \"{base_url}\"\n{audience}\
         [catalogue]\nfile = \"{file}\"\nname = {:?}\n{}",
        niche.noun, table.headers[0], table.hints
    );
    Made {
        what: format!(
            "seed {seed}: {} {form:?} german={german} rows={rows} gaps={gaps} hostile={hostile} duplicates={duplicates} rejected={rejected} max={max_articles}",
            niche.noun
        ),
        goal,
        file: file.to_owned(),
        bytes,
        rows,
        rejected: rejected + set_aside,
        expected: table.expected,
        base_url,
        tag,
        max_articles,
    }
}

/// The columns beside the name.
fn table(
    c: &mut Chance,
    niche: &Niche,
    german: bool,
    rows: usize,
    gaps: usize,
    hostile: usize,
) -> Table {
    let lang = usize::from(german);
    let mut table = Table {
        headers: Vec::new(),
        rows: vec![Vec::new(); rows],
        expected: Vec::new(),
        hints: String::new(),
    };
    for measured in niche.measured {
        if c.percent(12) {
            continue;
        }
        number_column(c, &mut table, measured, german, gaps);
    }
    let gap = |c: &mut Chance| {
        c.percent(gaps)
            .then(|| (*c.of(&["", "-", "n/a", "?", "unknown"])).to_owned())
    };
    let mut push =
        |c: &mut Chance, header: &str, cell: &mut dyn FnMut(&mut Chance, usize) -> String| {
            table.headers.push(header.to_owned());
            for (n, row) in table.rows.iter_mut().enumerate() {
                let cell = match gap(c) {
                    Some(gap) => gap,
                    None => cell(c, n),
                };
                row.push(cell);
            }
        };
    let (header, values) = niche.category;
    if c.percent(80) {
        push(c, header[lang], &mut |c, _| (*c.of(values)).to_owned());
    }
    if c.percent(60) {
        let pair = if german {
            ["ja", "nein"]
        } else {
            *c.of(&[["yes", "no"], ["true", "false"]])
        };
        push(c, niche.flag[lang], &mut |c, _| (*c.of(&pair)).to_owned());
    }
    if c.percent(50) {
        let one = c.percent(40);
        push(c, ["Brand", "Marke"][lang], &mut |c, n| {
            if one {
                "Acme".to_owned()
            } else {
                format!(
                    "{}{}",
                    c.of(&["Acme", "Acme Pro", "Bolt & Sons", "Çelik", "99"]),
                    if rows > 100 {
                        (n % 7).to_string()
                    } else {
                        String::new()
                    }
                )
            }
        });
    }
    if c.percent(40) {
        push(c, ["Size (cm)", "Maße (cm)"][lang], &mut |c, _| {
            format!(
                "{} x {} x {}",
                10 + c.below(90),
                5 + c.below(40),
                1 + c.below(30)
            )
        });
    }
    if c.percent(40) {
        let one = c.percent(50);
        push(c, ["Read on", "Stand"][lang], &mut |c, _| {
            let day = if one { 3 } else { 1 + c.below(28) };
            if german {
                format!("{day:02}.10.2026")
            } else {
                format!("2026-10-{day:02}")
            }
        });
    }
    if c.percent(60) {
        push(c, ["Notes", "Hinweise"][lang], &mut |c, _| {
            if c.percent(hostile) {
                let text = *c.of(HOSTILE);
                if c.percent(3) {
                    text.repeat(10_240 / text.len() + 1)
                } else {
                    text.to_owned()
                }
            } else {
                format!(
                    "The maker says a {} word about {}.",
                    c.of(&["good", "plain", "long", "short"]),
                    c.of(&["use", "care", "parts", "the box"])
                )
            }
        });
    }
    if c.percent(30) {
        push(c, ["Source", "Quelle"][lang], &mut |c, n| {
            format!(
                "https://{}.example/p/{n}?a=1&b=ä",
                c.of(&["maker", "www.press", "a-b.maker"])
            )
        });
    }
    // Two columns beside the name at least, whatever chance left out.
    while table.headers.len() < 2 {
        let measured = c.of(niche.measured);
        number_column(c, &mut table, measured, german, gaps);
    }
    table
}

fn number_column(
    c: &mut Chance,
    table: &mut Table,
    measured: &Measured,
    german: bool,
    gaps: usize,
) {
    let place = match measured.unit {
        "" => UnitIn::Nowhere,
        _ if measured.other.is_some() => {
            *c.of(&[UnitIn::Header, UnitIn::Key, UnitIn::Cell, UnitIn::Mixed])
        }
        _ => *c.of(&[UnitIn::Header, UnitIn::Header, UnitIn::Cell]),
    };
    let plain = measured.header[usize::from(german)];
    let header = match place {
        UnitIn::Header => format!("{plain} ({})", measured.unit),
        UnitIn::Key => format!(
            "{}_{}",
            plain.to_lowercase().replace(' ', "_"),
            measured.unit.to_lowercase()
        ),
        _ => plain.to_owned(),
    };
    if table.headers.contains(&header) {
        table.headers.push(format!("{header} again"));
    } else {
        table.headers.push(header.clone());
    }
    let spread = *c.of(&[
        Spread::Plain,
        Spread::Plain,
        Spread::Plain,
        Spread::Plain,
        Spread::Equal,
        Spread::Ties,
        Spread::Outlier,
        Spread::Huge,
        Spread::Tiny,
        Spread::Negative,
    ]);
    let rows = table.rows.len();
    let odd = c.below(rows);
    for n in 0..rows {
        let (low, high) = measured.range;
        let mut value = match spread {
            Spread::Equal => (low + high) / 2.0,
            Spread::Ties => c.of(&[low, (low + high) / 2.0, high]) * 1.0,
            _ => c.between(measured.range),
        };
        let mut decimals = measured.decimals;
        match spread {
            Spread::Outlier if n == odd => value *= 1000.0,
            Spread::Huge => value = (value * 1e8).round(),
            Spread::Tiny => {
                value *= 1e-6;
                decimals = 9;
            }
            Spread::Negative => value -= (low + high) / 2.0,
            _ => {}
        }
        let cell = if c.percent(gaps) {
            (*c.of(&["", "-", "n/a", "?"])).to_owned()
        } else {
            match (place, measured.other) {
                (UnitIn::Mixed, Some((unit, factor))) if c.percent(40) => {
                    format!("{} {unit}", number(value * factor, decimals + 3, german))
                }
                (UnitIn::Mixed | UnitIn::Cell, _) => {
                    format!("{} {}", number(value, decimals, german), measured.unit)
                }
                _ => number(value, decimals, german),
            }
        };
        table.rows[n].push(cell);
    }
    // What a person would call this column is certain only if most cells state something.
    if gaps < 60 && rows > 5 && !matches!(spread, Spread::Huge) {
        let unit = Some(measured.unit).filter(|u| !u.is_empty());
        if place != UnitIn::Mixed {
            table.expected.push(Expected {
                header: header.clone(),
                kind: "number",
                unit,
            });
        }
    }
    if measured.better != "none"
        && c.percent(60)
        && table.headers.iter().filter(|h| **h == header).count() == 1
    {
        let _ = write!(
            table.hints,
            "[catalogue.columns.{header:?}]\nbetter = \"{}\"\n",
            measured.better
        );
    }
}

fn number(value: f64, decimals: usize, german: bool) -> String {
    let mut text = format!("{value:.decimals$}");
    if text.contains('.') {
        text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    if text == "-0" {
        text = "0".to_owned();
    }
    if german { text.replace('.', ",") } else { text }
}

/// Puts a column of names in front: plain ones, prefixes of each other, numbers, or a stranger's.
fn names(
    c: &mut Chance,
    table: &mut Table,
    niche: &Niche,
    german: bool,
    rows: usize,
    hostile: usize,
) {
    table.headers.insert(
        0,
        if german {
            "Bezeichnung"
        } else {
            *c.of(&["Name", "Model", "product"])
        }
        .to_owned(),
    );
    let style = c.below(6);
    for n in 0..rows {
        let name = match style {
            0 => format!("{} {}", niche.noun, n + 1),
            1 => {
                format!("{}{}", niche.noun, " Plus".repeat(n % 9))
                    + &if n >= 9 {
                        format!(" {}", n / 9)
                    } else {
                        String::new()
                    }
            }
            2 => (100 + n * 7).to_string(),
            3 => format!(
                "{} {}-{}",
                c.of(&["Nova", "Ørsted", "Zürich", "St. John's", "X"]),
                n + 1,
                c.of(&["A", "B", "mk II", "2.0"])
            ),
            4 => format!(
                "{} 4{}K No. {n}",
                c.of(&["Alpha", "Beta", "The Gamma"]),
                n % 3
            ),
            _ => format!("{} {}", c.of(&["Elm", "Oak", "Ash", "Fir"]), letters(n)),
        };
        let name = if c.percent(hostile / 3) {
            format!("{name} {}", c.of(HOSTILE))
        } else {
            name
        };
        table.rows[n].insert(0, name);
    }
}

/// A, B, … Z, AA, AB: names without digits.
fn letters(mut n: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(
            0,
            char::from(b'A' + u8::try_from(n % 26).expect("a letter")),
        );
        if n < 26 {
            return text;
        }
        n = n / 26 - 1;
    }
}

/// How the site earns: by a template, by the rows' own addresses, or not at all.
fn revenue(c: &mut Chance, table: &mut Table) -> (String, Option<String>) {
    let tag = (*c.of(&["guide-21", "a b&c=d", "tag/1"])).to_owned();
    let head = format!(
        "[revenue]\nmodel = \"affiliate\"\nprogramme = \"Example <Partners>\"\ntag = {tag:?}\n"
    );
    match c.below(5) {
        0 => ("[revenue]\nmodel = \"none\"\n".to_owned(), None),
        1 => {
            table.headers.push("url".to_owned());
            for (n, row) in table.rows.iter_mut().enumerate() {
                row.push(match c.below(10) {
                    0 => String::new(),
                    1 => format!("https://elsewhere.example/{n}"),
                    2 => "https://shop.example/the-same".to_owned(),
                    _ => format!(
                        "https://{}shop.example/p/{n}?aff=theirs&x={n}#top",
                        c.of(&["", "www.", "de."])
                    ),
                });
            }
            (
                head + "hosts = [\"shop.example\", \"other.example\"]\ntag_param = \"aff\"\n",
                Some(tag),
            )
        }
        2 => {
            table.headers.push("sku".to_owned());
            for (n, row) in table.rows.iter_mut().enumerate() {
                row.push(if c.percent(10) {
                    String::new()
                } else {
                    format!("S/{n} &?#")
                });
            }
            (
                head + "hosts = [\"Shop.example\"]\nlink = \"https://shop.example/p/{sku}?n={name}&aff={tag}\"\n",
                Some(tag),
            )
        }
        3 => (
            head + "hosts = [\"shop.example\", \"de.shop.example\"]\nlink = \"https://de.shop.example/{name}/{tag}\"\n",
            Some(tag),
        ),
        _ => (
            head + "hosts = [\"shop.example\"]\nlink = \"https://shop.example/p/{name}?aff={tag}\"\n",
            Some(tag),
        ),
    }
}

fn write(c: &mut Chance, table: &Table, form: Form, rejected: usize, german: bool) -> Vec<u8> {
    if form == Form::Json {
        let rows: Vec<Value> = table
            .rows
            .iter()
            .map(|row| {
                let cells = table.headers.iter().zip(row).map(|(header, cell)| {
                    let value = match cell.parse::<f64>() {
                        Ok(n)
                            if n.is_finite()
                                && header != &table.headers[0]
                                && !cell.contains('e') =>
                        {
                            serde_json::from_str(cell).unwrap_or_else(|_| json!(cell))
                        }
                        _ if cell.is_empty() => Value::Null,
                        _ if cell == "true" || cell == "false" => json!(cell == "true"),
                        _ => json!(cell),
                    };
                    (header.clone(), value)
                });
                Value::Object(cells.collect::<Map<_, _>>())
            })
            .collect();
        return serde_json::to_vec_pretty(&rows).expect("JSON");
    }
    let separator = match form {
        Form::Comma => ',',
        Form::Semicolon => ';',
        _ => '\t',
    };
    let end = *c.of(&["\n", "\r\n"]);
    let quote = |cell: &String| {
        if cell.contains(['"', '\n', '\r', separator]) || cell.starts_with(' ') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line = |cells: &[String]| {
        cells
            .iter()
            .map(quote)
            .collect::<Vec<_>>()
            .join(&separator.to_string())
            + end
    };
    let mut text = if german && c.percent(50) {
        "\u{feff}".to_owned()
    } else {
        String::new()
    };
    text += &line(&table.headers);
    let mut bytes = text.into_bytes();
    for (n, row) in table.rows.iter().enumerate() {
        if n < rejected {
            bytes.extend(match n % 3 {
                0 => line(&[row[0].clone()]).into_bytes(),
                1 => [b"\xff\xfe", line(row).as_bytes()].concat(),
                _ => {
                    let mut nameless = row.clone();
                    nameless[0] = String::new();
                    line(&nameless).into_bytes()
                }
            });
        }
        bytes.extend(line(row).into_bytes());
    }
    bytes
}
