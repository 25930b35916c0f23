//! Blobs.

use std::sync::Arc;

use va_domain::ids::BlobId;
use va_runtime::ports::{Appended, Blob, Blobs, Bytes};

use crate::{
    Home, Verdict,
    chain::{Chain, Shape},
    same, saw,
};

fn bytes(length: usize, seed: u8) -> (BlobId, Bytes) {
    let bytes: Vec<u8> = (0..length)
        .map(|n| seed ^ u8::try_from(n * 31 % 251).unwrap_or(0))
        .collect();
    (BlobId::of(&bytes), Arc::from(bytes))
}

async fn reads_back(blobs: &dyn Blobs, id: &BlobId, expected: &Bytes) -> Verdict {
    let read = blobs.get(id).await.map_err(|e| saw("get", &e))?;
    if read == *expected {
        Ok(())
    } else {
        Err(format!(
            "{id}: {} other bytes than the {} stored",
            read.len(),
            expected.len()
        ))
    }
}

pub(crate) async fn a_blob_reads_back_and_storing_it_again_is_nothing(home: Home) -> Verdict {
    let Some(blobs) = &home.blobs else {
        return Ok(());
    };
    for length in [0, 1, 1_000] {
        let (id, content) = bytes(length, 0);
        for _ in 0..2 {
            blobs
                .put(&id, Arc::clone(&content))
                .await
                .map_err(|e| saw("put", &e))?;
            reads_back(&**blobs, &id, &content).await?;
        }
    }
    Ok(())
}

pub(crate) async fn bytes_under_a_foreign_address_are_refused(home: Home) -> Verdict {
    let Some(blobs) = &home.blobs else {
        return Ok(());
    };
    let ((id, _), (_, wrong)) = (bytes(100, 0), bytes(100, 1));
    match blobs.put(&id, wrong).await {
        Err(e) if e.code() == "port_refused" => Ok(()),
        Err(e) => Err(saw("put", &e)),
        // A home may look only when it reads; it must look then.
        Ok(()) => match blobs.get(&id).await {
            Err(e) if e.code() == "port_damaged" => Ok(()),
            Err(e) => Err(saw("get", &e)),
            Ok(_) => Err("bytes came back under an address that is not theirs".to_owned()),
        },
    }
}

pub(crate) async fn a_missing_blob_is_damage(home: Home) -> Verdict {
    let Some(blobs) = &home.blobs else {
        return Ok(());
    };
    match blobs.get(&bytes(10, 9).0).await {
        Err(e) if e.code() == "port_damaged" => Ok(()),
        Err(e) => Err(saw("get", &e)),
        Ok(read) => Err(format!("{} bytes came back that nobody stored", read.len())),
    }
}

pub(crate) async fn large_blobs_read_back(home: Home) -> Verdict {
    let Some(blobs) = &home.blobs else {
        return Ok(());
    };
    for length in [64 * 1024, 64 * 1024 + 1, 4 * 1024 * 1024] {
        let (id, content) = bytes(length, 0);
        for _ in 0..2 {
            blobs
                .put(&id, Arc::clone(&content))
                .await
                .map_err(|e| saw(&format!("put of {length} bytes"), &e))?;
        }
        reads_back(&**blobs, &id, &content).await?;
    }
    Ok(())
}

pub(crate) async fn the_blobs_of_a_commit_stand_with_it(home: Home) -> Verdict {
    let Some(blobs) = &home.blobs else {
        return Ok(());
    };
    let chain = Chain::new("goal/one");
    let mut new = chain.next(Shape::default());
    new.blobs = [100, 64 * 1024 + 1, 1024 * 1024, 100]
        .map(|length| Blob::of(bytes(length, 0).1))
        .into();
    let named = new.blobs.clone();
    for expected in [Appended::Committed, Appended::Duplicate] {
        let answer = home
            .journal
            .append(new.clone())
            .await
            .map_err(|e| saw("append", &e))?;
        same("the answer", &answer, &expected)?;
        for blob in &named {
            reads_back(&**blobs, blob.id(), blob.bytes()).await?;
        }
    }
    Ok(())
}

pub(crate) async fn no_company_reads_the_blobs_of_another(home: Home) -> Verdict {
    let (Some(ours), Some(theirs)) = (&home.blobs, &home.other_blobs) else {
        return Ok(());
    };
    for length in [100, 100_000] {
        let (id, content) = bytes(length, 3);
        ours.put(&id, content).await.map_err(|e| saw("put", &e))?;
        if theirs.get(&id).await.is_ok() {
            return Err(format!(
                "a blob of {length} bytes of one company was read by another"
            ));
        }
    }
    Ok(())
}
