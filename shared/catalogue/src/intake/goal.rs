//! goal.toml, and the body of `POST /v1/goals`.

use va_domain::{
    amounts::MAX_AMOUNT,
    goal_spec::{GoalSpec, covers_host},
};

use super::{
    document::Node,
    error::{Fault, IntakeError},
    rules,
    shape::{Key, Shape, may, must, shaped},
};

/// The most articles of one goal.
pub const MAX_ARTICLES: u32 = 45;

const ADD_BUDGET: &str = "Add one:\n\n[budget]\namount = \"5.00\"\ntokens = 500000\ncalls = 500\n";

static GOAL: &[Key] = &[
    must(
        "schema",
        Shape::Whole,
        "Write schema = 1 in the first line.",
    ),
    must(
        "goal",
        Shape::Table(&[
            must("id", Shape::Text, "Write id = \"my-goal\"."),
            must(
                "intent",
                Shape::Text,
                "Write intent = \"…\": what the company is to reach.",
            ),
            may("priority", Shape::OneOf(&["P0", "P1", "P2"])),
            may("deadline", Shape::Day),
            may("risk_tolerance", Shape::OneOf(&["low", "medium", "high"])),
            may("domains", Shape::List(&Shape::Text)),
            may("constraints", Shape::List(&Shape::Text)),
            may("origin", Shape::Text),
            may("as_of", Shape::Day),
        ]),
        "Add [goal] with an id and an intent.",
    ),
    may(
        "limits",
        Shape::Table(&[
            may("max_articles", Shape::Whole),
            may("exclude", Shape::Map(&Shape::List(&Shape::Text))),
            may("banned_phrases", Shape::List(&Shape::Text)),
        ]),
    ),
    must(
        "budget",
        Shape::Table(&[
            must("amount", Shape::Money, "Write amount = \"5.00\"."),
            must("tokens", Shape::Whole, "Write tokens = 500000."),
            must("calls", Shape::Whole, "Write calls = 500."),
            may("warn_at", Shape::List(&Shape::Whole)),
        ]),
        ADD_BUDGET,
    ),
    may(
        "kpi",
        Shape::List(&Shape::Table(&[
            must("name", Shape::Text, "Write name = \"articles_published\"."),
            must("target", Shape::Whole, "Write target = 10."),
            may("gate", Shape::OneOf(&["report", "pause", "replan"])),
        ])),
    ),
    may(
        "revenue",
        Shape::Table(&[
            may("model", Shape::OneOf(&["affiliate", "none", ""])),
            may("programme", Shape::Text),
            may("tag", Shape::Text),
            may("hosts", Shape::List(&Shape::Text)),
            may("link", Shape::Text),
            may("tag_param", Shape::Text),
        ]),
    ),
    must(
        "site",
        Shape::Table(&[
            must("id", Shape::Text, "Write id = \"my-site\"."),
            must("name", Shape::Text, "Write name = \"…\": what readers see."),
            must(
                "base_url",
                Shape::Text,
                "Write base_url = \"https://example.org/\".",
            ),
            may("language", Shape::Text),
            may("audience", Shape::Text),
            may("tone", Shape::Text),
            may("imprint", Shape::Text),
            may("imprint_required", Shape::Flag),
        ]),
        "Add [site] with an id, a name and a base_url.",
    ),
    must(
        "catalogue",
        Shape::Table(&[
            must("file", Shape::Text, "Write file = \"catalogue.csv\"."),
            may("key", Shape::Text),
            may("name", Shape::Text),
            may(
                "columns",
                Shape::Map(&Shape::Table(&[
                    may("label", Shape::Text),
                    may("unit", Shape::Text),
                    may("better", Shape::OneOf(&["lower", "higher", "none"])),
                    may("about", Shape::Text),
                ])),
            ),
        ]),
        "Add [catalogue] with a file.",
    ),
];

/// Reads and checks goal.toml. What only the catalogue can tell is checked by
/// [`check_goal_against`](super::check_goal_against).
///
/// # Errors
/// The first thing that is wrong, with `file` and its line.
pub fn parse_goal(text: &str, file: &str) -> Result<GoalSpec, IntakeError> {
    checked(&Node::from_toml(text, file)?, file)
}

