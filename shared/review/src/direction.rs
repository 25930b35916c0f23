//! Which way a sentence points: comparisons, superlatives, negations, and words that stand for a value.

use std::{cell::LazyCell, collections::BTreeSet};

use rust_decimal::Decimal;
use va_catalogue::{Better, Kind};
use va_domain::content::{ClaimOp, Finding};

use crate::{
    code::Code,
    lexicon::{Degree, Sense},
    names::Mention,
    page::Fact,
    recompute::truth,
    sense::{Sensed, leading, near, pointing},
    words::{Token, fold, tokens, whole_words, word_hash},
};

impl Sensed<'_, '_> {
    /// Comparisons with an object after `than`, and verbs of dominance.
    pub(crate) fn turned(&self, mentions: &[Mention], named: &BTreeSet<usize>) -> Option<String> {
        let (words, degrees) = (&self.words, &self.degrees);
        let text = &self.analysis.block.text;
        let following = |at: usize| {
            mentions.iter().find(|m| m.start >= at).filter(|m| {
                text[at..m.start]
                    .split_whitespace()
                    .all(|w| matches!(w, "the" | "The" | "than" | "a" | "an"))
            })
        };
        let thans: Vec<&Token> = words
            .iter()
            .filter(|(_, w)| w == "than")
            .map(|(t, _)| t)
            .collect();
        if let [than] = thans[..]
            && let Some(object) = following(than.end).and_then(|m| m.id)
        {
            let diffs: Vec<&&Fact> = self
                .stated
                .facts
                .iter()
                .filter(|f| f.claim.op == ClaimOp::Diff && f.rows.len() == 2)
                .collect();
            for fact in &diffs {
                let Some(value) = fact.number() else { continue };
                let subject_minus_object = match fact.rows[..] {
                    [a, b] if b == object && a != object => value,
                    [a, b] if a == object && b != object => -value,
                    _ => continue,
                };
                let figure = self
                    .stated
                    .proven
                    .iter()
                    .find(|(_, claims)| claims.iter().any(|c| c.id == fact.claim.id));
                let sense = match figure {
                    Some((figure, _)) => near(degrees, words, figure.end, &self.page.labels)
                        .or_else(|| leading(words, figure.start)),
                    None if diffs.len() == 1 && degrees.len() == 1 => pointing(degrees[0].1),
                    None => None,
                };
                let right = match sense {
                    Some(Sense::Up) => subject_minus_object > Decimal::ZERO,
                    Some(Sense::Down) => subject_minus_object < Decimal::ZERO,
                    _ => true,
                };
                if !right {
                    return Some(format!(
                        "By claim {} the difference to {} points the other way.",
                        fact.claim.id,
                        self.page.name_of(object)
                    ));
                }
            }
        }
        if let Some(why) = self.turned_ratio(mentions) {
            return Some(why);
        }
        if named.len() == 2 {
            let verb = words.iter().find(|(_, w)| {
                matches!(w.as_ref(), "dominates" | "beats" | "outdoes" | "surpasses")
            });
            let claim = self
                .stated
                .facts
                .iter()
                .find(|f| f.claim.op == ClaimOp::Dominates && f.rows.len() == 2);
            if let (Some((verb, _)), Some(fact)) = (verb, claim) {
                let object = following(verb.end).and_then(|m| m.id);
                if object == Some(fact.rows[0]) && fact.claim.value != "no" {
                    return Some(format!(
                        "By claim {} it is the other way round.",
                        fact.claim.id
                    ));
                }
            }
        }
        None
    }

