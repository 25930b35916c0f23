//! What can be counted about the prose of a site: the bars of the writing rules that need no outside tool.
//!
//! Only prose is counted. Disclosure, table, method, sources and byline are the same words on every page by
//! design, and are left out.

use std::collections::{BTreeMap, BTreeSet};

use va_catalogue::Catalogue;
use va_domain::{
    content::{ClaimOp, ContentRequest},
    goal_spec::GoalSpec,
};
use va_writing::{offline_answer, prompt};

use super::{
    ease::{flesch, residue},
    plan,
};

/// The most that the rules allow.
const EASE_AT_MOST: f64 = 80.0;

/// One sentence of a page.
pub struct Sentence {
    /// As it reads.
    pub text: String,
    /// With names, numbers, units and category values as slots.
    pub skeleton: String,
    /// How many claims it cites.
    pub claims: usize,
}

/// A page's prose.
pub struct Page {
    pub slug: String,
    pub sentences: Vec<Sentence>,
}

/// The figures of a site.
#[derive(Debug, Default)]
pub struct Measured {
    pub pages: usize,
    pub sentences: usize,
    pub words: usize,
    pub twice: Vec<String>,
    pub skeleton_most: (usize, String),
    pub skeleton_on_page: Vec<String>,
    pub distinct: f64,
    pub openings: Vec<String>,
    pub closings: Vec<String>,
    pub jaccard: (f64, String),
    pub claims_per_100: (f64, String),
    pub unclaimed: (f64, String),
    pub flesch: (f64, f64),
    pub mean: (f64, f64),
    pub deviation: (f64, f64),
    pub residue: Vec<String>,
    /// Each page's reading ease, mean length of a sentence, and its deviation.
    pub each: Vec<(String, f64, f64, f64)>,
    /// The reading ease of all pages together, and the deviation of all sentences' lengths.
    pub whole: (f64, f64),
}

/// Writes all pages of a goal's plan.
pub fn write(spec: &GoalSpec, catalogue: &Catalogue) -> Vec<(ContentRequest, String)> {
    let page = |request: ContentRequest| {
        let draft = offline_answer(&prompt::messages(&request, None)).expect("a request is there");
        (request, draft)
    };
    plan(spec, catalogue)
        .requests
        .into_iter()
        .map(page)
        .collect()
}

/// The paragraphs of prose of a draft, unescaped.
fn paragraphs(request: &ContentRequest, draft: &str) -> Vec<String> {
    let caption = format!("## {}", request.blocks.table.caption);
    let prose = draft
        .lines()
        .skip(1)
        .skip_while(|line| line.is_empty())
        .take_while(|line| *line != caption && *line != "## How this page was made");
    prose
        .filter(|line| !line.is_empty() && !line.starts_with("## "))
        .filter(|line| {
            !line.starts_with("Links to shops") && !line.starts_with("This page carries")
        })
        .map(|line| line.trim_start_matches("- ").replace('\\', ""))
        .collect()
}

/// A page's prose in sentences.
pub fn read(request: &ContentRequest, draft: &str) -> Page {
    let mut names: Vec<String> = request
        .products
        .iter()
        .flat_map(|p| [p.name.clone(), p.short.clone()])
        .collect();
    let mut values: Vec<String> = request
        .claims
        .iter()
        .flat_map(|c| {
            let own = (c.op == ClaimOp::Value).then(|| c.value.clone());
            own.into_iter()
                .chain(c.filter.iter().map(|f| f.value.clone()))
        })
        .filter(|v| v.chars().any(char::is_alphabetic) && v != "yes" && v != "no")
        .collect();
    for list in [&mut names, &mut values] {
        list.sort_by_key(|n| std::cmp::Reverse(n.len()));
        list.dedup();
    }
    let units: BTreeSet<&str> = request
        .claims
        .iter()
        .filter_map(|c| c.unit.as_deref())
        .collect();
    let mut sentences = Vec::new();
    for paragraph in paragraphs(request, draft) {
        for (text, claims) in cut(&paragraph, &names) {
            let skeleton = skeleton(&text, &names, &values, &units);
            sentences.push(Sentence {
                text,
                skeleton,
                claims,
            });
        }
    }
    Page {
        slug: request.slug.clone(),
        sentences,
    }
}

