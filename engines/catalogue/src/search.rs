//! Searching the directory: cut the words, ask for all of them, and where nothing has all, for any.
use jh_core::paging::{PageRequest, Paged};
use sqlx::PgConnection;

use crate::fault::CatalogueError;
use crate::store::list::{self, Filter};
use crate::store::search::{self, FacetRow, Narrow, Order, Summary};
use crate::words;

/// What was found among the open resources.
pub struct Found {
    /// The hits of this page.
    pub hits: Paged<Summary>,
    /// The counts to narrow by.
    pub facets: Vec<FacetRow>,
    /// Whether no entry has all the words, and these have only some.
    pub loosely: bool,
}

/// Searches the open resources. `narrow` is given the words to bind.
pub async fn open(
    conn: &mut PgConnection,
    text: &str,
    narrow: &Narrow<'_>,
    order: Order,
    page: PageRequest,
) -> Result<Found, CatalogueError> {
    words::ready().await;
    let query = words::query(text);
    let all = Narrow { words: query.as_ref().map(|query| query.all.as_str()), ..narrow.clone() };
    let rows = search::open(conn, &all, order, page.limit(), page.offset()).await?;
    // An empty first page is worth a second, looser try; an empty later page is just the end.
    if let Some(query) = query.as_ref().filter(|query| rows.is_empty() && page.number() == 1 && query.any != query.all)
    {
        let any = Narrow { words: Some(&query.any), ..narrow.clone() };
        let rows = search::open(conn, &any, order, page.limit(), 0).await?;
        let facets = search::facets(conn, &any).await?;
        let loosely = !rows.is_empty();
        return Ok(Found { hits: Paged::from_rows(rows, page), facets, loosely });
    }
    let facets = search::facets(conn, &all).await?;
    Ok(Found { hits: Paged::from_rows(rows, page), facets, loosely: false })
}

/// Searches what staff may see.
pub async fn staff(
    conn: &mut PgConnection,
    scopes: &[uuid::Uuid],
    text: &str,
    filter: &Filter<'_>,
    page: PageRequest,
) -> Result<Paged<Summary>, CatalogueError> {
    words::ready().await;
    let query = words::query(text);
    let filter = Filter { words: query.as_ref().map(|query| query.all.as_str()), ..filter.clone() };
    let rows = list::list(conn, scopes, &filter, page.limit(), page.offset()).await?;
    Ok(Paged::from_rows(rows, page))
}