    pub(crate) fn superlatives(&self, findings: &mut Vec<Finding>) {
        let facts = &self.stated.facts;
        let superlatives: Vec<(Token, Sense)> = self
            .degrees
            .iter()
            .filter_map(|(t, d)| match d {
                Degree::Superlative(sense) => Some((*t, *sense)),
                Degree::Comparative(_) => None,
            })
            .collect();
        let text = &self.analysis.block.text;
        let ranks = |op| {
            matches!(
                op,
                ClaimOp::Min
                    | ClaimOp::Max
                    | ClaimOp::Rank
                    | ClaimOp::Dominates
                    | ClaimOp::Count
                    | ClaimOp::Share
                    | ClaimOp::Missing
                    | ClaimOp::Correlation
            )
        };
        if let Some((word, _)) = superlatives.first()
            && !facts.iter().any(|f| ranks(f.claim.op))
        {
            findings.push(Code::SuperlativeUnproven.line(
                self.sentence.line,
                format!(
                    "No claim of this sentence ranks, so \"{}\" is not proven.",
                    word.of(text)
                ),
            ));
        }
        let extremes: Vec<ClaimOp> = facts
            .iter()
            .map(|f| f.claim.op)
            .filter(|op| matches!(op, ClaimOp::Min | ClaimOp::Max | ClaimOp::Rank))
            .collect();
        let mut points = superlatives.iter().filter_map(|(t, sense)| match sense {
            Sense::Up => Some((t, ClaimOp::Max)),
            Sense::Down => Some((t, ClaimOp::Min)),
            _ => None,
        });
        if let (Some((word, op)), None) = (points.next(), points.next())
            && !extremes.is_empty()
            && extremes.iter().all(|e| *e != op && *e != ClaimOp::Rank)
        {
            findings.push(Code::DirectionWrong.line(
                self.sentence.line,
                format!(
                    "\"{}\" is the opposite of what the cited claim computes.",
                    word.of(text)
                ),
            ));
        }
        let judged = superlatives.iter().any(|(_, s)| *s == Sense::Judged)
            || self
                .degrees
                .iter()
                .any(|(_, d)| *d == Degree::Comparative(Sense::Judged));
        let columns = &self.page.field.catalogue.columns;
        let criterion = facts.iter().any(|f| {
            f.claim.op == ClaimOp::Dominates
                || self
                    .page
                    .field
                    .column_index(&f.claim.column)
                    .is_some_and(|c| columns[c].better != Better::None)
                || f.claim.filter.iter().any(|filter| {
                    self.page
                        .field
                        .column_index(&filter.column)
                        .is_some_and(|c| columns[c].better != Better::None)
                })
        });
        if judged && !criterion {
            findings.push(Code::JudgedWithoutCriterion.line(
                self.sentence.line,
                "Better, best, worse or worst by a column of which nobody said which direction is better.",
            ));
        }
    }

