//! Which realisation is taken, and how its slots are filled.

use std::collections::BTreeMap;

use crate::{escape::markdown, words::capital};

/// Chooses realisations: by the page's number, the turn and how often a list was used on this page, so that
/// pages which are written side by side differ, and a revision differs from what it revises.
#[derive(Debug)]
pub(super) struct Voice {
    seed: usize,
    used: BTreeMap<&'static str, Vec<usize>>,
    sentences: usize,
    /// How many realisations the first sentence had.
    opening: usize,
}

impl Voice {
    pub(super) fn new(page: u32, turn: usize) -> Self {
        Self {
            seed: page as usize + turn * 5,
            used: BTreeMap::new(),
            sentences: 0,
            opening: 1,
        }
    }

    /// The realisation of a list that is next on this page.
    pub(super) fn choose(&mut self, list: &'static [&'static str]) -> &'static str {
        let name = list.first().copied().unwrap_or_default();
        let first = name.len() + list.len();
        let n = list.len().max(1);
        // The two sentences that open a page run through all pairs, so that no two pages open alike.
        let shift = match self.sentences {
            0 => self.seed,
            1 => self.seed / self.opening.max(1),
            _ => self.seed + (self.seed / n) * (first % 5 + 1) + first,
        };
        let used = self.used.entry(name).or_default();
        if used.len() >= n {
            used.clear();
        }
        let at = (shift..shift + n)
            .map(|at| at % n)
            .find(|at| !used.contains(at))
            .unwrap_or_default();
        used.push(at);
        list.get(at).copied().unwrap_or_default()
    }

    /// Says a sentence: a realisation of the list with its slots filled.
    pub(super) fn say(
        &mut self,
        list: &'static [&'static str],
        slots: &[(&str, String)],
    ) -> String {
        let template = self.choose(list);
        if self.sentences == 0 {
            self.opening = list.len();
        }
        self.sentences += 1;
        fill(template, slots)
    }
}

/// Fills `{slots}`; their text is escaped for Markdown, and the sentence begins with a capital.
pub(super) fn fill(template: &str, slots: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = slots
            .iter()
            .find(|(slot, _)| *slot == name)
            .map_or("", |(_, value)| value.as_str());
        if filled.is_empty() || filled.ends_with(". ") {
            filled.push_str(&markdown(&capital(value)));
        } else {
            if value.starts_with(' ') {
                filled.push(' ');
            }
            filled.push_str(&markdown(value));
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
