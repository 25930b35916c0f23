//! A page on a screen: how it is opened, what happened meanwhile, and how it looks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::chromium::Chromium;

/// Light or dark, as the reader's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

impl Scheme {
    /// As style sheets name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What happened while a page was opened.
#[derive(Debug)]
pub struct Visit {
    /// Errors and warnings of the console, exceptions included.
    pub console: Vec<String>,
    /// What was asked for that is no file of the site.
    pub external: Vec<String>,
    /// The files that were loaded.
    pub files: Vec<PathBuf>,
    /// The sum of the layout's shifts.
    pub shift: f64,
}

impl Visit {
    /// The bytes of everything that was loaded.
    ///
    /// # Panics
    /// Where a loaded file is gone.
    #[must_use]
    pub fn weight(&self) -> u64 {
        let size = |path: &PathBuf| fs::metadata(path).expect("a loaded file is there").len();
        self.files.iter().map(size).sum()
    }
}

/// Sets how wide the screen is, in CSS pixels, and what its reader prefers.
pub fn set(browser: &mut Chromium, width: u32, scheme: Scheme) {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
    );
    browser.call(
        "Emulation.setEmulatedMedia",
        json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme.name() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] }),
    );
}

/// Counts the layout's shifts from the first moment on.
const SHIFTS: &str = "globalThis.shifts = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) \
    globalThis.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });";

/// Prepares the browser to count shifts on every page that it opens.
pub fn watch(browser: &mut Chromium) {
    browser.call(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": SHIFTS }),
    );
}

/// Opens a page from disk and waits until it is painted.
///
/// # Panics
/// Where it cannot be opened.
pub fn open(browser: &mut Chromium, path: &Path) -> Visit {
    // A busy machine may paint a page in parts; a shift that is the page's own comes every time.
    let mut visit = visit(browser, path);
    for _ in 0..2 {
        if visit.shift == 0.0 {
            break;
        }
        visit = self::visit(browser, path);
    }
    visit
}

fn visit(browser: &mut Chromium, path: &Path) -> Visit {
    let _ = browser.events();
    let url = format!("file://{}", path.display());
    let answer = browser.call("Page.navigate", json!({ "url": url }));
    assert!(answer.get("errorText").is_none(), "{url}: {answer}");
    browser.wait("Page.loadEventFired");
    let shift = browser.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(globalThis.shifts), 30))))",
    );
    let mut visit = Visit {
        console: Vec::new(),
        external: Vec::new(),
        files: Vec::new(),
        shift: shift.as_f64().unwrap_or(f64::NAN),
    };
    for event in browser.events() {
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" => visit.console.push(params["args"].to_string()),
            "Runtime.exceptionThrown" => visit.console.push(params["exceptionDetails"].to_string()),
            "Log.entryAdded" => visit.console.push(params["entry"]["text"].to_string()),
            "Network.requestWillBeSent" => request(&mut visit, &params["request"]["url"]),
            _ => {}
        }
    }
    visit
}

fn request(visit: &mut Visit, url: &Value) {
    let url = url.as_str().unwrap_or_default();
    match url.strip_prefix("file://") {
        Some(path) => visit
            .files
            .push(PathBuf::from(path.split(['#', '?']).next().unwrap_or(path))),
        None => visit.external.push(url.to_owned()),
    }
}

/// Writes a picture of the whole page.
///
/// # Panics
/// Where it cannot be taken or written.
pub fn picture(browser: &mut Chromium, to: &Path) {
    let size = browser.evaluate(
        "({ width: innerWidth, height: Math.min(12000, document.documentElement.scrollHeight) })",
    );
    let shot = browser.call(
        "Page.captureScreenshot",
        json!({
            "captureBeyondViewport": true,
            "optimizeForSpeed": true,
            "clip": { "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 },
        }),
    );
    let bytes = STANDARD
        .decode(shot["data"].as_str().unwrap_or_default())
        .expect("a picture is base64");
    fs::write(to, bytes).expect("a picture can be written");
}
