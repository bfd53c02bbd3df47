//! Rows for the catalogue and for agreements: what a provider has said, or the golden records for the keeper of a base.
//!
//! Every row is held to every condition here, whatever the store has already left out; a call reads a bounded number of
//! rows and says where the next goes on.
use std::cmp::Ordering;
use std::collections::HashMap;

use async_trait::async_trait;
use catalogue::api::{
    Binding, Column, Exposure, FieldType, Freshness, Resolved, Row, RowCursor, RowKind, RowPage, RowQuery, RowSource,
    Sort, Test, Update, compare,
};
use jh_core::code::citizen_id::CitizenId;
use jh_core::mask;
use jh_crypto::keyring::Opener;
use jh_db::{Base, DbError};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::kind::shape_of;
use crate::land::{identifier_key, open_values, record_opener};
use crate::model::kind_no;
use crate::store::rows::{self as store, Order, Pushed, Standing, Stored};
use crate::store::views::numbers;
use crate::store::{reference, rule, statistics, subject};

/// The most rows one call reads, however few of them meet the conditions.
const SCAN_MAX: usize = 20_000;
/// The most rows read at a time.
const BATCH_MAX: i64 = 1_000;

/// The registry as the source of all rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegistryRows;

#[async_trait]
impl RowSource for RegistryRows {
    fn kinds(&self) -> &'static [RowKind] {
        RowKind::ALL
    }

    async fn rows(&self, base: &Base, binding: &Binding, query: &RowQuery) -> Result<RowPage, DbError> {
        let mut connection = base.db.read().await?;
        let reading = Reading::new(base, &mut connection, binding, query).await?;
        match &query.sort {
            Some(sort) if binding.kind != RowKind::Dataset => reading.sorted(&mut connection, sort).await,
            _ => reading.page(&mut connection).await,
        }
    }

    async fn freshness(&self, base: &Base, binding: &Binding, updates_max: u32) -> Result<Freshness, DbError> {
        let mut connection = base.db.read().await?;
        let (kind, provider) = (kind_no(binding.kind), binding.provider_id.0);
        let keeps = rule::keeper(&mut connection, binding.kind).await? == Some(binding.provider_id);
        let is_dataset = binding.kind == RowKind::Dataset;
        let rows = match (is_dataset, keeps) {
            (true, _) => statistics::records_of(&mut connection, provider, kind, binding.resource_id.0).await?,
            (false, true) => numbers::total(&mut connection, kind).await?,
            (false, false) => statistics::records_of(&mut connection, provider, kind, Uuid::nil()).await?,
        };
        let of = (!keeps || is_dataset).then_some(provider);
        let resource = is_dataset.then_some(binding.resource_id.0);
        let arrivals =
            statistics::arrivals(&mut connection, of, binding.kind.word(), resource, i64::from(updates_max)).await?;
        Ok(Freshness { rows, updates: arrivals.into_iter().map(|(at, rows)| Update { at, rows }).collect() })
    }
}

/// Where the rows are.
enum Place {
    Dataset(Uuid),
    Provider(i16, Uuid),
    Golden(i16),
}

/// One call, prepared.
struct Reading<'a> {
    opener: Opener,
    query: &'a RowQuery,
    place: Place,
    kind: RowKind,
    /// By column's name, the position of its values.
    positions: HashMap<&'a str, usize>,
    pushed: Pushed,
    /// The only subjects that can meet the conditions, where a condition names an identifier.
    subjects: Option<Vec<Uuid>>,
}

/// A row with all its values, and where it stands.
struct Read {
    cursor: String,
    values: Vec<Option<String>>,
}

