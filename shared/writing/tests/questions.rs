//! Ten questions that a buyer would ask of each example. The reader sees only the site; whether an answer is
//! right is counted here from the table, with nothing of the writer's or the reviewer's arithmetic.

mod common;

use std::collections::BTreeMap;

use common::{TODAY, example, meter::write};
use rust_decimal::Decimal;
use serde_json::Value;
use va_catalogue::Catalogue;
use va_writing::site;

/// What is asked of a column.
enum Ask {
    /// The figure of one product.
    Figure(&'static str),
    /// The lowest figure, below a price where one is given.
    Lowest(Option<u32>),
    /// The highest figure, below a price where one is given.
    Highest(Option<u32>),
    /// How far two products are apart.
    Apart(&'static str, &'static str),
    /// How many products are below this figure.
    HowMany(u32),
    /// How many products do not say.
    Silent,
    /// The figure in the middle.
    Middle,
    /// How many percent of those that say so say yes.
    Yes,
}

use Ask::{Apart, Figure, Highest, HowMany, Lowest, Middle, Silent, Yes};

/// A question, the column that it is about, what is asked, and the answer: a product where the answer is one,
/// and the figure as the site writes it.
type Question = (&'static str, &'static str, Ask, &'static str, &'static str);

#[rustfmt::skip] // A table, one question a line.
const HOME_ESPRESSO: [Question; 10] = [
    ("What is the least that I can spend?", "price", Lowest(None), "Flair Classic", "USD 159"),
    ("Which machine is the most expensive?", "price", Highest(None), "La Marzocco Linea Micra", "USD 4500"),
    ("I have less than USD 700. Which has the largest tank?", "tank", Highest(Some(700)), "Lelit Anna", "2.7 l"),
    ("And which is the lightest below USD 400?", "weight", Lowest(Some(400)), "Flair Classic", "2.3 kg"),
    ("How many machines can I choose from below USD 700?", "price", HowMany(700), "", "11"),
    ("What do I pay more for the Profitec GO than for the Quick Mill Pippa?", "price", Apart("Profitec GO", "Quick Mill Pippa"), "Profitec GO", "USD 200"),
    ("Is the Lelit Elizabeth lighter than the Cellini Classic?", "weight", Apart("La Pavoni Cellini Classic", "Lelit Elizabeth"), "Lelit Elizabeth", "7.7 kg"),
    ("What does the Rancilio Silvia Pro X cost?", "price", Figure("Rancilio Silvia Pro X"), "Rancilio Silvia Pro X", "USD 2195"),
    ("Where do I have to ask for the pump pressure myself?", "pump_pressure", Silent, "", "32"),
    ("What does a usual machine weigh?", "weight", Middle, "", "14 kg"),
];

#[rustfmt::skip] // A table, one question a line.
const GRAPHICS_CARDS: [Question; 10] = [
    ("What is the least that I can spend?", "launch_price", Lowest(None), "Arc B570", "USD 219"),
    ("Which card is the most expensive?", "launch_price", Highest(None), "RTX 5090", "USD 1999"),
    ("Which card below USD 300 draws the least power?", "board_power", Lowest(Some(300)), "RTX 4060", "115 W"),
    ("Which has the most bandwidth below USD 450?", "bandwidth", Highest(Some(450)), "Arc A770 16 GB", "560 GB/s"),
    ("Who offers the most memory below USD 300?", "memory", Highest(Some(300)), "Arc B580", "12 GB"),
    ("How many cards are there below USD 450?", "launch_price", HowMany(450), "", "15"),
    ("What do I pay more for the RTX 5070 than for the RX 7800 XT?", "launch_price", Apart("RTX 5070", "RX 7800 XT"), "RTX 5070", "USD 50"),
    ("How much more memory has the RX 7900 XT than the RTX 5080?", "memory", Apart("RX 7900 XT", "RTX 5080"), "RX 7900 XT", "4 GB"),
    ("For how many cards is no length known?", "length", Silent, "", "20"),
    ("What did a card in the middle of the field cost?", "launch_price", Middle, "", "USD 499"),
];

#[rustfmt::skip] // A table, one question a line.
const PHONES: [Question; 10] = [
    ("What is the least that I can spend?", "preis", Lowest(None), "", "EUR 329"),
    ("Which phone is the heaviest?", "gewicht", Highest(None), "iPhone 17 Pro Max", "233 g"),
    ("Which phone below EUR 700 is the lightest?", "gewicht", Lowest(Some(700)), "iPhone 16e", "167 g"),
    ("And which of them has the largest battery?", "akku", Highest(Some(700)), "Pixel 9a", "5100 mAh"),
    ("How many phones are there below EUR 700?", "preis", HowMany(700), "", "11"),
    ("What do I pay more for the Pixel 9a than for the Galaxy A55?", "preis", Apart("Pixel 9a", "Galaxy A55 5G"), "Pixel 9a", "EUR 70"),
    ("How much lighter is the Galaxy S25 FE than the Fairphone 5?", "gewicht", Apart("Fairphone 5", "Galaxy S25 FE"), "Galaxy S25 FE", "22 g"),
    ("What did the Pixel 8 cost?", "preis", Figure("Pixel 8"), "Pixel 8", "EUR 799"),
    ("How many makers keep quiet about the battery?", "akku", Silent, "", "13"),
    ("How common is wireless charging?", "kabelloses_laden", Yes, "", "79%"),
];

#[test]
fn the_espresso_guide_answers_ten_questions() {
    answers("home-espresso", &HOME_ESPRESSO);
}

#[test]
fn the_graphics_card_guide_answers_ten_questions() {
    answers("graphics-cards", &GRAPHICS_CARDS);
}

#[test]
fn the_phone_guide_answers_ten_questions() {
    answers("phones-german-table", &PHONES);
}

fn answers(name: &str, questions: &[Question]) {
    let (spec, catalogue) = example(name);
    let written = write(&spec, &catalogue);
    let pages: Vec<site::SitePage> = written
        .into_iter()
        .map(|(request, markdown)| site::SitePage {
            request: request.into(),
            markdown,
        })
        .collect();
    let files = site::build(&pages, &spec, None, TODAY);
    let wrong: Vec<String> = questions
        .iter()
        .filter_map(|question| {
            let right = counted(&catalogue, question);
            let said = told(&files, question);
            let why = match (right, said) {
                (Err(found), _) => format!("the table says {found}"),
                (_, false) => "no page says so".to_owned(),
                (Ok(()), true) => return None,
            };
            Some(format!(
                "{} {} {}: {why}",
                question.0, question.3, question.4
            ))
        })
        .collect();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

/// Whether an answer is what the table says; else what it says.
fn counted(catalogue: &Catalogue, question: &Question) -> Result<(), String> {
    let (_, column, ask, product, answer) = question;
    let at = catalogue.columns.iter().position(|c| c.name == *column);
    let at = at.unwrap_or_else(|| panic!("a column {column}"));
    let price = catalogue.price_column().expect("a price");
    let figure = |name: &str, at: usize| {
        let row = catalogue.rows.iter().find(|row| &*row.name == name);
        row.and_then(|row| row.cells[at].number())
    };
    let below = |limit: &Option<u32>| {
        let mut found: Vec<(Decimal, &str)> = catalogue
            .rows
            .iter()
            .filter(|row| {
                limit
                    .is_none_or(|limit| row.cells[price].number().is_some_and(|n| n < limit.into()))
            })
            .filter_map(|row| Some((row.cells[at].number()?, &*row.name)))
            .collect();
        found.sort_unstable();
        found
    };
    let stated = || {
        catalogue
            .rows
            .iter()
            .filter(|row| !row.cells[at].is_missing())
    };
    let end = |found: Vec<(Decimal, &str)>, highest: bool| {
        let end = if highest { found.last() } else { found.first() }
            .expect("a figure")
            .0;
        let holders: Vec<&str> = found
            .iter()
            .filter(|(n, _)| *n == end)
            .map(|(_, name)| *name)
            .collect();
        (
            end,
            if holders.len() == 1 {
                holders[0].to_owned()
            } else {
                String::new()
            },
        )
    };
    let (number, who) = match ask {
        Figure(name) => (figure(name, at).expect("a figure"), (*name).to_owned()),
        Lowest(limit) => end(below(limit), false),
        Highest(limit) => end(below(limit), true),
        Apart(one, other) => {
            let difference =
                figure(one, at).expect("a figure") - figure(other, at).expect("a figure");
            (difference, (*product).to_owned())
        }
        HowMany(limit) => {
            let n = below(&None)
                .iter()
                .filter(|(n, _)| *n < (*limit).into())
                .count();
            (n.into(), String::new())
        }
        Silent => (
            (catalogue.rows.len() - stated().count()).into(),
            String::new(),
        ),
        Middle => {
            let numbers = below(&None);
            let (low, high) = (
                numbers[(numbers.len() - 1) / 2].0,
                numbers[numbers.len() / 2].0,
            );
            ((low + high) / Decimal::TWO, String::new())
        }
        Yes => {
            let yes = stated()
                .filter(|row| matches!(row.cells[at].value, va_catalogue::Value::Boolean(true)));
            let percent = Decimal::from(yes.count() * 100) / Decimal::from(stated().count());
            (percent.round(), String::new())
        }
    };
    let fits = who == *product && value(answer) == number.normalize();
    if fits {
        Ok(())
    } else {
        Err(format!("{who} {}", number.normalize()))
    }
}

/// The number in an answer.
fn value(answer: &str) -> Decimal {
    let digits: String = answer
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    digits.parse::<Decimal>().expect("a number").normalize()
}

/// Whether a page says the answer in one of its own sentences or cells, and publishes the claim behind it.
fn told(files: &BTreeMap<String, Vec<u8>>, question: &Question) -> bool {
    let (_, column, ask, product, answer) = question;
    let ops: &[&str] = match ask {
        Figure(_) => &["value"],
        Lowest(_) => &["min"],
        Highest(_) => &["max"],
        Apart(..) => &["diff"],
        HowMany(_) => &["count"],
        Silent => &["missing"],
        Middle => &["median"],
        Yes => &["share"],
    };
    files.iter().any(|(path, bytes)| {
        let Some(slug) = path
            .strip_prefix("data/")
            .and_then(|p| p.strip_suffix(".json"))
        else {
            return false;
        };
        let data: Value = serde_json::from_slice(bytes).expect("a claims file is JSON");
        let page = &files[&format!("posts/{slug}.html")];
        let page = text(std::str::from_utf8(page).expect("a page is UTF-8"));
        let claims = data["claims"].as_array().into_iter().flatten();
        claims
            .filter(|claim| ops.iter().any(|op| claim["op"] == *op))
            .filter(|claim| {
                let counts = matches!(ask, HowMany(_));
                let filter = &claim["filter"][0]["column"];
                claim["column"] == *column || (counts && filter == column)
            })
            .filter(|claim| {
                let rows = claim["rows"].as_array().into_iter().flatten();
                let named: Vec<&str> = rows.filter_map(Value::as_str).collect();
                match ask {
                    Apart(one, other) => named == [*one, *other],
                    _ => product.is_empty() || named == [*product],
                }
            })
            .filter_map(|claim| claim["text"].as_str())
            .any(|said| said.contains(answer) && page.contains(said))
    })
}

/// The text of a page's main part, as a reader sees it.
fn text(html: &str) -> String {
    let main = html
        .split("<main")
        .nth(1)
        .and_then(|rest| rest.split("</main>").next());
    let mut text = String::new();
    let mut within = true;
    for c in main.unwrap_or_default().chars() {
        match c {
            '<' => within = true,
            '>' if within => within = false,
            c if !within => text.push(if c == '\n' { ' ' } else { c }),
            _ => {}
        }
    }
    let text = text
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.replace("&amp;", "&")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
