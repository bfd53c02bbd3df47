//! The operations page and the list of jobs.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jh_core::paging::{PageRequest, Paged};
use jh_db::audit::Entry;
use jh_db::jobs::list::{self, JobRow};
use jh_db::{Base, Work};
use jh_web::{App, Failure, Page, Submission, redirect, render};
use serde::Deserialize;
use uuid::Uuid;

use crate::model::{Fare, bytes, disk, disk_fare, jobs_fare, traffic_fare};
use crate::store::{self, RouteRow, SchemaRow, ServerRow, Slice, StatementRow};

/// One part's state at the top of the page.
struct Part {
    key: &'static str,
    fare: Fare,
    note: String,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "operations/overview.html")]
struct Overview {
    page: Page,
    parts: Vec<Part>,
    slices: Vec<Slice>,
    routes: Vec<RouteRow>,
    schemas: Vec<SchemaRow>,
    statements: Option<Vec<StatementRow>>,
    server: ServerRow,
}

impl Overview {
    fn bytes(&self, value: &i64) -> String {
        bytes(u64::try_from(*value).unwrap_or(0))
    }
    fn ms(&self, value: &f64) -> String {
        format!("{value:.1}")
    }
    fn time_of_day(&self, slice: &Slice) -> String {
        let text = self.page.instant(slice.begins_at);
        text.rsplit(' ').next().unwrap_or("").to_owned()
    }
}

/// Everything at a glance, what wants attention first.
pub async fn overview(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let now = app.clock.now();
    let slices = store::slices(&app.db, now).await?;
    let server = store::server(&app.db).await?;
    let parts = parts(&app, &page, &slices, &server).await?;
    let page = page.with_title("operations-title");
    render(&Overview {
        parts,
        slices,
        routes: store::routes(&app.db, now).await?,
        schemas: store::schemas(&app.db).await?,
        statements: store::statements(&app.db).await?,
        server,
        page,
    })
}

async fn parts(base: &Base, page: &Page, slices: &[Slice], server: &ServerRow) -> Result<Vec<Part>, Failure> {
    let (requests, failed) =
        slices.iter().rev().take(12).fold((0, 0), |(all, bad), slice| (all + slice.requests, bad + slice.failed));
    let counts = list::summary(&base.db).await?;
    let of = |state: &str| counts.iter().filter(|row| row.state == state).map(|row| row.jobs).sum::<i64>();
    let (failed_jobs, waiting) = (of("failed"), of("waiting"));
    let oldest = counts.iter().filter(|row| row.state == "waiting").filter_map(|row| row.oldest_due_at).min();
    let (free, total) = disk(base.files.dir()).unwrap_or((0, 0));
    let crowded = server.connections * 10 > i64::from(server.connections_max) * 8;
    Ok(vec![
        Part {
            key: "operations-part-database",
            fare: if crowded { Fare::Warn } else { Fare::Good },
            note: page.ta(
                "operations-note-database",
                &[
                    ("version", server.version.clone()),
                    ("n", server.connections.to_string()),
                    ("max", server.connections_max.to_string()),
                ],
            ),
            href: "#storage",
        },
        Part {
            key: "operations-part-jobs",
            fare: jobs_fare(failed_jobs, oldest, base.clock.now()),
            note: page
                .ta("operations-note-jobs", &[("waiting", waiting.to_string()), ("failed", failed_jobs.to_string())]),
            href: "/operations/jobs",
        },
        Part {
            key: "operations-part-traffic",
            fare: traffic_fare(requests, failed),
            note: page.ta("operations-note-traffic", &[("n", page.number(requests)), ("failed", page.number(failed))]),
            href: "#traffic",
        },
        Part {
            key: "operations-part-disk",
            fare: disk_fare(free, total),
            note: page.ta("operations-note-disk", &[("free", bytes(free)), ("total", bytes(total))]),
            href: "#storage",
        },
    ])
}

/// Which jobs to list.
#[derive(Deserialize)]
pub struct JobsQuery {
    state: Option<String>,
    page: Option<u32>,
}

#[derive(Template)]
#[template(path = "operations/jobs.html")]
struct Jobs {
    page: Page,
    state: String,
    jobs: Paged<JobRow>,
}

impl Jobs {
    fn states(&self) -> [&'static str; 5] {
        ["", "waiting", "running", "failed", "done"]
    }
    fn badge(&self, state: &str) -> &'static str {
        match state {
            "failed" => "bad",
            "running" => "info",
            "done" => "good",
            _ => "neutral",
        }
    }
    fn chosen(&self, state: &str) -> bool {
        self.state == state
    }
    fn state_key(&self, state: &str) -> String {
        format!("operations-state-{}", if state.is_empty() { "all" } else { state })
    }
    fn pager(&self) -> String {
        format!("/operations/jobs?state={}&", self.state)
    }
}

/// The background jobs, newest first.
pub async fn jobs(State(app): State<App>, page: Page, Query(query): Query<JobsQuery>) -> Result<Response, Failure> {
    let known = ["waiting", "running", "failed", "done"];
    let state = query.state.filter(|state| known.contains(&state.as_str()));
    let request = PageRequest { page: query.page, size: None };
    let jobs = list::page(&app.db, state.as_deref(), request).await?;
    let page = page.crumb_key("/operations", "operations-title").with_title("operations-jobs-title");
    render(&Jobs { page, state: state.unwrap_or_default(), jobs })
}

/// Nothing but the form's hidden inputs.
#[derive(Deserialize)]
pub struct Empty {}

/// Starts a job that was set aside as failed once more.
pub async fn retry(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    submission: Submission<Empty>,
) -> Result<Response, Failure> {
    let mut work = Work::begin(&app, &submission.command).await?;
    work.audit(Entry::new("operations.job.retried", id));
    work.commit().await?;
    if !list::retry(&app, id).await? {
        return Err(Failure::not_found());
    }
    Ok(redirect("/operations/jobs"))
}