impl<'a> Reading<'a> {
    async fn new(
        base: &'a Base,
        connection: &mut PgConnection,
        binding: &Binding,
        query: &'a RowQuery,
    ) -> Result<Self, DbError> {
        let place = match binding.kind {
            RowKind::Dataset => Place::Dataset(binding.resource_id.0),
            kind if rule::keeper(connection, kind).await? == Some(binding.provider_id) => Place::Golden(kind_no(kind)),
            kind => Place::Provider(kind_no(kind), binding.provider_id.0),
        };
        let fields = match binding.kind {
            RowKind::Dataset => reference::known_dataset_fields(connection, binding.resource_id).await?,
            _ => Vec::new(),
        };
        let position = |column: &Column| match shape_of(binding.kind) {
            Some(shape) => {
                let element = column.element.as_deref().unwrap_or(&column.name);
                shape.elements.iter().position(|known| *known == element)
            }
            None => fields.iter().position(|known| *known == column.name),
        };
        let asked = query.columns.iter().chain(query.filter.iter().map(|each| &each.column));
        let asked = asked.chain(query.sort.iter().map(|sort| &sort.column));
        let positions: HashMap<&str, usize> =
            asked.filter_map(|column| Some((column.name.as_str(), position(column)?))).collect();
        let pushed = pushed(&query.filter, &positions);
        let subjects = identified(base, connection, binding.kind, &query.filter).await?;
        Ok(Self { opener: record_opener(&base.keys), query, place, kind: binding.kind, positions, pushed, subjects })
    }

    /// The rows in the source's own order, or a dataset's in the order asked for.
    async fn page(&self, connection: &mut PgConnection) -> Result<RowPage, DbError> {
        let limit = self.query.limit as usize;
        let mut after = self.query.after.as_ref().map_or_else(String::new, |cursor| cursor.0.clone());
        let (mut page, mut last, mut scanned) = (RowPage::default(), String::new(), 0);
        // Mostly all that is read meets the conditions, and one more row than asked for tells whether there are others.
        let mut size = i64::from(self.query.limit.saturating_add(1)).min(BATCH_MAX);
        while scanned < SCAN_MAX {
            let Some(batch) = self.fetch(connection, &after, size).await? else { return Ok(page) };
            let is_last = batch.len() < usize::try_from(size).unwrap_or(usize::MAX);
            size = (size * 4).min(BATCH_MAX);
            scanned += batch.len();
            for read in batch {
                if self.holds(&read) {
                    if page.rows.len() == limit {
                        page.next = Some(RowCursor(last));
                        return Ok(page);
                    }
                    page.rows.push(self.row(&read));
                    last.clone_from(&read.cursor);
                }
                after = read.cursor;
            }
            if is_last {
                return Ok(page);
            }
        }
        page.next = Some(RowCursor(after));
        Ok(page)
    }

