//! Every page of every example on every screen: no fault, no request to elsewhere, nothing that moves.

use std::{
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

use serde_json::Value;
use va_browser::{
    chromium::Chromium,
    company::{Company, output},
    screen::{Scheme, Visit, open, picture, set, watch},
    tools,
};

/// The most bytes of a page with everything that it loads.
const WEIGHT: u64 = 60_000;
/// The smallest letters of a chart, in pixels.
const LETTERS: f64 = 11.0;

struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, place: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{place}: {what}"));
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

fn number(browser: &mut Chromium, script: &str) -> f64 {
    browser.evaluate(script).as_f64().unwrap_or(f64::NAN)
}

/// What must hold of every page on every screen.
fn sound(browser: &mut Chromium, place: &str, visit: &Visit, findings: &mut Findings) {
    for said in &visit.console {
        findings.add(place, format_args!("the console says {said}"));
    }
    for url in &visit.external {
        findings.add(place, format_args!("asks for {url}"));
    }
    if visit.shift != 0.0 {
        findings.add(place, format_args!("the layout shifts by {}", visit.shift));
    }
    let over = number(
        browser,
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    if over > 0.0 {
        findings.add(place, format_args!("is {over} pixels too wide"));
    }
    let letters = number(
        browser,
        "Math.min(99, ...[...document.querySelectorAll('svg text')].map((t) => parseFloat(getComputedStyle(t).fontSize)))",
    );
    if visit.weight() >= WEIGHT {
        findings.add(place, format_args!("weighs {} bytes", visit.weight()));
    }
    if letters < LETTERS {
        findings.add(
            place,
            format_args!("a chart has letters of {letters} pixels"),
        );
    }
}

/// The companies of all tests, one an example: each works once, and then nobody changes it.
fn companies() -> &'static [(&'static str, Company)] {
    static COMPANIES: LazyLock<Vec<(&str, Company)>> = LazyLock::new(|| {
        let examples = ["home-espresso", "graphics-cards", "phones-german-table"];
        examples.map(|name| (name, Company::of(name))).into()
    });
    &COMPANIES
}

/// The one whose site is tried out by hand.
fn company() -> &'static Company {
    &companies()[0].1
}

/// What a revision adds: pages that say what changed, the report of it, and paths that lead on.
fn revised() -> Vec<(String, PathBuf)> {
    static REVISED: LazyLock<Company> = LazyLock::new(|| Company::revised("home-espresso"));
    let mut pages = REVISED.pages();
    pages.retain(|(name, path)| {
        let text = std::fs::read_to_string(path).unwrap();
        name == "report" || leads_on(&text) || text.contains("id=\"changes\"")
    });
    for (name, _) in &mut pages {
        *name = format!("revised-{name}");
    }
    assert!(pages.len() >= 4, "{pages:?}");
    pages
}

fn leads_on(page: &str) -> bool {
    page.contains("http-equiv=\"refresh\"")
}

/// Every page of every example, named by both.
fn pages() -> Vec<(String, PathBuf)> {
    let of = |(example, company): &(&str, Company)| -> Vec<(String, PathBuf)> {
        let pages = company.pages();
        assert!(pages.len() > 12, "{example}: {pages:?}");
        let named = pages.into_iter();
        named
            .map(|(name, path)| (format!("{example}-{name}"), path))
            .collect()
    };
    companies().iter().flat_map(of).chain(revised()).collect()
}

#[test]
fn every_page_is_sound_on_every_screen() {
    let mut pages = pages();
    // A browser leaves these at once.
    pages.retain(|(_, path)| !leads_on(&std::fs::read_to_string(path).unwrap()));
    let pictures = output().join("screenshots");
    if pictures.exists() {
        std::fs::remove_dir_all(&pictures).unwrap();
    }
    std::fs::create_dir_all(&pictures).unwrap();
    let axe = tools::axe();
    let findings = Mutex::new(Findings(Vec::new()));
    // Two browsers: one alone leaves a core idle.
    let half = pages.len().div_ceil(2);
    let (axe, pictures, all) = (axe.as_str(), pictures.as_path(), &findings);
    std::thread::scope(|scope| {
        for some in pages.chunks(half) {
            scope.spawn(move || {
                let mut browser = Chromium::start();
                watch(&mut browser);
                for (name, path) in some {
                    let found = screens(&mut browser, name, path, axe, pictures);
                    all.lock().unwrap().0.extend(found.0);
                }
            });
        }
    });
    findings.into_inner().unwrap().none();
}

/// Shows one page on every screen.
fn screens(
    browser: &mut Chromium,
    name: &str,
    path: &Path,
    axe: &str,
    pictures: &Path,
) -> Findings {
    let mut findings = Findings(Vec::new());
    // Between the narrowest and the widest screen that are designed for, those that are looked at.
    for width in [320, 360, 768, 1440, 3840] {
        let schemes: &[Scheme] = match width {
            360 | 768 | 1440 => &[Scheme::Light, Scheme::Dark],
            _ => &[Scheme::Light],
        };
        set(browser, width, Scheme::Light);
        let visit = open(browser, path);
        sound(
            browser,
            &format!("{name} at {width}"),
            &visit,
            &mut findings,
        );
        for &scheme in schemes.iter().filter(|_| schemes.len() > 1) {
            set(browser, width, scheme);
            let file = format!("{name}-{width}-{}.png", scheme.name());
            picture(browser, &pictures.join(file));
            // Both schemes and both layouts, without trying every pair.
            if (width, scheme) == (360, Scheme::Light) || (width, scheme) == (1440, Scheme::Dark) {
                let place = format!("{name} at {width}, {}", scheme.name());
                violations(browser, &place, axe, &mut findings);
            }
        }
    }
    findings
}

