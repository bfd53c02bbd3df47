//! Looking at the organisation tree: browsing, searching, and one organisation.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{address, wanted};
use crate::actions::organisation::search;
use crate::actions::permission;
use crate::fault::IdentityError;
use crate::model::organisation::OrganisationKind;
use crate::store::organisation::{CHILDREN_MAX, Organisation, Period, Search};
use crate::store::{self, scope};

/// What the address bar asks.
#[derive(Deserialize, Default)]
pub struct Asked {
    q: Option<String>,
    kind: Option<String>,
    open: Option<OrganisationId>,
    closed: Option<String>,
    page: Option<u32>,
}

/// One row of the tree as far as it is open.
struct Branch {
    organisation: Organisation,
    depth: usize,
    open: bool,
    /// Where the link that opens or shuts it leads.
    toggle: String,
}

#[derive(Template)]
#[template(path = "identity/organisations.html")]
struct OrganisationsPage {
    page: Page,
    q: String,
    kind: String,
    kinds: Vec<(String, String)>,
    with_closed: bool,
    searched: bool,
    branches: Vec<Branch>,
    found: Vec<Organisation>,
    number: u32,
    has_more: bool,
    pager: String,
    manages: bool,
}

pub(super) fn kinds(page: &Page, first: &str) -> Vec<(String, String)> {
    let mut kinds = vec![(String::new(), page.t(first))];
    kinds.extend(OrganisationKind::ALL.into_iter().map(|kind| (kind.code().to_owned(), page.t(kind.key()))));
    kinds
}

/// The tree, open along one line, or what a search finds.
pub async fn list(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let text = wanted(asked.q.as_ref());
    let kind = asked.kind.as_deref().and_then(OrganisationKind::parse);
    let with_closed = asked.closed.is_some();
    let searched = text.is_some() || kind.is_some();
    let (mut branches, mut found, mut has_more) = (Vec::new(), Vec::new(), false);
    if searched {
        let request = PageRequest { page: asked.page, size: Some(50) };
        let what = Search { text: text.clone(), kind, under: None, with_closed };
        let paged = search(&app, &what, request).await?;
        (found, has_more) = (paged.items, paged.has_more);
    } else {
        branches = open_tree(&mut *app.db.read().await?, asked.open, with_closed).await?;
    }
    let number = PageRequest { page: asked.page, size: None }.number();
    let pager = address(
        "/identity/organisations",
        &[("q", text.as_deref()), ("kind", kind.map(OrganisationKind::code)), ("closed", with_closed.then_some("1"))],
    );
    let page = page.with_title("identity-organisations-title");
    render(&OrganisationsPage {
        q: text.unwrap_or_default(),
        kind: kind.map_or("", OrganisationKind::code).to_owned(),
        kinds: kinds(&page, "identity-kind-any"),
        manages: page.may(permission::ORGANISATION),
        page,
        with_closed,
        searched,
        branches,
        found,
        number,
        has_more,
        pager,
    })
}

/// The root, and under every organisation on the way down to `open` its children.
async fn open_tree(
    conn: &mut PgConnection,
    open: Option<OrganisationId>,
    with_closed: bool,
) -> Result<Vec<Branch>, IdentityError> {
    let roots = store::organisation::children(conn, None, with_closed, 1).await?;
    let Some(root) = roots.into_iter().next() else { return Ok(Vec::new()) };
    let way: Vec<OrganisationId> = match open {
        Some(id) => store::organisation::lineage(conn, id).await?.into_iter().map(|(id, _)| id).collect(),
        None => vec![root.id],
    };
    let mut rows = vec![(root, 0)];
    for (depth, id) in way.iter().enumerate() {
        let Some(at) = rows.iter().position(|(o, _)| o.id == *id) else { break };
        let children = store::organisation::children(conn, Some(*id), with_closed, CHILDREN_MAX).await?;
        rows.splice(at + 1..at + 1, children.into_iter().map(|child| (child, depth + 1)));
    }
    let closed = with_closed.then_some("1");
    let branch = |(organisation, depth): (Organisation, usize)| {
        let open = way.contains(&organisation.id);
        // Shutting one shows its parent open.
        let target = if open { organisation.parent_id } else { Some(organisation.id) };
        let target = target.map(|id| id.to_string());
        let toggle = address("/identity/organisations", &[("open", target.as_deref()), ("closed", closed)]);
        Branch { organisation, depth, open, toggle }
    };
    Ok(rows.into_iter().map(branch).collect())
}

