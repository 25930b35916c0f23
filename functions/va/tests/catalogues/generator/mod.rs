//! A goal folder from a seed: any niche, any shape, always the same bytes.

mod columns;
mod niches;
mod shop;
mod write;

use niches::NICHES;
use write::Form;

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

    pub fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        let part = self.below(1_000_001) as f64 / 1e6;
        low + part * (high - low)
    }
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
    let mut table = columns::table(c, niche, german, rows, gaps, hostile);
    columns::names(c, &mut table, niche, german, rows, hostile);
    let (shop, tag) = shop::revenue(c, &mut table);
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
    let bytes = write::write(c, &table, form, rejected, german);
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
