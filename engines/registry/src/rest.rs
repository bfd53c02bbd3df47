//! The registry for programs: deliveries, and base records with sensitive values masked.
mod deliveries;
mod records;

use jh_web::{Access, Routes};
use utoipa::OpenApi;

use crate::permission::{READ, SEARCH, SUBMIT};

/// The largest file of one request; larger ones come by the command line.
const UPLOAD_BYTES_MAX: usize = 1 << 30;

/// Adds the JSON routes.
pub fn routes(routes: Routes) -> Routes {
    let (submit, read, search) = (Access::Permission(SUBMIT), Access::Permission(READ), Access::Permission(SEARCH));
    routes
        .post_limit("/api/registry/deliveries", submit, deliveries::submit, UPLOAD_BYTES_MAX)
        .get("/api/registry/deliveries", read, deliveries::list)
        .get("/api/registry/deliveries/{id}", read, deliveries::one)
        .get("/api/registry/deliveries/{id}/rejects", read, deliveries::rejects)
        .get("/api/registry/deliveries/{id}/rejects.csv", submit, deliveries::report)
        .post("/api/registry/deliveries/{id}/mapping", submit, deliveries::map)
        .post("/api/registry/deliveries/{id}/cancellation", submit, deliveries::cancel)
        .post("/api/registry/deliveries/{id}/settlement", submit, deliveries::settle)
        .get("/api/registry/people", search, records::people)
        .post("/api/registry/people/search", search, records::find_people)
        .get("/api/registry/organisations", search, records::organisations)
        .get("/api/registry/places", search, records::places)
}

/// The registry's part of the API's description.
#[derive(OpenApi)]
#[openapi(paths(
    deliveries::submit,
    deliveries::list,
    deliveries::one,
    deliveries::rejects,
    deliveries::report,
    deliveries::map,
    deliveries::cancel,
    deliveries::settle,
    records::people,
    records::find_people,
    records::organisations,
    records::places
))]
pub struct Description;
