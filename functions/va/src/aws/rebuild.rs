//! The views, made anew from the journal: after a new generation of them, or when bells were lost.

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use va_agents::{manifest::VIEW_GENERATION, view::shown};
use va_aws::views::VIEWED;
use va_domain::ids::StreamId;

use super::home::AwsHome;
use crate::{
    check::print,
    exit::{Code, Failure},
    out::say,
};

/// Streams that are folded at once.
const AT_ONCE: usize = 16;

/// Puts what every goal and incident shows, where nothing as new stands. It scans the table, under a person's rights.
pub async fn rebuild(home: &AwsHome, as_json: bool) -> Result<Code, Failure> {
    let views = home
        .aws
        .views(VIEW_GENERATION)
        .map_err(|e| Failure::input(e.to_string()))?;
    let all = home.journal.streams().await?;
    let viewed: Vec<&StreamId> = all.iter().filter(|s| VIEWED.contains(&s.kind())).collect();
    let kernel = home.kernel();
    let puts = viewed.iter().map(async |stream| {
        let state = kernel.fold(stream).await?.state;
        let mut put = 0_u32;
        for (view, document) in shown(&home.company.currency, &state) {
            put += u32::from(views.put(view, stream, state.version, document).await?);
        }
        Ok::<_, Failure>(put)
    });
    let puts: Vec<u32> = stream::iter(puts)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let (streams, put) = (viewed.len(), puts.iter().sum::<u32>());
    if as_json {
        return print("va.rebuilt/1", &json!({ "streams": streams, "put": put }));
    }
    say!("{streams} goals and incidents are shown; {put} documents were missing or old");
    Ok(Code::Done)
}