    /// A column that is named where another one's figure stands, or an operation that was not computed.
    pub(crate) fn misnamed(&self) -> Option<String> {
        let columns = &self.page.field.catalogue.columns;
        let cited = |label: &str| {
            self.stated.facts.iter().any(|fact| {
                let named = fact
                    .claim
                    .column
                    .split('~')
                    .chain(fact.claim.filter.iter().map(|f| f.column.as_str()));
                named
                    .filter_map(|name| self.page.field.column_index(name.trim()))
                    .any(|c| whole_words(&columns[c].label.to_lowercase(), label))
                    || fact.claim.column.is_empty() && fact.claim.op == ClaimOp::Dominates
            })
        };
        let named = self.words.windows(2).find(|pair| {
            matches!(pair[0].1.as_ref(), "by" | "in" | "more" | "less" | "fewer")
                && self.page.labels.contains(&word_hash(&pair[1].1))
                && !cited(&pair[1].1)
        });
        if let Some(pair) = named {
            return Some(format!("No claim of this sentence is about {}.", pair[1].1));
        }
        let median = self
            .stated
            .facts
            .iter()
            .any(|f| f.claim.op == ClaimOp::Median);
        let mean = self.has(|word| word == "average")
            || self
                .words
                .windows(2)
                .any(|w| w[0].1 == "the" && w[1].1 == "mean");
        if median && mean {
            return Some("The claim computes the median, which is no mean.".to_owned());
        }
        let text = &self.analysis.block.text;
        self.stated.proven.iter().find_map(|(figure, claims)| {
            let mut before = text[self.sentence.start..figure.start]
                .split_whitespace()
                .rev();
            let mut verb = before.next()?;
            if verb.len() == 3 && verb.bytes().all(|b| b.is_ascii_uppercase()) {
                verb = before.next()?;
            }
            let money =
                |unit: &str| unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase());
            let unit = claims.iter().find_map(|c| c.unit.as_deref());
            let wrong = match verb {
                "weighs" | "weigh" | "weighing" | "measures" => unit.is_some_and(money),
                "costs" | "cost" | "costing" => {
                    unit.is_some_and(|u| !money(u))
                        && columns.iter().any(|c| c.unit.as_deref().is_some_and(money))
                }
                _ => false,
            };
            wrong.then(|| format!("\"{verb}\" does not go with {}.", unit.unwrap_or_default()))
        })
    }

    /// A sentence that denies what all its claims state.
    pub(crate) fn denied(&self) -> Option<String> {
        let states = |fact: &&Fact<'_>| {
            use ClaimOp::{Diff, Max, Median, Min, Rank, Ratio, Share, Value};
            let of_lack = fact.claim.filter.iter();
            let of_lack = of_lack.filter_map(|f| truth(&f.value)).any(|yes| !yes);
            fact.number().is_some()
                && !of_lack
                && matches!(
                    fact.claim.op,
                    Value | Min | Max | Rank | Median | Diff | Ratio | Share
                )
        };
        let denial = self.words.windows(2).any(|w| {
            (w[1].1 == "not" || w[1].1 == "never")
                && matches!(
                    w[0].1.as_ref(),
                    "is" | "are" | "was" | "does" | "do" | "has" | "have" | "did" | "can"
                )
        });
        let turns = self.has(|word| {
            matches!(
                word,
                "but" | "stated" | "whether" | "while" | "only" | "which" | "because" | "though"
            )
        });
        (denial && !turns && self.stated.facts.iter().all(states))
            .then(|| "The sentence denies what its claims state.".to_owned())
    }

    /// A ratio's object is the second of its rows.
    fn turned_ratio(&self, mentions: &[Mention]) -> Option<String> {
        self.stated.proven.iter().find_map(|(figure, claims)| {
            let fact = self.stated.facts.iter().find(|f| {
                f.claim.op == ClaimOp::Ratio
                    && f.rows.len() == 2
                    && claims.iter().any(|c| c.id == f.claim.id)
            })?;
            let mut after = mentions.iter().filter(|m| m.start > figure.end);
            let object = after.next().and_then(|m| m.id)?;
            let turned = after.next().is_none()
                && fact.number() == Some(figure.value)
                && object == fact.rows[0]
                && fact.rows[0] != fact.rows[1];
            turned.then(|| format!("By claim {} it is the other way round.", fact.claim.id))
        })
    }

    /// The words outside names and proven texts that are no part of a column's label: a freezer with "no frost"
    /// denies nothing.
    fn unlabelled(&self) -> impl Iterator<Item = &str> {
        let facts = &self.stated.facts;
        let labels: Vec<Vec<String>> = facts
            .iter()
            .filter_map(|f| self.page.field.column_index(&f.claim.column))
            .map(|column| {
                let label = self.page.field.catalogue.columns[column]
                    .label
                    .to_lowercase();
                let words = tokens(&label).into_iter().filter(|t| t.word);
                words.map(|t| t.of(&label).to_owned()).collect()
            })
            .collect();
        let within = move |at: usize| {
            labels.iter().any(|label| {
                (at.saturating_sub(label.len().saturating_sub(1))..=at).any(|from| {
                    let run = self.words.get(from..from + label.len());
                    run.is_some_and(|run| {
                        from + label.len() > at && run.iter().zip(label).all(|((_, w), l)| w == l)
                    })
                })
            })
        };
        let words = self.words.iter().enumerate();
        words
            .filter(move |(at, _)| !within(*at))
            .map(|(_, (_, word))| word.as_ref())
    }

    /// Truths and categories: what a claim says in words, the sentence says in words.
    pub(crate) fn turned_words(&self) -> Option<String> {
        const NEGATIONS: [&str; 16] = [
            "no", "not", "without", "lacks", "lack", "lacking", "neither", "nor", "none", "cannot",
            "never", "t", "missing", "absent", "unlike", "only",
        ];
        let facts = &self.stated.facts;
        let values = || facts.iter().filter(|f| f.claim.op == ClaimOp::Value);
        let kind = |fact: &Fact| {
            let column = self.page.field.column_index(&fact.claim.column)?;
            Some(self.page.field.catalogue.columns[column].kind)
        };
        let truths: Vec<bool> = values()
            .filter(|f| kind(f) == Some(Kind::Boolean))
            .filter_map(|f| truth(&f.claim.value))
            .collect();
        if !truths.is_empty() && truths.len() == facts.len() {
            let denies = self.unlabelled().any(|word| NEGATIONS.contains(&word));
            if truths.iter().all(|t| !t) && !denies {
                return Some(
                    "The claims of this sentence say no, and the sentence does not.".to_owned(),
                );
            }
            if truths.iter().all(|t| *t)
                && denies
                && !self.has(|word| matches!(word, "only" | "unlike" | "neither"))
            {
                return Some(
                    "The claims of this sentence say yes, and the sentence denies it.".to_owned(),
                );
            }
        }
        let said = LazyCell::new(|| self.analysis.text(self.sentence).to_lowercase());
        values()
            .filter(|f| kind(f) == Some(Kind::Category))
            .find_map(|fact| {
                let own = fold(&fact.claim.value).to_lowercase();
                if said.contains(&own) {
                    return None;
                }
                let column = self.page.field.column_index(&fact.claim.column)?;
                let others = self.page.field.categories(column).iter();
                let other = others
                    .filter(|o| o.len() > 2 && **o != own)
                    .find(|o| whole_words(&said, o))?;
                Some(format!(
                    "Claim {} says {}, not {other}.",
                    fact.claim.id, fact.claim.value
                ))
            })
    }
}