/// The sentences of a paragraph with the number of their markers.
fn cut(paragraph: &str, names: &[String]) -> Vec<(String, usize)> {
    // Full stops within names end nothing.
    let mut text = paragraph.to_owned();
    for name in names.iter().filter(|n| n.contains('.')) {
        text = text.replace(name.as_str(), &name.replace('.', "\u{1}"));
    }
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut open = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '[' && chars.peek() == Some(&'^') {
            while chars.next().is_some_and(|c| c != ']') {}
            if !open.trim().is_empty() {
                found.push((std::mem::take(&mut open).trim().to_owned(), 0));
            }
            if let Some(last) = found.last_mut() {
                last.1 += 1;
            }
            continue;
        }
        open.push(c);
        let ends = matches!(c, '.' | '?' | '!') && chars.peek().is_none_or(|n| *n == ' ');
        if ends {
            found.push((std::mem::take(&mut open).trim().to_owned(), 0));
        }
    }
    if !open.trim().is_empty() {
        found.push((open.trim().to_owned(), 0));
    }
    found
        .into_iter()
        .map(|(text, n)| (text.replace('\u{1}', "."), n))
        .collect()
}

fn skeleton(text: &str, names: &[String], values: &[String], units: &BTreeSet<&str>) -> String {
    let mut text = format!(" {text} ");
    for name in names {
        text = replace_words(&text, name, "\u{2}");
    }
    for value in values {
        text = replace_words(&text, value, "\u{3}");
    }
    let trimmed = |word: &str| {
        word.trim_matches(|c: char| {
            !c.is_alphanumeric() && c != '\u{2}' && c != '\u{3}' && c != '%'
        })
        .to_owned()
    };
    let mut slots: Vec<String> = Vec::new();
    for word in text
        .split_whitespace()
        .map(trimmed)
        .filter(|w| !w.is_empty())
    {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let after_number = slots.last().is_some_and(|last| last == "#");
        if number {
            slots.push("#".to_owned());
        } else if units.contains(word.as_str())
            && (after_number || word.chars().all(char::is_uppercase))
        {
        } else {
            slots.push(word.to_lowercase());
        }
    }
    slots.join(" ")
}

fn replace_words(text: &str, what: &str, with: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(what) {
        let (before, after) = (&rest[..at], &rest[at + what.len()..]);
        let whole =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        done.push_str(before);
        done.push_str(if whole { with } else { what });
        rest = after;
    }
    done + rest
}

/// Measures a site.
pub fn measure(spec: &GoalSpec, catalogue: &Catalogue) -> (Vec<Page>, Measured) {
    let drafts = write(spec, catalogue);
    let pages: Vec<Page> = drafts.iter().map(|(r, d)| read(r, d)).collect();
    let mut found = Measured {
        pages: pages.len(),
        claims_per_100: (f64::MAX, String::new()),
        flesch: (f64::MAX, f64::MIN),
        mean: (f64::MAX, f64::MIN),
        deviation: (f64::MAX, f64::MIN),
        ..Measured::default()
    };
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut skeletons: BTreeMap<&str, usize> = BTreeMap::new();
    for (page, (_, draft)) in pages.iter().zip(&drafts) {
        let mut own: BTreeSet<&str> = BTreeSet::new();
        for sentence in &page.sentences {
            *texts.entry(&sentence.text).or_default() += 1;
            *skeletons.entry(&sentence.skeleton).or_default() += 1;
            if !own.insert(&sentence.skeleton) {
                found
                    .skeleton_on_page
                    .push(format!("{}: {}", page.slug, sentence.text));
            }
        }
        let counts: Vec<f64> = page
            .sentences
            .iter()
            .map(|s| words(&s.text) as f64)
            .collect();
        let all: f64 = counts.iter().sum();
        let mean = all / counts.len() as f64;
        let variance = counts.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / counts.len() as f64;
        let claims: usize = page.sentences.iter().map(|s| s.claims).sum();
        let unclaimed = page.sentences.iter().filter(|s| s.claims == 0).count();
        let rate = claims as f64 * 100.0 / all;
        if rate < found.claims_per_100.0 {
            found.claims_per_100 = (rate, page.slug.clone());
        }
        let share = unclaimed as f64 * 100.0 / counts.len() as f64;
        if share >= found.unclaimed.0 {
            found.unclaimed = (share, page.slug.clone());
        }
        let ease = flesch(page);
        for (range, value) in [
            (&mut found.flesch, ease),
            (&mut found.mean, mean),
            (&mut found.deviation, variance.sqrt()),
        ] {
            *range = (range.0.min(value), range.1.max(value));
        }
        found
            .each
            .push((page.slug.clone(), ease, mean, variance.sqrt()));
        found.sentences += counts.len();
        found.words += all as usize;
        found.residue.extend(residue(page, draft));
    }
    let all = Page {
        slug: String::new(),
        sentences: pages
            .iter()
            .flat_map(|p| &p.sentences)
            .map(|s| Sentence {
                text: s.text.clone(),
                skeleton: s.skeleton.clone(),
                claims: s.claims,
            })
            .collect(),
    };
    let lengths: Vec<f64> = all
        .sentences
        .iter()
        .map(|s| words(&s.text) as f64)
        .collect();
    let middle = lengths.iter().sum::<f64>() / lengths.len().max(1) as f64;
    let spread =
        lengths.iter().map(|n| (n - middle).powi(2)).sum::<f64>() / lengths.len().max(1) as f64;
    found.whole = (flesch(&all), spread.sqrt());
    found.twice = texts
        .iter()
        .filter(|(_, n)| **n > 1)
        .map(|(t, _)| (*t).to_owned())
        .collect();
    found.distinct = skeletons.len() as f64 / found.sentences.max(1) as f64;
    if let Some((text, n)) = skeletons.iter().max_by_key(|(_, n)| **n) {
        found.skeleton_most = (*n, (*text).to_owned());
    }
    found.openings = shared(pages.iter().filter_map(|p| p.sentences.first()));
    found.closings = shared(pages.iter().filter_map(|p| p.sentences.last()));
    let shingles: Vec<BTreeSet<Vec<&str>>> = pages.iter().map(shingled).collect();
    for (at, one) in shingles.iter().enumerate() {
        for (other_at, other) in shingles.iter().enumerate().take(at) {
            let common = one.intersection(other).count();
            let value = common as f64 / (one.len() + other.len() - common).max(1) as f64;
            if value > found.jaccard.0 {
                found.jaccard = (
                    value,
                    format!("{} {}", pages[other_at].slug, pages[at].slug),
                );
            }
        }
    }
    (pages, found)
}

