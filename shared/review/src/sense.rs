//! Whether a sentence says of the right products, in the right direction, what its claims say.

use std::{borrow::Cow, collections::BTreeSet};

use va_domain::content::{ClaimOp, Finding};

use crate::{
    code::Code,
    lexicon::{Degree, Sense, degree},
    names::Mention,
    page::Page,
    proof::Stated,
    sentences::{Analysis, Sentence},
    words::{Token, ascii_lower, word_hash},
};

/// A sentence with everything that is known of it.
pub(crate) struct Sensed<'a, 'p> {
    pub page: &'p Page<'p>,
    pub analysis: &'a Analysis<'a>,
    pub sentence: &'a Sentence,
    pub stated: &'a Stated<'p>,
    /// The only product that the sentence before named, for `it`.
    subject: Option<usize>,
    /// The lower-case words outside names, dates and proven texts.
    pub words: Vec<(Token, Cow<'a, str>)>,
    /// The comparatives and superlatives among them.
    pub degrees: Vec<(Token, Degree)>,
}

impl<'a, 'p> Sensed<'a, 'p> {
    /// A sentence; `subject` is the only product that the one before it named.
    pub(crate) fn of(
        page: &'p Page<'p>,
        analysis: &'a Analysis<'a>,
        sentence: &'a Sentence,
        stated: &'a Stated<'p>,
        subject: Option<usize>,
    ) -> Self {
        let text = &analysis.block.text;
        let open = analysis
            .tokens_of(sentence)
            .iter()
            .filter(|t| t.word && !stated.masks(t));
        let words: Vec<(Token, Cow<str>)> = open.map(|t| (*t, ascii_lower(t.of(text)))).collect();
        let degrees = degrees(&words);
        Self {
            page,
            analysis,
            sentence,
            stated,
            subject,
            words,
            degrees,
        }
    }

    /// Whether one of the words is among those that `listed` lists.
    pub(crate) fn has(&self, listed: impl Fn(&str) -> bool) -> bool {
        self.words.iter().any(|(_, word)| listed(word))
    }

    /// Finds what is wrong; returns whether the sentence states a fact at all.
    pub(crate) fn check(&self, findings: &mut Vec<Finding>) {
        let line = self.sentence.line;
        let mentions = self.analysis.mentions_of(self.sentence);
        let named: BTreeSet<usize> = mentions.iter().filter_map(|m| m.id).collect();
        self.names(mentions, findings);
        if self.stated.facts.is_empty() {
            if self.sentence.markers.is_empty()
                && let Some(why) = self.needs_marker(!named.is_empty())
            {
                findings.push(
                    Code::MarkerMissing
                        .line(line, format!("This sentence {why} and cites no claim.")),
                );
            }
            return;
        }
        if let Some(why) = self.swapped(mentions, &named) {
            findings.push(Code::ProductSwapped.line(line, why));
        }
        if let Some(why) = self
            .turned(mentions, &named)
            .or_else(|| self.turned_words())
            .or_else(|| self.denied())
        {
            findings.push(Code::DirectionWrong.line(line, why));
        }
        if let Some(why) = self.misnamed() {
            findings.push(Code::ColumnSwapped.line(line, why));
        }
        self.superlatives(findings);
    }

    fn needs_marker(&self, names_product: bool) -> Option<&'static str> {
        if self.stated.figures {
            return Some("holds a number");
        }
        if self
            .degrees
            .iter()
            .any(|(_, d)| matches!(d, Degree::Superlative(_)))
        {
            return Some("holds a superlative");
        }
        let idiom = self
            .words
            .windows(2)
            .any(|w| w[1].1 == "than" && (w[0].1 == "rather" || w[0].1 == "other"));
        let weighed =
            self.has(|word| matches!(word, "matters" | "matter" | "counts" | "cares" | "care"));
        if !self.degrees.is_empty() || (self.has(|word| word == "than") && !idiom && !weighed) {
            return Some("compares");
        }
        // Advice, questions and pointers name a product without saying what it has.
        let advice = self.has(|word| {
            matches!(
                word,
                "if" | "choose"
                    | "pay"
                    | "pick"
                    | "take"
                    | "skip"
                    | "buy"
                    | "look"
                    | "read"
                    | "check"
                    | "when"
                    | "unless"
                    | "suits"
                    | "whoever"
                    | "depends"
                    | "compare"
                    | "keep"
                    | "stay"
                    | "go"
                    | "want"
                    | "need"
                    | "prefer"
                    | "which"
                    | "page"
                    | "table"
            )
        });
        let asks = self.analysis.text(self.sentence).ends_with('?');
        (names_product && !advice && !asks).then_some("says something of a product")
    }