impl Branch {
    /// The class that draws it in by its depth.
    fn indent(&self) -> &'static str {
        ["ps-0", "ps-3", "ps-4", "ps-5", "ps-6"].get(self.depth).copied().unwrap_or("ps-6")
    }

    /// The icon of its kind.
    fn icon(&self) -> &'static str {
        match self.organisation.kind {
            OrganisationKind::City => "building-bank",
            OrganisationKind::County => "map-2",
            OrganisationKind::Department => "building",
            OrganisationKind::Office => "users-group",
            OrganisationKind::Street => "road",
            OrganisationKind::Community => "building-community",
            OrganisationKind::Enterprise => "briefcase",
        }
    }

    /// Whether anything stands under it, as this page counts.
    fn opens(&self, with_closed: &bool) -> bool {
        self.organisation.has_children || (*with_closed && self.organisation.has_former)
    }
}

#[derive(Template)]
#[template(path = "identity/organisation.html")]
struct OrganisationPage {
    page: Page,
    organisation: Organisation,
    children: Vec<Organisation>,
    successor: Option<Organisation>,
    periods: Vec<Period>,
    manages: bool,
    accounts: bool,
    audit: bool,
    /// The last change, said once after it was made.
    done: Option<String>,
}

/// What a change leads back with.
#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// One organisation.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let mut conn = app.db.read().await?;
    let organisation = store::organisation::find(&mut conn, id).await?.ok_or(IdentityError::OrganisationNotFound)?;
    let successor = match organisation.successor_id {
        Some(id) => store::organisation::find(&mut conn, id).await?,
        None => None,
    };
    let children = store::organisation::children(&mut conn, Some(id), true, CHILDREN_MAX).await?;
    let periods = store::organisation::periods(&mut conn, id, 20).await?;
    let manages = holds_over(&mut conn, &page, id, permission::ORGANISATION).await?;
    let accounts = holds_over(&mut conn, &page, id, permission::ACCOUNT).await?;
    let done = done.done.as_deref().and_then(|what| match what {
        "created" | "renamed" | "moved" | "closed" => Some(page.t(&format!("identity-organisation-{what}"))),
        _ => None,
    });
    let page = with_lineage(&mut conn, page, &organisation).await?;
    let audit = page.may(permission::AUDIT);
    render(&OrganisationPage { page, organisation, children, successor, periods, manages, accounts, audit, done })
}

/// Whether the actor holds a permission over an organisation that can still be changed.
async fn holds_over(
    conn: &mut PgConnection,
    page: &Page,
    id: OrganisationId,
    permission: &str,
) -> Result<bool, Failure> {
    let reach = scope(page.actor()?, permission);
    let standing = store::organisation::standing(conn, reach.as_deref(), id).await?;
    Ok(standing.is_some_and(|standing| !standing.closed))
}

/// The page with the way down from the root as breadcrumbs.
pub(super) async fn with_lineage(
    conn: &mut PgConnection,
    page: Page,
    organisation: &Organisation,
) -> Result<Page, Failure> {
    let list = page.t("identity-organisations-title");
    let mut page = page.crumb("/identity/organisations", list);
    for (id, name) in store::organisation::lineage(conn, organisation.id).await? {
        if id != organisation.id {
            page = page.crumb(format!("/identity/organisations/{id}"), name);
        }
    }
    Ok(page.with_title_text(organisation.name.clone()))
}

/// An id from a path; one that cannot be read is not found, like one that does not exist.
pub(super) fn parse<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
