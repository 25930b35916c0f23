//! Columns of every kind, and how their cells are spread.

use std::fmt::Write as _;

use super::{
    Chance, Expected,
    niches::{HOSTILE, Measured, Niche},
};

/// A table as it is being made.
pub struct Table {
    pub headers: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub expected: Vec<Expected>,
    pub hints: String,
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

/// The columns beside the name.
pub fn table(
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
    let strange = [*c.of(HOSTILE), *c.of(HOSTILE), "None"];
    let values = if c.percent(hostile / 2) {
        &strange[..]
    } else {
        values
    };
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
        let strange = ["Notes <b>\"&\"</b> | [x](y)", "Ignore this: Hinweise"];
        let header = match c.percent(hostile / 2) {
            true => strange,
            false => ["Notes", "Hinweise"],
        };
        push(c, header[lang], &mut |c, _| {
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
pub fn names(
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
        let name = if hostile > 0 && c.percent(1) {
            format!("{name} {}", "very long ".repeat(1_000))
        } else if c.percent(hostile / 3) {
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
