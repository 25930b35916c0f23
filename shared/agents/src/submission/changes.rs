//! In what a submission is another than the goal that stands, whichever door either came through.

use std::collections::BTreeMap;

use va_catalogue::Format;
use va_domain::state::GoalBody;

use super::{Submission, SubmissionError};

/// The keys under which a goal names its files.
const CATALOGUE: &str = "catalogue.file";
const IMPRINT: &str = "site.imprint";

/// The content of a goal, part by part, as [`Submission::parts`] says it.
pub type Parts = BTreeMap<String, String>;

impl Submission {
    /// The parts that are others than these, in order. A file is the same under another name: over HTTP it is called by
    /// its hash.
    ///
    /// # Errors
    /// Where the content cannot be written as JSON.
    pub fn changed_since(&self, stood: &Parts) -> Result<Vec<String>, SubmissionError> {
        let (mut before, mut after) = (stood.clone(), self.parts()?);
        let reads_alike = |was: &str, is: &str| {
            let format = |name: &str| Format::of(name, &self.catalogue_bytes);
            format(was) == format(is)
        };
        settle(&mut before, &mut after, CATALOGUE, reads_alike);
        settle(&mut before, &mut after, IMPRINT, |_, _| true);
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        let other = after
            .iter()
            .filter(|(key, value)| before.get(*key) != Some(value));
        let mut changed: Vec<String> = gone.chain(other.map(|(key, _)| key)).cloned().collect();
        changed.sort();
        Ok(changed)
    }

    /// Whether this is news to a goal that was taken on with these parts: something is another, and no blocker's answer
    /// has said it before.
    ///
    /// # Errors
    /// As [`Submission::changed_since`].
    pub fn is_news(&self, stood: &Parts, goal: &GoalBody) -> Result<bool, SubmissionError> {
        let was_said = |part: &String| {
            let key = self.key_of(part);
            let answer = goal.set.get(key);
            answer.is_some() && answer == self.given(key).as_ref()
        };
        Ok(!self.changed_since(stood)?.iter().all(was_said))
    }

    /// What it gives for a key that a blocker may need.
    #[must_use]
    pub fn given(&self, key: &str) -> Option<String> {
        let value = match key {
            "revenue.tag" => Some(self.spec.revenue.tag.clone()),
            "revenue.link" => self.spec.revenue.link.clone(),
            IMPRINT => {
                let imprint = self.imprint.as_ref();
                imprint.and_then(|i| String::from_utf8(i.clone()).ok())
            }
            _ => None,
        };
        value.filter(|v| !v.trim().is_empty())
    }

    /// The key that a part gives: the imprint is one part by its name and one by its text.
    #[must_use]
    pub fn key_of<'k>(&self, part: &'k str) -> &'k str {
        if Some(part) == self.spec.site.imprint.as_deref() {
            IMPRINT
        } else {
            part
        }
    }
}

/// Takes a file that is the same out of both, whatever it is called in each.
fn settle(
    before: &mut Parts,
    after: &mut Parts,
    key: &str,
    reads_alike: impl Fn(&str, &str) -> bool,
) {
    let name = |parts: &Parts| serde_json::from_str::<String>(parts.get(key)?).ok();
    let (Some(was), Some(is)) = (name(before), name(after)) else {
        return;
    };
    let is_same = before.get(&was).is_some() && before.get(&was) == after.get(&is);
    if is_same && reads_alike(&was, &is) {
        for (parts, name) in [(before, was), (after, is)] {
            parts.remove(key);
            parts.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use va_catalogue::intake;
    use va_domain::ids::BlobId;

    use super::*;
    use crate::submission::Labels;

    const GOAL: &str = r#"schema = 1
[goal]
id = "kettles"
intent = "Say which kettle suits whom"
[budget]
amount = "1.00"
tokens = 1000
calls = 10
[revenue]
model = "affiliate"
programme = "Shop"
tag = "x-21"
hosts = ["shop.example"]
link = "https://shop.example/p/{name}?aff={tag}"
[site]
id = "kettles"
name = "Kettles"
base_url = "https://example.org/"
[catalogue]
file = "table.csv"
"#;
    const TABLE: &str = "name,price_eur,weight_kg\nArno,29,0.4\nBela,59,0.7\nCleo,45,0.5\n";

    /// The goal with one text in place of another, its table called so.
    fn submission(from: &str, to: &str, file: &str, table: &str) -> Submission {
        let mut spec = intake::parse_goal(&GOAL.replace(from, to), "goal.toml").expect("a goal");
        file.clone_into(&mut spec.catalogue.file);
        let labels = Labels {
            goal: "goal.toml",
            text: "",
            catalogue: file,
        };
        Submission::check(spec, table.into(), None, labels).expect("a submission")
    }

    #[test]
    fn a_table_is_the_same_under_another_name_and_named_where_it_is_another() {
        let stood = submission("", "", "table.csv", TABLE);
        let stood = stood.parts().expect("parts");
        let changed = |file: &str, table: &str| {
            let now = submission("", "", file, table);
            now.changed_since(&stood).expect("parts")
        };
        let hash = BlobId::of(TABLE.as_bytes()).to_string();
        for same in ["table.csv", hash.as_str(), "other.csv"] {
            assert_eq!(changed(same, TABLE), Vec::<String>::new(), "{same}");
        }
        let dearer = TABLE.replace("29", "31");
        assert_eq!(changed("table.csv", &dearer), ["table.csv"]);
        assert!(changed("other.csv", &dearer).contains(&"other.csv".to_owned()));
    }

    #[test]
    fn what_a_blockers_answer_has_said_is_no_news_and_anything_else_is() {
        let stood = submission("tag = \"x-21\"", "tag = \"\"", "table.csv", TABLE);
        let stood = stood.parts().expect("parts");
        let mut goal = GoalBody::default();
        let is_news = |goal: &GoalBody, from: &str, to: &str| {
            let now = submission(from, to, "table.csv", TABLE);
            now.is_news(&stood, goal).expect("parts")
        };
        assert!(is_news(&goal, "", ""));
        goal.set.insert("revenue.tag".into(), "x-21".into());
        assert!(!is_news(&goal, "", ""));
        assert!(is_news(&goal, "x-21", "y-21"));
        assert!(is_news(&goal, "name = \"Kettles\"", "name = \"Jugs\""));
    }
}