    /// Base records in the order of a column: as many as one call may read are put in order here.
    async fn sorted(&self, connection: &mut PgConnection, sort: &Sort) -> Result<RowPage, DbError> {
        let offset = match &self.query.after {
            Some(cursor) => match cursor.0.strip_prefix('o').and_then(|text| text.parse::<usize>().ok()) {
                Some(offset) => offset,
                None => return Ok(RowPage::default()),
            },
            None => 0,
        };
        let (mut all, mut after, mut scanned) = (Vec::new(), String::new(), 0);
        while scanned < SCAN_MAX {
            let Some(batch) = self.fetch(connection, &after, BATCH_MAX).await? else { break };
            let is_last = batch.len() < usize::try_from(BATCH_MAX).unwrap_or(usize::MAX);
            scanned += batch.len();
            after = batch.last().map(|read| read.cursor.clone()).unwrap_or_default();
            all.extend(batch.into_iter().filter(|read| self.holds(read)));
            if is_last {
                break;
            }
        }
        let field_type = sort.column.field_type;
        all.sort_by(|a, b| {
            let [a, b] = [a, b].map(|read| self.value(read, &sort.column));
            match (a, b) {
                (Some(a), Some(b)) => {
                    let order = compare(field_type, a, b).unwrap_or(Ordering::Equal);
                    if sort.descending { order.reverse() } else { order }
                }
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        });
        let limit = self.query.limit as usize;
        let rows = all.iter().skip(offset).take(limit).map(|read| self.row(read)).collect();
        let next = (all.len() > offset + limit).then(|| RowCursor(format!("o{}", offset + limit)));
        Ok(RowPage { rows, next })
    }

    /// The next rows behind a place; none when the place cannot be read.
    async fn fetch(&self, connection: &mut PgConnection, after: &str, size: i64) -> Result<Option<Vec<Read>>, DbError> {
        match self.place {
            Place::Dataset(resource) => match &self.query.sort {
                Some(sort) => self.fetch_sorted(connection, resource, sort, (after, size)).await,
                None => {
                    let Some(after) = dataset_place(after) else { return Ok(None) };
                    let rows = store::dataset(connection, resource, after, &self.pushed, size).await?;
                    let cursor = |row: &Stored, _| format!("{}.{}", row.row_no, row.key);
                    self.opened(rows, cursor).map(Some)
                }
            },
            Place::Provider(kind, provider) => {
                let Some(after) = subject_place(after) else { return Ok(None) };
                let rows = match &self.subjects {
                    Some(subjects) => store::records_of(connection, kind, provider, subjects, after).await?,
                    None => store::records(connection, kind, provider, after, &self.pushed, size).await?,
                };
                self.opened(rows, |row, _| row.key.to_string()).map(Some)
            }
            Place::Golden(kind) => {
                let Some(after) = subject_place(after) else { return Ok(None) };
                let standing = store::golden(connection, kind, self.subjects.as_deref(), after, size).await?;
                self.golden(connection, kind, standing).await.map(Some)
            }
        }
    }

    async fn fetch_sorted(
        &self,
        connection: &mut PgConnection,
        resource: Uuid,
        sort: &Sort,
        (after, size): (&str, i64),
    ) -> Result<Option<Vec<Read>>, DbError> {
        let offset =
            if after.is_empty() { Some(0) } else { after.strip_prefix('o').and_then(|text| text.parse::<i64>().ok()) };
        let (Some(offset), Some(position)) =
            (offset.filter(|offset| *offset >= 0), self.positions.get(sort.column.name.as_str()))
        else {
            return Ok(None);
        };
        let order = Order {
            position: i32::try_from(position + 1).unwrap_or(i32::MAX),
            numeric: is_number(sort.column.field_type),
            descending: sort.descending,
        };
        let rows = store::dataset_sorted(connection, resource, order, &self.pushed, (offset, size)).await?;
        let cursor = |_: &Stored, at: usize| format!("o{}", offset.saturating_add(i64::try_from(at + 1).unwrap_or(0)));
        self.opened(rows, cursor).map(Some)
    }

    /// Golden records: of each attribute the value of the provider that stands.
    async fn golden(
        &self,
        connection: &mut PgConnection,
        kind: i16,
        standing: Vec<Standing>,
    ) -> Result<Vec<Read>, DbError> {
        let subjects: Vec<Uuid> = standing.iter().map(|row| row.key).collect();
        let mut records = subject::records(connection, kind, &subjects).await?;
        let mut rows = Vec::with_capacity(standing.len());
        for row in standing {
            let mut opened: HashMap<i16, Vec<Option<String>>> = HashMap::new();
            for record in records.remove(&row.key).unwrap_or_default() {
                let provider_no = record.provider_no;
                opened.insert(provider_no, self.open(record.clear_values, record.sealed.as_deref())?);
            }
            let value = |position: usize| {
                let chosen = row.provider_nos.as_ref().and_then(|numbers| numbers.get(position).copied());
                let provider = chosen.filter(|number| *number > 0).unwrap_or(row.provider_no);
                opened.get(&provider).and_then(|values| values.get(position).cloned().flatten())
            };
            rows.push(Read { cursor: row.key.to_string(), values: (0..self.width()).map(value).collect() });
        }
        Ok(rows)
    }

    fn opened(&self, rows: Vec<Stored>, cursor: impl Fn(&Stored, usize) -> String) -> Result<Vec<Read>, DbError> {
        let mut opened = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let cursor = cursor(&row, at);
            opened.push(Read { cursor, values: self.open(row.clear_values, row.sealed.as_deref())? });
        }
        Ok(opened)
    }

    /// What is sealed is opened only where something asked for is not in clear.
    fn open(&self, values: Vec<Option<String>>, sealed: Option<&[u8]>) -> Result<Vec<Option<String>>, DbError> {
        let sealed = sealed.filter(|_| self.positions.values().any(|at| values.get(*at).is_none_or(Option::is_none)));
        open_values(&self.opener, values, sealed, self.width()).map_err(subject::broken)
    }

    fn width(&self) -> usize {
        match shape_of(self.kind) {
            Some(shape) => shape.elements.len(),
            None => self.positions.values().max().map_or(0, |position| position + 1),
        }
    }

