//! A second edition of a site: what stays, what is written again, what leads on, and what it says of the change.

mod common;

use jiff::civil::{Date, date};
use va_domain::revision::PageState;

use common::{
    TODAY,
    editions::{Published, errors, faults, findings, publish},
    example,
};

const LATER: Date = date(2026, 11, 27);

/// The example with its table changed.
fn changed(
    name: &str,
    change: impl Fn(&str) -> String,
) -> (va_domain::goal_spec::GoalSpec, va_catalogue::Catalogue) {
    let (spec, _) = example(name);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text =
        std::fs::read_to_string(folder.join(name).join(&spec.catalogue.file)).expect("a table");
    let after = change(&text);
    assert_ne!(after, text, "nothing was changed");
    let format = va_catalogue::Format::of(&spec.catalogue.file, after.as_bytes());
    let catalogue =
        va_catalogue::read(after.as_bytes(), format, &spec.catalogue).expect("a catalogue");
    (spec, catalogue)
}

/// The espresso machines at another price of one of them.
fn repriced() -> (va_domain::goal_spec::GoalSpec, Published, Published) {
    let goal = example("home-espresso");
    let first = publish(&goal, TODAY, None);
    let again = changed("home-espresso", |table| {
        table.replace(
            "Lelit Anna,Lelit,semi-automatic,599.95",
            "Lelit Anna,Lelit,semi-automatic,579.95",
        )
    });
    let second = publish(&again, LATER, Some(&first));
    (goal.0, first, second)
}

#[test]
fn another_price_is_written_where_it_stands_and_changes_no_byte_elsewhere() {
    let (spec, first, second) = repriced();
    assert_eq!(faults(&spec, &second, Some(&first)), Vec::<String>::new());
    let states = |page: &str| {
        first
            .text(&format!("data/{page}.json"))
            .contains("Lelit Anna")
    };
    for page in &second.pages {
        let slug = &page.request.slug;
        let prices = |edition: &Published| {
            let table = &edition.page(slug).expect("a page").request.blocks.table;
            table.rows.iter().any(|row| row[0] == "Lelit Anna")
        };
        assert!(
            !prices(&first) || page.state == PageState::Changed,
            "{slug}"
        );
        for path in [format!("posts/{slug}.html"), format!("data/{slug}.json")] {
            let same = first.files[&path] == second.files[&path];
            assert_eq!(same, page.state == PageState::Kept, "{path}");
        }
        assert!(
            page.state == PageState::Kept || states(slug),
            "{slug} does not name it"
        );
    }
    assert!(
        second.slugs(PageState::Kept).len() >= 5 && !second.slugs(PageState::Changed).is_empty()
    );
    assert!(second.slugs(PageState::New).is_empty() && second.redirects.is_empty());
}

#[test]
fn a_page_says_old_and_new_value_with_both_days_and_when_it_first_appeared() {
    let (_, _, second) = repriced();
    let guide = second.pages[0].request.slug.clone();
    let html = second.text(&format!("posts/{guide}.html"));
    assert!(
        html.contains("<li>Price of Lelit Anna: USD 579.95, before USD 599.95</li>"),
        "{html}"
    );
    assert!(html.contains("27 Nov 2026") && html.contains("20 Nov 2026"));
    assert!(
        html.contains("\"datePublished\":\"2026-11-20\"")
            && html.contains("\"dateModified\":\"2026-11-27\"")
    );
    let sitemap = second.text("sitemap.xml");
    let days = |day: &str| {
        sitemap
            .matches(&format!("<lastmod>{day}</lastmod>"))
            .count()
    };
    assert!(days("2026-11-27") > second.slugs(PageState::Changed).len() && days("2026-11-20") > 0);
}

