//! Exports of the list that is shown. The application makes the pieces; memory does not grow with the number of rows.

use super::list::{Filters, asked};
use super::ui;
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use lianzhi_app::columns_of;
use lianzhi_app::export::{Format, Shape, pieces};

/// A file to save.
pub(super) fn attachment(name: &str, media: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /matters/export/{ending}`, with the filters, the order and the columns of the list.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    uri: Uri,
) -> Answer<Response> {
    let format = Format::from_ending(&ending).ok_or_else(Problem::nothing_here)?;
    let filters = Filters::of(&uri);
    let columns = match asked(&uri, "columns").as_deref().and_then(columns_of) {
        Some(columns) => columns,
        None => {
            let view = match filters.get("view") {
                "" => None,
                id => Some(state.app.view(&who.caller, id).await?.view),
            };
            state.app.columns(&who.caller, view.as_ref()).await?
        }
    };
    let rows = state.app.export(&who.caller, &filters.query()?).await?;
    let name =
        format!("matters-{}.{}", ui::beijing(state.app.now()).strftime("%Y%m%d-%H%M"), format.ending());
    let shape = Shape { directory: state.app.directory(), columns, now: state.app.now() };
    Ok(attachment(&name, format.media(), Body::from_stream(pieces(format, rows, shape))))
}
