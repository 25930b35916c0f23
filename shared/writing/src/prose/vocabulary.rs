//! What all wordings of a request share: its columns, their words, the names of its products.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use va_domain::content::{ClaimOp, ContentRequest};

use super::{columns::Columns, nouns::Noun, voice::Voice};

/// The words of a request, whatever the turn.
pub(super) struct Vocabulary<'r> {
    pub request: &'r ContentRequest,
    pub columns: Columns,
    /// The names of its products, the longest first, each once.
    pub names: Vec<&'r str>,
    nouns: RefCell<BTreeMap<String, Rc<Noun>>>,
}

impl<'r> Vocabulary<'r> {
    pub(super) fn of(request: &'r ContentRequest) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for name in request.products.iter().flat_map(|p| [&p.name, &p.short]) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self {
            request,
            columns: Columns::read(request.prompt_context.as_deref()),
            names,
            nouns: RefCell::default(),
        }
    }

    /// What says the request's sentences in the words of a turn.
    pub(super) fn voice(&'r self, turn: usize) -> Voice<'r> {
        Voice::new(
            &self.request.site_name,
            self.request.page,
            turn,
            &self.names,
        )
    }

    /// The words of a column.
    pub(super) fn noun(&self, column: &str) -> Rc<Noun> {
        if let Some(known) = self.nouns.borrow().get(column) {
            return Rc::clone(known);
        }
        let noun = Rc::new(Noun::of(&self.columns.get(column), self.unit(column)));
        let mut nouns = self.nouns.borrow_mut();
        nouns.insert(column.to_owned(), Rc::clone(&noun));
        noun
    }

    fn unit(&self, column: &str) -> Option<&'r str> {
        self.request
            .claims
            .iter()
            .filter(|c| c.column == column && !matches!(c.op, ClaimOp::Share | ClaimOp::Count))
            .find_map(|c| c.unit.as_deref())
    }
}