#[test]
fn a_product_that_goes_leaves_redirects_and_those_are_never_chained() {
    let goal = example("home-espresso");
    let first = publish(&goal, TODAY, None);
    let without = |names: &'static [&'static str]| {
        changed("home-espresso", move |table| {
            let lines = table
                .lines()
                .filter(|line| !names.iter().any(|name| line.starts_with(name)));
            lines.map(|line| format!("{line}\n")).collect()
        })
    };
    let second = publish(&without(&["Lelit Elizabeth,"]), LATER, Some(&first));
    assert_eq!(faults(&goal.0, &second, Some(&first)), Vec::<String>::new());
    let gone: Vec<&String> = second
        .redirects
        .keys()
        .filter(|path| path.contains("elizabeth"))
        .collect();
    assert!(!gone.is_empty());
    for path in &gone {
        let page = second.text(path);
        assert!(
            page.contains("content=\"noindex\"") && page.contains("http-equiv=\"refresh\""),
            "{page}"
        );
        for list in ["feed.xml", "sitemap.xml", "index.html"] {
            assert!(
                !second.text(list).contains(path.as_str()),
                "{path} in {list}"
            );
        }
    }

    let few = &["Lelit", "Rancilio", "Profitec", "La Pavoni"];
    let third = publish(&without(few), LATER, Some(&second));
    assert_eq!(faults(&goal.0, &third, Some(&second)), Vec::<String>::new());
    assert!(gone.iter().all(|path| third.redirects.contains_key(*path)));
    for (path, to) in &third.redirects {
        assert!(
            !third.redirects.contains_key(to) && third.files.contains_key(to),
            "{path} to {to}"
        );
    }

    let back = publish(&goal, LATER, Some(&third));
    assert_eq!(faults(&goal.0, &back, Some(&third)), Vec::<String>::new());
    assert!(
        gone.iter().all(|path| !back.redirects.contains_key(*path)),
        "a page stands there again"
    );
}

#[test]
fn the_reviewer_rejects_what_changed_where_it_is_not_so() {
    let (spec, first, second) = repriced();
    let guide = second.pages[0].request.slug.clone();
    let (post, data) = (format!("posts/{guide}.html"), format!("data/{guide}.json"));
    let forged = |from: &str, to: &str| {
        let mut files = second.files.clone();
        for path in [&post, &data] {
            let text = second.text(path);
            assert!(text.contains(from), "{path} has no {from}");
            files.insert(path.clone(), text.replace(from, to).into_bytes());
        }
        findings(&files, &spec, &second, Some(&first))
    };
    let codes = |found: Vec<va_domain::content::Finding>| -> Vec<String> {
        found.into_iter().map(|finding| finding.code).collect()
    };
    for (from, to) in [
        ("599.95", "799.95"),
        ("Price of Lelit Anna", "Price of Rancilio Silvia"),
        ("Price of Lelit Anna", "Bargain of Lelit Anna"),
    ] {
        let found = codes(forged(from, to));
        assert!(
            found.contains(&"change_wrong".to_owned()),
            "{from} as {to}: {found:?}"
        );
    }
    let mut silent = second.files.clone();
    let before = publish(&changed_back(), LATER, None);
    for path in [&post, &data] {
        silent.insert(path.clone(), before.files[path].clone());
    }
    let found = errors(&findings(&silent, &spec, &second, Some(&first)));
    assert!(
        found.iter().any(|f| f.starts_with("change_wrong")),
        "{found:?}"
    );
    let mut lost = second.files.clone();
    lost.remove(&post);
    let found = errors(&findings(&lost, &spec, &second, Some(&first)));
    assert!(
        found.iter().any(|f| f.starts_with("redirect_wrong")),
        "{found:?}"
    );
}

/// The repriced machines as a first edition, which says nothing of a change.
fn changed_back() -> (va_domain::goal_spec::GoalSpec, va_catalogue::Catalogue) {
    changed("home-espresso", |table| {
        table.replace(
            "Lelit Anna,Lelit,semi-automatic,599.95",
            "Lelit Anna,Lelit,semi-automatic,579.95",
        )
    })
}

#[test]
fn an_edition_is_a_function_of_the_folder_and_the_edition_before() {
    for name in common::EXAMPLES {
        let goal = example(name);
        let first = publish(&goal, TODAY, None);
        let same = publish(&goal, LATER, Some(&first));
        assert_eq!(
            same.slugs(PageState::Kept).len(),
            same.pages.len(),
            "{name}"
        );
        assert_eq!(faults(&goal.0, &same, Some(&first)), Vec::<String>::new());
        for page in &first.pages {
            let path = format!("posts/{}.html", page.request.slug);
            assert!(first.files[&path] == same.files[&path], "{name}: {path}");
        }
        assert!(publish(&goal, LATER, Some(&first)).files == same.files);
    }
}
