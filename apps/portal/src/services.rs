//! The list of government services, read from the open catalogue resource that the city named.
use std::sync::{Arc, PoisonError, RwLock};

use askama::Template;
use async_trait::async_trait;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use catalogue::api::{Ask, ROWS_MAX, Version};
use jh_core::actor::Actor;
use jh_core::paging::{PageRequest, Paged};
use jh_db::{Base, DbError};
use jh_web::{App, Failure, Finder, Hit, Page, encoded, render};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::store;

/// How long the list is kept in memory: services change a few times a year.
const FRESH_FOR: Duration = Duration::seconds(60);
/// More services than any city has; what is beyond is not listed.
const ITEMS_MAX: usize = 10_000;
/// The longest question looked at.
const TEXT_CHARS_MAX: usize = 100;

/// One service, as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The national code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What sort of matter (事项类型).
    pub kind: String,
    /// Who does it.
    pub department: String,
}

/// The list in memory, shared by all requests of this process.
struct Kept {
    items: Arc<Vec<Item>>,
    read_at: OffsetDateTime,
}

static KEPT: RwLock<Option<Kept>> = RwLock::new(None);

/// The whole list, at most a minute old.
async fn items(base: &Base) -> Result<Arc<Vec<Item>>, Failure> {
    let now = base.clock.now();
    let kept = |held: &Option<Kept>| {
        held.as_ref().filter(|kept| now - kept.read_at < FRESH_FOR).map(|kept| kept.items.clone())
    };
    // Tests have many cities in one process; only a real clock makes an answer of another request the right one.
    let sharing = matches!(base.clock, jh_core::clock::Clock::System);
    if sharing && let Some(items) = kept(&KEPT.read().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(items);
    }
    let items = Arc::new(read(base).await?);
    if sharing {
        let mut held = KEPT.write().unwrap_or_else(PoisonError::into_inner);
        *held = Some(Kept { items: items.clone(), read_at: now });
    }
    Ok(items)
}

async fn read(base: &Base) -> Result<Vec<Item>, Failure> {
    let Some(version) = resource(base).await? else { return Ok(Vec::new()) };
    let mut items = Vec::new();
    let mut ask = Ask {
        columns: ["code", "name", "kind", "department"].map(str::to_owned).to_vec(),
        limit: ROWS_MAX,
        ..Ask::default()
    };
    loop {
        let page = catalogue::api::rows(base, &version, &ask).await?;
        for row in page.rows {
            let mut cells = row.cells.into_iter().map(Option::unwrap_or_default);
            let mut next = || cells.next().unwrap_or_default();
            items.push(Item { code: next(), name: next(), kind: next(), department: next() });
        }
        match page.next {
            Some(cursor) if items.len() < ITEMS_MAX => ask.after = Some(cursor),
            _ => return Ok(items),
        }
    }
}

/// The published, open resource that lists the services.
async fn resource(base: &Base) -> Result<Option<Version>, Failure> {
    let Some(code) = store::services_resource(&base.db).await? else { return Ok(None) };
    let mut connection = base.db.read().await?;
    let Some(id) = catalogue::api::resource_by_code(&mut connection, &code).await? else { return Ok(None) };
    let version = catalogue::api::published(&mut connection, id).await?;
    Ok(version.filter(|version| version.content.open))
}

/// Whether every word of the question stands in the service's name or department.
fn matches(item: &Item, words: &[String]) -> bool {
    words.iter().all(|word| item.name.contains(word.as_str()) || item.department.contains(word.as_str()))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Which services to list.
#[derive(Deserialize, Default)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    department: String,
    page: Option<u32>,
}

#[derive(Template)]
#[template(path = "portal/services.html")]
struct List {
    page: Page,
    text: String,
    department: String,
    departments: Vec<(String, usize)>,
    items: Paged<Item>,
    total: usize,
    any: bool,
    notice: String,
}

impl List {
    fn pager(&self) -> String {
        format!("/services?q={}&department={}&", encoded(&self.text), encoded(&self.department))
    }
    fn kind_key(&self, kind: &str) -> String {
        format!("portal-kind-{kind}")
    }
    fn department_href(&self, department: &str) -> String {
        format!("/services?q={}&department={}", encoded(&self.text), encoded(department))
    }
}

/// The list, searched by words and narrowed by department.
pub async fn list(State(app): State<App>, page: Page, Query(query): Query<ListQuery>) -> Result<Response, Failure> {
    let text: String = query.q.trim().chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let all = items(&app).await?;
    let wanted = words(&text);
    let found: Vec<&Item> = all.iter().filter(|item| matches(item, &wanted)).collect();
    let mut departments: Vec<(String, usize)> = Vec::new();
    for item in &found {
        match departments.iter_mut().find(|(name, _)| *name == item.department) {
            Some((_, count)) => *count += 1,
            None => departments.push((item.department.clone(), 1)),
        }
    }
    departments.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let of_department = |item: &&&Item| query.department.is_empty() || item.department == query.department;
    let chosen: Vec<&Item> = found.iter().filter(of_department).copied().collect();
    let request = PageRequest { page: query.page, size: Some(20) };
    let skip = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let rows = chosen.iter().skip(skip).take(21).map(|item| (*item).clone()).collect();
    let notice = store::notice(&app.db, page.english()).await?;
    render(&List {
        notice,
        page: page.with_title("portal-services-title"),
        text,
        department: query.department,
        departments,
        items: Paged::from_rows(rows, request),
        total: chosen.len(),
        any: !all.is_empty(),
    })
}

#[derive(Template)]
#[template(path = "portal/service.html")]
struct Show {
    page: Page,
    item: Item,
    resource: String,
    notice: String,
}

impl Show {
    fn kind_key(&self) -> String {
        format!("portal-kind-{}", self.item.kind)
    }
}

/// One service.
pub async fn show(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let all = items(&app).await?;
    let item = all.iter().find(|item| item.code == code).cloned().ok_or_else(Failure::not_found)?;
    let resource = store::services_resource(&app.db).await?.unwrap_or_default();
    let notice = store::notice(&app.db, page.english()).await?;
    let page = page.crumb_key("/services", "portal-services-title").with_title_text(item.name.clone());
    render(&Show { page, item, resource, notice })
}

/// Services in the one search box.
#[derive(Default)]
pub struct ServiceFinder {}

#[async_trait]
impl Finder for ServiceFinder {
    fn group(&self) -> &'static str {
        "portal-services-title"
    }

    async fn find(
        &self,
        base: &Base,
        _actor: Option<&Actor>,
        text: &str,
        _english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        // Other finders may still help when the list cannot be read; the list's own page says why.
        let all = items(base).await.unwrap_or_default();
        let wanted = words(text);
        let hit = |item: &Item| Hit {
            title: item.name.clone(),
            summary: item.department.clone(),
            path: format!("/services/{}", item.code),
        };
        Ok(all.iter().filter(|item| matches(item, &wanted)).take(limit as usize).map(hit).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_question_must_stand_in_name_or_department() {
        let item =
            Item {
                code: "1".into(), name: "失业保险金申领".into(), kind: "5".into(), department: "市人社局".into()
            };
        assert!(matches(&item, &words("失业 人社")));
        assert!(!matches(&item, &words("失业 教育")));
        assert!(matches(&item, &words("  ")));
    }
}
