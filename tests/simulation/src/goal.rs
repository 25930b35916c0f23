//! The goal that every run works on: a small table of things, a few pages.

use std::collections::BTreeMap;

use jiff::civil::date;
use va_agents::revision::Before;
use va_catalogue::{Format, intake};
use va_domain::{
    amounts::Amounts,
    ids::{BlobId, goal_uuid},
    model::ModelTerms,
    payload::{Brief, GoalSubmitted, MissingSetting},
};

/// The company of every run.
pub const COMPANY: &str = "sim";
/// The site that the goal makes.
pub const SITE: &str = "guide";
/// The model that lies.
pub const LIAR: &str = "test/liar";
/// The tag that a person gives when asked.
pub const TAG: &str = "sim-21";

const TABLE: &str = "\
name,price_eur,weight_kg,volume_l,power_w,url
Amber One,199.00,4.2,1.1,900,https://shop.example/p/amber-one
Basalt Two,249.50,5.1,1.6,1100,https://shop.example/p/basalt-two
Cedar Three,310.00,3.8,2.0,1250,https://shop.example/p/cedar-three
Dune Four,425.00,6.4,2.4,1400,https://shop.example/p/dune-four
Ember Five,159.90,2.9,0.8,,https://shop.example/p/ember-five
Fjord Six,520.00,7.7,,1600,https://shop.example/p/fjord-six
Grove Seven,275.00,4.9,1.8,1000,https://shop.example/p/grove-seven
";

/// Which goal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// At most so many articles.
    pub articles: u32,
    /// Whether a model that lies is preferred to `offline`.
    pub lying: bool,
    /// Whether the tag is missing at first.
    pub blocked: bool,
    /// Whether the budget is enough for little more than one page at a time.
    pub tight: bool,
}

/// The event that submits the goal, and the blobs that it names.
///
/// # Errors
/// Where the goal is not what intake would take.
pub fn submission(wish: Wish) -> Result<(GoalSubmitted, Vec<Vec<u8>>), String> {
    of_table(wish, TABLE)
}

/// As [`submission`], of the revision after a goal that has ended: another price.
///
/// # Errors
/// Where the goal is not what intake would take.
pub fn revision(wish: Wish, before: &Before) -> Result<(GoalSubmitted, Vec<Vec<u8>>), String> {
    let (mut submitted, blobs) = of_table(wish, &TABLE.replace("520.00", "530.00"))?;
    submitted.brief.revision = before.follows.revision + 1;
    submitted.brief.follows = Some(before.follows.clone());
    submitted.input = submitted.brief.catalogue.to_string();
    Ok((submitted, blobs))
}

fn of_table(wish: Wish, table: &str) -> Result<(GoalSubmitted, Vec<Vec<u8>>), String> {
    let tag = if wish.blocked { "" } else { TAG };
    let text = format!(
        r#"schema = 1
[goal]
id = "guide"
intent = "A guide to what the table lists"
[limits]
max_articles = {}
[budget]
amount = "5.00"
tokens = 4000000
calls = 400
[revenue]
model = "affiliate"
programme = "Example Partners"
tag = "{tag}"
hosts = ["shop.example"]
link = "https://shop.example/p/{{name}}?aff={{tag}}"
[site]
id = "{SITE}"
name = "The Guide"
base_url = "https://example.org/guide/"
[catalogue]
file = "catalogue.csv"
[catalogue.columns.price_eur]
label = "Price"
unit = "EUR"
better = "lower"
[catalogue.columns.weight_kg]
label = "Weight"
unit = "kg"
better = "lower"
[catalogue.columns.volume_l]
label = "Volume"
unit = "l"
better = "higher"
[catalogue.columns.power_w]
label = "Power"
unit = "W"
better = "none"
"#,
        wish.articles
    );
    let spec = intake::parse_goal(&text, "goal.toml").map_err(|e| e.to_string())?;
    let catalogue = va_catalogue::read(table.as_bytes(), Format::Csv, &spec.catalogue)
        .map_err(|e| e.to_string())?;
    let needs = intake::blockers(&spec, &catalogue, false)
        .into_iter()
        .map(|m| MissingSetting {
            key: m.key,
            text: m.text,
        })
        .collect();
    let blobs = vec![
        serde_json::to_vec(&spec).map_err(|e| e.to_string())?,
        table.as_bytes().to_vec(),
    ];
    let goal_id = goal_uuid(COMPANY, &spec.goal.id, 1);
    let mut models = vec![terms("offline", true, 20_000)];
    if wish.lying {
        models.insert(0, terms(LIAR, false, 1_000_000));
    }
    let budget = if wish.tight {
        // The worst case of one exchange is some ten thousand tokens.
        Amounts::new(60_000, 45_000, 8)
    } else {
        Amounts::new(5_000_000, 4_000_000, 400)
    };
    let brief = Brief {
        goal_id: goal_id.clone(),
        revision: 1,
        spec: BlobId::of(&blobs[0]),
        catalogue: BlobId::of(&blobs[1]),
        imprint: None,
        as_of: date(2026, 11, 20),
        set: BTreeMap::new(),
        models,
        models_file: None,
        follows: None,
    };
    let submitted = GoalSubmitted {
        goal_id,
        slug: spec.goal.id.clone(),
        input: BlobId::of(&blobs[0]).to_string(),
        brief,
        budget,
        month_cap: 50_000_000,
        priority: spec.goal.priority,
        site: SITE.into(),
        kpis: Vec::new(),
        warn_at: vec![70, 90],
        needs,
        not_enforced: Vec::new(),
    };
    Ok((submitted, blobs))
}

/// Terms with this price for a million tokens, in micro-units.
fn terms(id: &str, offline: bool, price: i64) -> ModelTerms {
    ModelTerms {
        id: id.into(),
        offline,
        context: 200_000,
        max_output: 16_000,
        input_price: Some(price),
        output_price: Some(price * 3),
        revises: false,
    }
}
