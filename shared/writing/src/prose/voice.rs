//! Which realisation is taken, and how its slots are filled.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::{escape::push_markdown, plan::MOST_PAGES, words::capital};

/// Chooses realisations: by goal, the page's number, the turn and what was said on this page before, so that
/// pages which are written side by side differ, no page uses one form of a sentence twice, and a revision
/// differs from what it revises.
#[derive(Debug)]
pub(super) struct Voice<'r> {
    seed: usize,
    /// Which answer of the same conversation it is, from 0.
    turn: usize,
    /// How often a list was used on this page.
    used: BTreeMap<&'static str, usize>,
    /// The forms that stand on this page.
    forms: BTreeSet<String>,
    /// The names that a form does not count, the longest first.
    names: &'r [&'r str],
}

/// A number below 2^32 that differs as much as can be where one of these does.
fn scatter(parts: [usize; 4]) -> usize {
    let mixed = parts.iter().fold(0_u64, |hash, &part| {
        let mixed = (hash ^ part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    });
    (mixed >> 32) as usize
}

/// The slots of a sentence and what fills them.
pub(super) type Slots = Vec<(&'static str, String)>;

impl<'r> Voice<'r> {
    /// The voice of a page of a goal; `names` are those that its sentences may use, the longest first.
    pub(super) fn new(goal: &str, page: u32, turn: usize, names: &'r [&'r str]) -> Self {
        let own = goal
            .bytes()
            .fold(7_usize, |h, b| (h * 31 + b as usize) % 9_973);
        Self {
            seed: own + page as usize,
            turn,
            used: BTreeMap::new(),
            forms: BTreeSet::new(),
            names,
        }
    }

    /// A heading of a list.
    pub(super) fn choose(&mut self, list: &'static [&'static str]) -> &'static str {
        let at = (self.seed + self.turn * 7) % list.len().max(1);
        list.get(at).copied().unwrap_or_default()
    }

    /// Says a sentence: a realisation of the list with its slots filled.
    pub(super) fn say(
        &mut self,
        list: &'static [&'static str],
        slots: &[(&str, String)],
    ) -> String {
        let (name, n) = (list.first().copied().unwrap_or_default(), list.len().max(1));
        let own = name
            .bytes()
            .fold(0_usize, |h, b| (h * 17 + b as usize) % 997);
        let before = self.used.entry(name).or_default();
        let opens = self.forms.is_empty();
        let (start, round) = if opens {
            // The sentence that opens a page runs through all forms, so that no two pages open alike; a later turn
            // goes on where the pages of a goal end.
            let nth = self.seed + MOST_PAGES * self.turn;
            (nth, nth / n)
        } else if self.turn == 0 {
            // Pages that follow each other run through the list; those that are a whole list apart take other
            // words within its sentences, and begin elsewhere.
            let round = self.seed / n;
            (self.seed + own + *before + round * (own % 3), round + own)
        } else {
            // What was too like another page is drawn anew, one by one, lest it become like a third.
            let drawn = scatter([self.seed, self.turn, own, *before]);
            (drawn % 997, drawn / 997)
        };
        *before += 1;
        let mut first = None;
        for step in 0..n * 3 {
            let template = list.get((start + step) % n).copied().unwrap_or_default();
            let said = fill(template, slots, round + step / n);
            if self.forms.insert(self.form(&said)) {
                return said;
            }
            first.get_or_insert(said);
        }
        first.unwrap_or_default()
    }

    /// A sentence without names and figures.
    fn form(&self, sentence: &str) -> String {
        let mut form = Cow::Borrowed(sentence);
        if form.contains('\\') {
            form = Cow::Owned(form.replace('\\', ""));
        }
        for name in self.names {
            if form.contains(name) {
                form = Cow::Owned(form.replace(name, "~"));
            }
        }
        // Copied from figure to figure, not letter by letter.
        let is_figure = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let mut said = String::with_capacity(form.len());
        let mut rest = form.as_ref();
        while let Some(at) = rest.bytes().position(|b| is_figure(&b)) {
            said.push_str(&rest[..at]);
            rest = &rest[at + 1..];
        }
        said.push_str(rest);
        said
    }
}

/// Takes one of `[each|of|these]`.
fn resolve(template: &str, mut variant: usize) -> Cow<'_, str> {
    if !template.contains('[') {
        return Cow::Borrowed(template);
    }
    let mut resolved = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('[') {
        resolved.push_str(before);
        let Some((inside, after)) = after.split_once(']') else {
            break;
        };
        let parts: Vec<&str> = inside.split('|').collect();
        resolved.push_str(parts[variant % parts.len()]);
        variant /= parts.len();
        rest = after;
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// Fills `{slots}`; what fills is escaped for Markdown, and each sentence begins with a capital.
fn fill(template: &str, slots: &[(&str, String)], variant: usize) -> String {
    let template = resolve(template, variant);
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template.as_ref();
    while let Some((before, after)) = rest.split_once('{') {
        push(&mut filled, before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = slots
            .iter()
            .find(|(slot, _)| *slot == name)
            .map_or("", |(_, value)| value.as_str());
        if begins(&filled) {
            push_markdown(&mut filled, &capital(value));
        } else {
            if value.starts_with(' ') {
                filled.push(' ');
            }
            push_markdown(&mut filled, value);
        }
        rest = after;
    }
    push(&mut filled, rest);
    filled
}

fn begins(filled: &str) -> bool {
    filled.is_empty() || filled.ends_with(". ") || filled.ends_with("? ")
}

fn push(filled: &mut String, text: &str) {
    let mut rest = text.chars();
    match rest.next().filter(|_| begins(filled)) {
        Some(first) => {
            filled.extend(first.to_uppercase());
            filled.push_str(rest.as_str());
        }
        None => filled.push_str(text),
    }
}