    fn value<'r>(&self, read: &'r Read, column: &Column) -> Option<&'r str> {
        read.values.get(*self.positions.get(column.name.as_str())?)?.as_deref()
    }

    fn holds(&self, read: &Read) -> bool {
        self.query.filter.iter().all(|each| each.holds(self.value(read, &each.column)))
    }

    fn row(&self, read: &Read) -> Row {
        let cell = |column: &Column| {
            let value = self.value(read, column)?;
            let hidden = column.sensitive && self.query.exposure == Exposure::Masked;
            Some(if hidden { masked(column, value) } else { value.to_owned() })
        };
        Row { cells: self.query.columns.iter().map(cell).collect() }
    }
}

fn is_number(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Integer | FieldType::Decimal)
}

/// The conditions that the store can carry out and must then agree with [`Resolved::holds`].
fn pushed(filter: &[Resolved], positions: &HashMap<&str, usize>) -> Pushed {
    let mut pushed = Pushed::default();
    for each in filter {
        let Some(position) = positions.get(each.column.name.as_str()) else { continue };
        let numeric = is_number(each.column.field_type);
        // Instants are equal in different writings, and so are the numbers of an `in`.
        if each.column.field_type == FieldType::Instant || (numeric && matches!(each.test, Test::In { .. })) {
            continue;
        }
        let values = each.test.values();
        if values.iter().any(|value| value.contains(['\0', '\u{1f}'])) {
            continue;
        }
        pushed.positions.push(i32::try_from(position + 1).unwrap_or(i32::MAX));
        pushed.tests.push(each.test.op());
        pushed.values.push(values.join("\u{1f}"));
        pushed.numeric.push(numeric);
    }
    pushed
}

/// The subjects that an identifier in the conditions names; none where no condition names one.
async fn identified(
    base: &Base,
    connection: &mut PgConnection,
    kind: RowKind,
    filter: &[Resolved],
) -> Result<Option<Vec<Uuid>>, DbError> {
    let Some(shape) = shape_of(kind) else { return Ok(None) };
    let schemes = ["citizen_id", "uscc", "statistical_code", "asset_code"];
    for each in filter {
        let element = each.column.element.as_deref().unwrap_or(&each.column.name);
        let is_key = schemes.contains(&element) && shape.elements.contains(&element);
        // Only the first scheme of a kind identifies by itself: a place with a statistical code is not known by its asset code.
        if !is_key
            || shape.elements.first() != Some(&element)
            || !matches!(each.test, Test::Eq { .. } | Test::In { .. })
        {
            continue;
        }
        let keys: Vec<Uuid> = each.test.values().iter().filter_map(|value| key_of(base, element, value)).collect();
        return Ok(Some(subject::of_keys(connection, &keys).await?.into_values().collect()));
    }
    Ok(None)
}

fn key_of(base: &Base, scheme: &str, value: &str) -> Option<Uuid> {
    if scheme == "citizen_id" {
        return identifier_key(&base.keys, scheme, CitizenId::parse(value).ok()?.normalised());
    }
    identifier_key(&base.keys, scheme, value)
}

/// A dataset's place: row number and key.
fn dataset_place(cursor: &str) -> Option<(i64, Uuid)> {
    if cursor.is_empty() {
        return Some((i64::MIN, Uuid::nil()));
    }
    let (row_no, key) = cursor.split_once('.')?;
    Some((row_no.parse().ok()?, key.parse().ok()?))
}

fn subject_place(cursor: &str) -> Option<Uuid> {
    if cursor.is_empty() { Some(Uuid::nil()) } else { cursor.parse().ok() }
}

/// A sensitive value as lists show it.
fn masked(column: &Column, value: &str) -> String {
    match column.element.as_deref().unwrap_or(&column.name) {
        "citizen_id" | "guardian_id" | "legal_representative_id" => mask::id_number(value),
        "mobile_phone" | "organisation_phone" => mask::phone(value),
        "person_name" | "former_name" | "guardian_name" | "legal_representative" => mask::name(value),
        "registered_address" | "residence_address" | "address" => mask::address(value),
        // A code or a day has so few values that any part of it would tell it.
        _ => "****".to_owned(),
    }
}
