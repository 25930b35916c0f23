//! `events/`: a JSON Schema for each type and version of document, and samples of it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use jsonschema::Validator;
use serde_json::Value;
use va_domain::schema::{Shape, shapes};

/// Why `events/` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// A file cannot be read or written.
    #[error("{} cannot be used", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file is no JSON.
    #[error("{} is no JSON", path.display())]
    Json {
        /// Which one.
        path: PathBuf,
        /// What the reader said.
        #[source]
        source: serde_json::Error,
    },
    /// A file is no JSON Schema.
    #[error("{} is no JSON Schema: {why}", path.display())]
    Schema {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// One document that was kept.
#[derive(Clone, Debug)]
pub struct Sample {
    /// `<Name>.v<N>`: which schema it follows.
    pub shape: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The schemas as they are checked in, ready to validate.
pub struct Schemas(BTreeMap<String, Validator>);

impl Schemas {
    /// Reads every schema in `events/schemas`.
    ///
    /// # Errors
    /// Where one cannot be read or is no schema.
    pub fn load(events: &Path) -> Result<Self, EventsError> {
        let mut all = BTreeMap::new();
        for (shape, path) in json_files(&events.join("schemas"))? {
            let schema = parse(&path, &read(&path)?)?;
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .build(&schema)
                .map_err(|e| EventsError::Schema {
                    path: path.clone(),
                    why: e.to_string(),
                })?;
            all.insert(shape, validator);
        }
        Ok(Self(all))
    }

    /// The names of the schemas, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What is wrong with a document of that shape; nothing where it is as it should be.
    #[must_use]
    pub fn faults(&self, shape: &str, document: &Value) -> Vec<String> {
        match self.0.get(shape) {
            None => vec![format!("no schema is called {shape}")],
            Some(schema) => schema
                .iter_errors(document)
                .map(|e| format!("{shape}{}: {e}", e.instance_path()))
                .collect(),
        }
    }

    /// What is wrong with an event: with its envelope, and with its payload by the type and version that it
    /// names.
    #[must_use]
    pub fn faults_of_event(&self, event: &Value) -> Vec<String> {
        let mut faults = self.faults("Envelope.v1", event);
        let shape = format!(
            "{}.v{}",
            event["event_type"].as_str().unwrap_or_default(),
            event["schema_version"]
        );
        faults.extend(self.faults(&shape, &event["payload"]));
        faults
    }
}

/// Every sample in `events/samples`: one folder a shape.
///
/// # Errors
/// Where a folder or file cannot be read.
pub fn samples(events: &Path) -> Result<Vec<Sample>, EventsError> {
    let folder = events.join("samples");
    let mut all = Vec::new();
    for path in entries(&folder)?.into_iter().filter(|p| p.is_dir()) {
        let shape = name_of(&path);
        for (_, path) in json_files(&path)? {
            all.push(Sample {
                shape: shape.clone(),
                text: read(&path)?,
                path,
            });
        }
    }
    Ok(all)
}

/// The text of a shape's schema file.
#[must_use]
pub fn schema_text(shape: &Shape) -> String {
    format!("{:#}\n", shape.schema().to_value())
}

/// Writes the schema of every shape to `events/schemas`; answers which changed. None is ever removed.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_schemas(events: &Path) -> Result<Vec<String>, EventsError> {
    let mut changed = Vec::new();
    for shape in shapes() {
        let path = events.join("schemas").join(format!("{}.json", shape.id()));
        let text = schema_text(&shape);
        if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            fs::write(&path, text).map_err(|source| EventsError::File { path, source })?;
            changed.push(shape.id());
        }
    }
    Ok(changed)
}

fn json_files(folder: &Path) -> Result<Vec<(String, PathBuf)>, EventsError> {
    Ok(entries(folder)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| (name_of(&path.with_extension("")), path))
        .collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EventsError> {
    let failed = |source| EventsError::File {
        path: folder.to_path_buf(),
        source,
    };
    let mut all = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    all.sort();
    Ok(all)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn read(path: &Path) -> Result<String, EventsError> {
    fs::read_to_string(path).map_err(|source| EventsError::File {
        path: path.to_path_buf(),
        source,
    })
}

fn parse(path: &Path, text: &str) -> Result<Value, EventsError> {
    serde_json::from_str(text).map_err(|source| EventsError::Json {
        path: path.to_path_buf(),
        source,
    })
}
