//! Every list is paged. A page asks for one row more than it shows to know whether there is a next one;
//! nothing counts live rows.
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most rows any page returns.
pub const SIZE_MAX: u32 = 100;
/// The deepest page number served; past it a search must be narrowed.
pub const NUMBER_MAX: u32 = 1_000;

/// Which page of a list, from the query string. Values outside the bounds are drawn to the nearest bound.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, IntoParams)]
pub struct PageRequest {
    /// From 1.
    pub page: Option<u32>,
    /// Rows a page, 1 to 100.
    pub size: Option<u32>,
}

impl PageRequest {
    /// The page's number, from 1.
    pub fn number(&self) -> u32 {
        self.page.unwrap_or(1).clamp(1, NUMBER_MAX)
    }
    /// Rows a page; 20 unless told.
    pub fn size(&self) -> u32 {
        self.size.unwrap_or(20).clamp(1, SIZE_MAX)
    }
    /// For `LIMIT`: one more than is shown.
    pub fn limit(&self) -> i64 {
        i64::from(self.size()) + 1
    }
    /// For `OFFSET`.
    pub fn offset(&self) -> i64 {
        i64::from(self.number() - 1) * i64::from(self.size())
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// At most `size` rows.
    pub items: Vec<T>,
    /// From 1.
    pub page: u32,
    /// Whether a further page exists.
    pub has_more: bool,
}

impl<T> Paged<T> {
    /// From the rows of a query with `LIMIT request.limit()`.
    pub fn from_rows(mut items: Vec<T>, request: PageRequest) -> Self {
        let size = request.size() as usize;
        let has_more = items.len() > size;
        items.truncate(size);
        Self { items, page: request.number(), has_more }
    }

    /// The same page with every row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(turn).collect(), page: self.page, has_more: self.has_more }
    }
}