    fn names(&self, mentions: &[Mention], findings: &mut Vec<Finding>) {
        let text = &self.analysis.block.text;
        for mention in mentions {
            let written = &text[mention.start..mention.end];
            match mention.id {
                None => findings.push(Code::ProductUnknown.line(
                    self.sentence.line,
                    format!("{written} is nearly a product's name, but no product is called so."),
                )),
                Some(id) if !self.page.listed.contains(&id) => {
                    // An ordinary word that begins a sentence may look like a name of one word.
                    if mention.start > self.sentence.start || written.contains(' ') {
                        findings.push(Code::ProductUnknown.line(
                            self.sentence.line,
                            format!("{written} is not among the request's products."),
                        ));
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn swapped(&self, mentions: &[Mention], named: &BTreeSet<usize>) -> Option<String> {
        let facts = &self.stated.facts;
        let about: BTreeSet<usize> = facts.iter().flat_map(|f| f.rows.iter().copied()).collect();
        if let Some(stranger) = named.iter().find(|id| !about.contains(id)) {
            return Some(format!(
                "{} is in none of the claims that this sentence cites.",
                self.page.name_of(*stranger)
            ));
        }
        let refers = self.has(|word| {
            matches!(
                word,
                "it" | "its"
                    | "they"
                    | "their"
                    | "this"
                    | "that"
                    | "one"
                    | "former"
                    | "latter"
                    | "both"
                    | "neither"
                    | "other"
                    | "two"
            )
        });
        if named.is_empty() {
            let starts_with_it = self
                .words
                .first()
                .is_some_and(|(_, w)| w == "it" || w == "its");
            let subject = self.subject.filter(|_| starts_with_it)?;
            let other = facts
                .iter()
                .find(|f| f.of_one_product() && f.rows[0] != subject)?;
            return Some(format!(
                "\"It\" is {}, but claim {} is about {}.",
                self.page.name_of(subject),
                other.claim.id,
                self.page.name_of(other.rows[0])
            ));
        }
        if !refers
            && let Some(absent) = facts
                .iter()
                .find(|f| f.of_one_product() && !named.contains(&f.rows[0]))
        {
            return Some(format!(
                "Claim {} is about {}, which this sentence does not name.",
                absent.claim.id,
                self.page.name_of(absent.rows[0])
            ));
        }
        if named.len() == 1 && refers && self.crossed(mentions) {
            return Some("The numbers stand with the other of the two products.".to_owned());
        }
        if named.len() > 1 && !refers && !self.associates(mentions) {
            return Some("The numbers stand with other products than their claims'.".to_owned());
        }
        None
    }

    /// Where one product is named and another only referred to: whether the named one's figure stands before
    /// its name and the other's after it.
    fn crossed(&self, mentions: &[Mention]) -> bool {
        let Some((name, id)) = mentions.first().and_then(|m| Some((m.start, m.id?))) else {
            return false;
        };
        let owned = self.owned();
        owned
            .iter()
            .any(|(at, owners)| *at < name && owners.iter().all(|o| *o == id))
            && owned
                .iter()
                .any(|(at, owners)| *at > name && owners.iter().all(|o| *o != id))
    }

    /// The figures that belong to one product each, with the products that they may belong to.
    fn owned(&self) -> Vec<(usize, Vec<usize>)> {
        self.stated
            .proven
            .iter()
            .filter_map(|(figure, claims)| {
                let single = |op| matches!(op, ClaimOp::Value | ClaimOp::Rank);
                if !claims.iter().all(|c| single(c.op) && c.rows.len() == 1) {
                    return None;
                }
                let owners = self
                    .stated
                    .facts
                    .iter()
                    .filter(|f| claims.iter().any(|c| c.id == f.claim.id));
                Some((figure.start, owners.map(|f| f.rows[0]).collect()))
            })
            .collect()
    }

    /// Whether there is one way of reading that gives each figure of one product to that product.
    fn associates(&self, mentions: &[Mention]) -> bool {
        let owned = self.owned();
        if owned.is_empty() {
            return true;
        }
        let mut order: Vec<usize> = Vec::new();
        for id in mentions.iter().filter_map(|m| m.id) {
            if !order.contains(&id) {
                order.push(id);
            }
        }
        let before = |at: usize| {
            mentions
                .iter()
                .rev()
                .find(|m| m.start < at)
                .or_else(|| mentions.first())
                .and_then(|m| m.id)
        };
        let after = |at: usize| mentions.iter().find(|m| m.start > at).and_then(|m| m.id);
        let all = |read: &dyn Fn(usize, usize) -> Option<usize>| {
            owned
                .iter()
                .enumerate()
                .all(|(k, (at, owners))| read(k, *at).is_some_and(|id| owners.contains(&id)))
        };
        all(&|_, at| before(at))
            || all(&|_, at| after(at))
            || all(&|k, _| order.get(k % order.len()).copied())
            || all(&|_, _| order.first().copied())
    }
}

/// The comparatives and superlatives among words, idioms left out.
fn degrees(words: &[(Token, Cow<str>)]) -> Vec<(Token, Degree)> {
    let word = |i: usize| words.get(i).map_or("", |(_, w)| w.as_ref());
    let mut found = Vec::new();
    for (i, (token, own)) in words.iter().enumerate() {
        let Some(degree) = degree(own) else { continue };
        let before = if i == 0 { "" } else { word(i - 1) };
        let idiom = match own.as_ref() {
            // `at least`, `at best`
            "least" | "most" | "best" | "worst" => before == "at",
            // `no more`, `if weight matters more`, `more or less`; `More on this` without a comparison
            "more" | "less" => {
                matches!(
                    before,
                    "no" | "matters"
                        | "matter"
                        | "counts"
                        | "count"
                        | "cares"
                        | "care"
                        | "or"
                        | "read"
                ) || matches!(word(i + 1), "or" | "about" | "on")
                    || (i == 0 && !words.iter().any(|(_, w)| w == "than"))
            }
            "better" => before == "no",
            _ => false,
        };
        if !idiom {
            found.push((*token, degree));
        }
    }
    found
}

pub(crate) fn pointing(degree: Degree) -> Option<Sense> {
    match degree {
        Degree::Comparative(sense @ (Sense::Up | Sense::Down)) => Some(sense),
        _ => None,
    }
}

/// The comparative that qualifies a figure: among the four words after it, `more` and `less` only where no
/// adjective follows (a column's label is a noun).
pub(crate) fn near(
    degrees: &[(Token, Degree)],
    words: &[(Token, Cow<str>)],
    end: usize,
    labels: &BTreeSet<u64>,
) -> Option<Sense> {
    let from = words.partition_point(|(t, _)| t.start < end);
    words[from..]
        .iter()
        .take(4)
        .enumerate()
        .find_map(|(i, (token, word))| {
            let sense = degrees
                .iter()
                .find(|(t, _)| t == token)
                .and_then(|(_, d)| pointing(*d))?;
            let next = words.get(from + i + 1).map_or("than", |(_, w)| w.as_ref());
            let bare = !matches!(word.as_ref(), "more" | "less")
                || matches!(next, "than" | "and" | "for" | "but")
                || labels.contains(&word_hash(next));
            bare.then_some(sense)
        })
}

/// The verb before a figure that says which way it goes: `saves 0.6 kg`, `adds EUR 70`.
pub(crate) fn leading(words: &[(Token, Cow<str>)], start: usize) -> Option<Sense> {
    let before = words.partition_point(|(t, _)| t.start < start);
    let verb = words[..before]
        .iter()
        .rev()
        .map(|(_, w)| w.as_ref())
        .find(|w| !matches!(*w, "you" | "about" | "another") && w.len() != 3)?;
    match verb {
        "saves" | "save" | "sheds" | "saving" => Some(Sense::Down),
        "adds" | "gains" | "adding" => Some(Sense::Up),
        _ => None,
    }
}