/// Reads and checks the same goal as JSON, the body of `POST /v1/goals`.
///
/// # Errors
/// As [`parse_goal`]; only what is not JSON has a line.
pub fn parse_goal_json(bytes: &[u8]) -> Result<GoalSpec, IntakeError> {
    let file = "the goal";
    checked(&Node::from_json(bytes, file)?, file)
}

fn checked(document: &Node, file: &str) -> Result<GoalSpec, IntakeError> {
    let value = shaped(document, GOAL, file)?;
    let check = Check { document, file };
    check.numbers(&value)?;
    let mut spec: GoalSpec = serde_json::from_value(value).map_err(|error| {
        check.refuse(
            "",
            error.to_string(),
            "Compare the file with the contract.".to_owned(),
        )
    })?;
    check.goal(&spec)?;
    check.budget(&spec)?;
    check.kpis(&spec)?;
    check.revenue(&spec)?;
    check.site(&mut spec)?;
    check.catalogue(&spec)?;
    Ok(spec)
}

struct Check<'a> {
    document: &'a Node,
    file: &'a str,
}

type Checked = Result<(), IntakeError>;

impl Check<'_> {
    fn refuse(&self, key: &str, reason: String, remedy: String) -> IntakeError {
        let line = self.document.line_of(key);
        IntakeError {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            fault: Fault::Value,
            reason,
            remedy,
        }
    }

    fn that(&self, holds: bool, key: &str, reason: &str, remedy: &str) -> Checked {
        if holds {
            Ok(())
        } else {
            Err(self.refuse(key, format!("`{key}` {reason}"), remedy.to_owned()))
        }
    }

    fn stated(&self, text: &str, key: &str) -> Checked {
        self.that(!text.trim().is_empty(), key, "is empty", "Write a text.")
    }

    fn slug(&self, text: &str, key: &str) -> Checked {
        let remedy = format!(
            "Use lowercase letters, digits and single hyphens, at most 64: \"{}\".",
            rules::slug_of(text)
        );
        self.that(
            rules::is_slug(text),
            key,
            &format!("= {text:?} is no slug"),
            &remedy,
        )
    }

    /// Bounds that the types of the specification cannot hold.
    fn numbers(&self, value: &serde_json::Value) -> Checked {
        let number = |pointer: &str| value.pointer(pointer).and_then(serde_json::Value::as_i64);
        let schema = number("/schema").unwrap_or_default();
        self.that(
            schema == 1,
            "schema",
            &format!("= {schema} is not known to this version of va"),
            "Write schema = 1.",
        )?;
        if let Some(most) = number("/limits/max_articles") {
            let fits = (1..=i64::from(MAX_ARTICLES)).contains(&most);
            self.that(
                fits,
                "limits.max_articles",
                &format!("= {most} is not between 1 and {MAX_ARTICLES}"),
                "Write a number from 1 to 45.",
            )?;
        }
        let warnings = value
            .pointer("/budget/warn_at")
            .and_then(serde_json::Value::as_array);
        let warnings: Vec<i64> = warnings
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_i64)
            .collect();
        let bounded = warnings.iter().all(|percent| (1..=100).contains(percent));
        let rising = warnings.windows(2).all(|pair| pair[0] < pair[1]);
        self.that(
            bounded && rising,
            "budget.warn_at",
            "is not a rising list of percentages from 1 to 100",
            "Write warn_at = [70, 90].",
        )
    }

    fn goal(&self, spec: &GoalSpec) -> Checked {
        self.slug(&spec.goal.id, "goal.id")?;
        self.stated(&spec.goal.intent, "goal.intent")?;
        for (n, domain) in spec.goal.domains.iter().enumerate() {
            self.slug(domain, &format!("goal.domains.{n}"))?;
        }
        for (n, constraint) in spec.goal.constraints.iter().enumerate() {
            self.stated(constraint, &format!("goal.constraints.{n}"))?;
        }
        for (n, phrase) in spec.limits.banned_phrases.iter().enumerate() {
            self.stated(phrase, &format!("limits.banned_phrases.{n}"))?;
        }
        Ok(())
    }

    fn budget(&self, spec: &GoalSpec) -> Checked {
        for (key, number) in [
            ("budget.tokens", spec.budget.tokens),
            ("budget.calls", spec.budget.calls),
        ] {
            let fits = (0..=MAX_AMOUNT).contains(&number);
            self.that(
                fits,
                key,
                &format!("= {number} is below zero or 2^53 and more"),
                "Write a whole number, 0 or more.",
            )?;
        }
        Ok(())
    }

    fn kpis(&self, spec: &GoalSpec) -> Checked {
        for (n, kpi) in spec.kpi.iter().enumerate() {
            self.stated(&kpi.name, &format!("kpi.{n}.name"))?;
            let fits = (0..=MAX_AMOUNT).contains(&kpi.target);
            self.that(
                fits,
                &format!("kpi.{n}.target"),
                "is below zero or 2^53 and more",
                "Write a whole number, 0 or more.",
            )?;
            let twice = spec.kpi[..n].iter().any(|other| other.name == kpi.name);
            self.that(
                !twice,
                &format!("kpi.{n}.name"),
                &format!("= {:?} stands twice", kpi.name),
                "Keep one of the two.",
            )?;
        }
        Ok(())
    }

    fn revenue(&self, spec: &GoalSpec) -> Checked {
        let revenue = &spec.revenue;
        for (n, host) in revenue.hosts.iter().enumerate() {
            let key = format!("revenue.hosts.{n}");
            let reason = format!("= {host:?} is no host name");
            self.that(
                rules::is_host(host),
                &key,
                &reason,
                "Write it without scheme and path: \"shop.example\".",
            )?;
        }
        let word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if let Some(name) = &revenue.tag_param {
            let fits = !name.is_empty() && name.chars().all(word);
            self.that(
                fits,
                "revenue.tag_param",
                "is no name of a query parameter",
                "Write tag_param = \"tag\".",
            )?;
        }
        match &revenue.link {
            Some(link) => self.link(spec, link),
            None => Ok(()),
        }
    }

    fn link(&self, spec: &GoalSpec, link: &str) -> Checked {
        let key = "revenue.link";
        let example = "Write link = \"https://shop.example/p/{sku}?aff={tag}\".";
        self.that(
            link.starts_with("https://"),
            key,
            "does not begin with https://",
            example,
        )?;
        let names = rules::link_placeholders(link)
            .map_err(|why| self.refuse(key, format!("`{key}`: {why}"), example.to_owned()))?;
        let host = rules::host_of(link)
            .map_err(|why| self.refuse(key, format!("`{key}`: {why}"), example.to_owned()))?;
        let hosts = &spec.revenue.hosts;
        let listed = hosts.is_empty() || covers_host(hosts, host);
        let remedy = format!("Add \"{host}\" to hosts, or correct the link.");
        self.that(
            listed,
            key,
            &format!("goes to {host}, which `revenue.hosts` does not list"),
            &remedy,
        )?;
        let tagged = spec.revenue.model != "affiliate" || names.contains(&"tag");
        self.that(
            tagged,
            key,
            "has no {tag}, so no sale would be ours",
            example,
        )
    }

    fn site(&self, spec: &mut GoalSpec) -> Checked {
        let site = &mut spec.site;
        self.slug(&site.id, "site.id")?;
        self.stated(&site.name, "site.name")?;
        site.base_url = rules::base_url(site.base_url.trim()).map_err(|why| {
            let reason = format!("`site.base_url` = {:?}: {why}", site.base_url);
            self.refuse(
                "site.base_url",
                reason,
                "Write base_url = \"https://example.org/path/\".".to_owned(),
            )
        })?;
        let reason = format!(
            "= {:?} is not built: pages are written in English",
            site.language
        );
        self.that(
            site.language == "en",
            "site.language",
            &reason,
            "Write language = \"en\".",
        )?;
        match &site.imprint {
            Some(imprint) => self.file(imprint, "site.imprint"),
            None => Ok(()),
        }
    }

    fn catalogue(&self, spec: &GoalSpec) -> Checked {
        self.file(&spec.catalogue.file, "catalogue.file")
    }

    fn file(&self, name: &str, key: &str) -> Checked {
        rules::file_name(name).map_err(|why| {
            let remedy = "Put the file into the goal's folder and write its name.".to_owned();
            self.refuse(key, format!("`{key}` = {name:?}: {why}"), remedy)
        })
    }
}
