//! The schemas and samples in `events/`: each sample ever kept is valid, and is read and written as it stands.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use va_contracts::{
    events::{Sample, Schemas, samples, schema_text},
    root,
};
use va_domain::schema::{Shape, shapes};

fn schemas() -> Schemas {
    Schemas::load(&root().join("events")).expect("the schemas")
}

fn all_samples() -> Vec<(Sample, Shape, Value)> {
    samples(&root().join("events"))
        .expect("the samples")
        .into_iter()
        .map(|sample| {
            let shape = shapes()
                .into_iter()
                .find(|s| s.id() == sample.shape)
                .unwrap_or_else(|| panic!("this build cannot read {}", sample.path.display()));
            let document = serde_json::from_str(&sample.text)
                .unwrap_or_else(|e| panic!("{}: {e}", sample.path.display()));
            (sample, shape, document)
        })
        .collect()
}

#[test]
fn the_schemas_say_what_the_types_say() {
    for shape in shapes() {
        let path = root().join(format!("events/schemas/{}.json", shape.id()));
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == schema_text(&shape),
            "{} is stale: `cargo run -p va-contracts` writes it anew. A field may be added if it is optional; \
             any other change is a new version of the shape, beside the old one",
            path.display()
        );
    }
}

#[test]
fn every_shape_has_a_sample_and_every_sample_a_shape() {
    let known: BTreeSet<String> = shapes().iter().map(Shape::id).collect();
    let sampled: BTreeSet<String> = all_samples().into_iter().map(|(s, ..)| s.shape).collect();
    let missing: Vec<_> = known.difference(&sampled).collect();
    assert!(missing.is_empty(), "without a sample: {missing:?}");
    assert_eq!(sampled, known);
}

#[test]
fn every_sample_is_valid_and_is_written_as_it_was_read() {
    let schemas = schemas();
    for (sample, shape, document) in all_samples() {
        let faults = schemas.faults(&sample.shape, &document);
        assert!(faults.is_empty(), "{}: {faults:#?}", sample.path.display());
        let again = shape
            .rewrite(document.clone())
            .unwrap_or_else(|e| panic!("{}: {e}", sample.path.display()));
        assert_eq!(again, document, "{}", sample.path.display());
    }
}

#[test]
fn a_sample_that_lacks_a_field_is_read_only_where_the_schema_allows_it() {
    let schemas = schemas();
    let mut refused = 0;
    for (sample, shape, document) in all_samples() {
        let fields: Vec<String> = document
            .as_object()
            .map(|o| o.keys().cloned().collect())
            .unwrap_or_default();
        for field in fields {
            let mut less = document.clone();
            less.as_object_mut().expect("an object").remove(&field);
            let valid = schemas.faults(&sample.shape, &less).is_empty();
            let read = shape.rewrite(less).is_ok();
            assert_eq!(
                valid,
                read,
                "{} without {field}: the schema and the type disagree",
                sample.path.display()
            );
            refused += usize::from(!read);
        }
    }
    assert!(refused > 100, "only {refused} documents were refused");
}

#[test]
fn an_event_is_held_against_its_envelope_and_its_payload() {
    let schemas = schemas();
    let (_, _, event) = all_samples()
        .into_iter()
        .find(|(s, ..)| s.shape == "Envelope.v1")
        .expect("an envelope");
    assert_eq!(schemas.faults_of_event(&event), Vec::<String>::new());
    let changes: [fn(&mut Value); 4] = [
        |e| e["event_type"] = "Unheard".into(),
        |e| e["schema_version"] = 2.into(),
        |e| e["stream"] = "no stream".into(),
        |e| e["payload"] = Value::Null,
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = event.clone();
        change(&mut other);
        assert_ne!(
            schemas.faults_of_event(&other),
            Vec::<String>::new(),
            "change {n}"
        );
    }
}