/// What axe has to say.
fn violations(browser: &mut Chromium, place: &str, axe: &str, findings: &mut Findings) {
    if browser.evaluate("typeof globalThis.axe") == "undefined" {
        browser.evaluate(&format!("{axe}\n; undefined"));
    }
    let found = browser.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => \
         `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html + ' ' + n.failureSummary).join(' | ')}`))",
    );
    let found = found.as_array().cloned().unwrap_or_default();
    for violation in found.iter().filter_map(Value::as_str) {
        findings.add(place, violation);
    }
}

#[test]
fn the_nu_checker_finds_no_error() {
    let pages: Vec<PathBuf> = pages().into_iter().map(|(_, path)| path).collect();
    let findings = tools::nu(&pages);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn field_guide(company: &Company) -> PathBuf {
    let posts = company.site().join("posts");
    let found = |path: &Path| {
        std::fs::read_to_string(path).is_ok_and(|text| text.contains("chart scatter"))
    };
    let mut pages: Vec<PathBuf> = company.pages().into_iter().map(|(_, path)| path).collect();
    pages.retain(|path| path.starts_with(&posts) && found(path));
    pages.remove(0)
}

/// The first cell of each row, and the texts of the column that is sorted by.
fn column(browser: &mut Chromium, number: usize) -> Vec<String> {
    let script = format!(
        "[...document.querySelector('table.sortable').tBodies[0].rows].map((r) => r.cells[{number}].textContent.trim())"
    );
    let cells = browser.evaluate(&script);
    cells
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|c| c.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn a_table_is_sorted_by_its_headings_and_complete_without_a_script() {
    let company = company();
    let page = field_guide(company);
    let mut browser = Chromium::start();
    set(&mut browser, 1440, Scheme::Light);
    open(&mut browser, &page);
    let before = column(&mut browser, 1);
    let press = "document.querySelectorAll('table.sortable th button')[1].click()";
    browser.evaluate(press);
    browser.evaluate(press);
    let after = column(&mut browser, 1);
    let amount = |cell: &String| cell.rsplit(' ').next().and_then(|n| n.parse::<f64>().ok());
    let stated: Vec<f64> = after.iter().filter_map(amount).collect();
    assert!(
        stated.len() >= 12 && stated.is_sorted_by(|a, b| a >= b),
        "{after:?}"
    );
    let (mut one, mut other) = (before.clone(), after);
    one.sort();
    other.sort();
    assert_eq!(one, other, "no row is lost");
    let said = browser
        .evaluate("document.querySelectorAll('table.sortable th')[1].getAttribute('aria-sort')");
    assert_eq!(said, "descending");

    browser.call(
        "Emulation.setScriptExecutionDisabled",
        serde_json::json!({ "value": true }),
    );
    open_without_script(&mut browser, &page);
    assert_eq!(column(&mut browser, 1), before);
}

/// Without scripts a page cannot say when it is painted.
fn open_without_script(browser: &mut Chromium, path: &Path) {
    let _ = browser.events();
    let url = format!("file://{}", path.display());
    browser.call("Page.navigate", serde_json::json!({ "url": url }));
    browser.wait("Page.loadEventFired");
}

#[test]
fn the_search_narrows_the_list() {
    let company = company();
    let mut browser = Chromium::start();
    set(&mut browser, 1440, Scheme::Light);
    open(&mut browser, &company.site().join("index.html"));
    let shown = "document.querySelectorAll('.listed .cards > li:not([hidden])').length";
    let typed = |words: &str| {
        format!(
            "{{ const field = document.querySelector('#search input'); field.value = '{words}'; \
             field.dispatchEvent(new Event('input')); }}"
        )
    };
    let all = number(&mut browser, shown);
    browser.evaluate(&typed("lelit anna"));
    let said = number(&mut browser, shown);
    assert!(said > 0.0 && said < all, "{said} of {all}");
    // What only the tables name is found once somebody has gone to the field and the index is there.
    browser.evaluate(
        "new Promise((done) => { document.querySelector('#search input').focus(); \
         const wait = () => globalThis.siteIndex ? done() : setTimeout(wait, 5); wait(); })",
    );
    browser.evaluate(&typed("lelit anna"));
    let known = number(&mut browser, shown);
    assert!(
        known > said && known < all,
        "{known} of {all}, {said} before"
    );
    browser.evaluate(&typed("zzzz"));
    assert!(number(&mut browser, shown) == 0.0);
    browser.evaluate(&typed(""));
    assert!(number(&mut browser, shown) == all);
}