fn shared<'s>(sentences: impl Iterator<Item = &'s Sentence>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    sentences
        .filter(|s| !seen.insert(&s.skeleton))
        .map(|s| s.text.clone())
        .collect()
}

fn shingled(page: &Page) -> BTreeSet<Vec<&str>> {
    let words: Vec<&str> = page
        .sentences
        .iter()
        .flat_map(|s| s.skeleton.split(' '))
        .collect();
    words.windows(5).map(<[&str]>::to_vec).collect()
}

fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .count()
}

impl Measured {
    /// The bars that are not held.
    pub fn below(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut bar = |fine: bool, what: String| {
            if !fine {
                wrong.push(what);
            }
        };
        bar(
            self.twice.is_empty(),
            format!("said twice: {:#?}", self.twice),
        );
        bar(
            self.skeleton_most.0 <= 3,
            format!(
                "a skeleton {} times: {}",
                self.skeleton_most.0, self.skeleton_most.1
            ),
        );
        bar(
            self.skeleton_on_page.is_empty(),
            format!("a skeleton twice on a page: {:#?}", self.skeleton_on_page),
        );
        bar(
            self.distinct >= 0.7,
            format!("distinct skeletons {:.2}", self.distinct),
        );
        bar(
            self.openings.is_empty(),
            format!("opened alike: {:#?}", self.openings),
        );
        bar(
            self.closings.is_empty(),
            format!("closed alike: {:#?}", self.closings),
        );
        bar(
            self.jaccard.0 <= 0.25,
            format!("shingles {:.2}: {}", self.jaccard.0, self.jaccard.1),
        );
        bar(
            self.claims_per_100.0 >= 4.0,
            format!("claims {:?}", self.claims_per_100),
        );
        bar(
            self.unclaimed.0 <= 25.0,
            format!("unclaimed {:?}", self.unclaimed),
        );
        // Over all pages: a page of ten sentences is too little for a deviation.
        bar(
            self.whole.0 >= 50.0 && self.whole.0 <= EASE_AT_MOST,
            format!("reading ease {:.0?}", self.whole.0),
        );
        bar(
            self.mean.0 >= 12.0 && self.mean.1 <= 20.0,
            format!("sentence length {:.1?}", self.mean),
        );
        bar(
            self.whole.1 >= 5.0,
            format!("deviation {:.1?}", self.whole.1),
        );
        bar(
            self.residue.is_empty(),
            format!("residue: {:#?}", self.residue),
        );
        wrong
    }

    /// A line of the table that is printed.
    pub fn line(&self, site: &str) -> String {
        format!(
            "{site:<16} {:>3} pages {:>4} sent. {:>5} words | twice {} | skel {}x, page {} | distinct {:.2} | open {} close {} | jacc {:.2} | claims/100 {:.1} | free {:.0}% | flesch {:.0}-{:.0} | len {:.1}-{:.1} sd {:.1} | residue {}",
            self.pages,
            self.sentences,
            self.words,
            self.twice.len(),
            self.skeleton_most.0,
            self.skeleton_on_page.len(),
            self.distinct,
            self.openings.len(),
            self.closings.len(),
            self.jaccard.0,
            self.claims_per_100.0,
            self.unclaimed.0,
            self.flesch.0,
            self.flesch.1,
            self.mean.0,
            self.mean.1,
            self.deviation.0,
            self.residue.len()
        )
    }
}
