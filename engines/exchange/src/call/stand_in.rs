//! What stands in for the rooms below in the tests of a call: the views the exchange reads, and a source of three people.
use async_trait::async_trait;
use catalogue::api::{Binding, Column, Exposure, Freshness, Row, RowKind, RowPage, RowQuery, RowSource};
use jh_db::migrate::Migrations;
use jh_db::{Base, DbError};

/// The two organisation views, empty.
pub const IDENTITY: Migrations = Migrations {
    schema: "identity",
    files: &[(
        "0001_stand_in",
        "CREATE VIEW identity.v_organisation AS SELECT NULL::uuid AS organisation_id, NULL::text AS name;
         CREATE VIEW identity.v_organisation_closure AS SELECT NULL::uuid AS ancestor_id, NULL::uuid AS descendant_id;",
    )],
};
/// The published resources as a bare list, and the rules of two elements.
pub const CATALOGUE: Migrations = Migrations {
    schema: "catalogue",
    files: &[(
        "0001_stand_in",
        "CREATE TABLE catalogue.stand_in (resource_id uuid PRIMARY KEY);
         CREATE VIEW catalogue.v_resource AS SELECT resource_id FROM catalogue.stand_in;
         CREATE VIEW catalogue.v_element AS
             SELECT e.identifier, e.rule FROM (VALUES ('citizen_id', 'citizen_id'), ('phone', 'phone')) AS e (identifier, rule);",
    )],
};

const PEOPLE: [[&str; 4]; 3] = [
    ["张三", "320602199001011230", "13812345678", "320602"],
    ["李四", "320602198802022341", "13912345678", "320602"],
    ["王五", "320611197703033452", "13712345678", "320611"],
];
const COLUMNS: [&str; 4] = ["name", "citizen_id", "phone", "division"];

/// Three people; masks sensitive cells as `?` so that a test can tell whose mask it sees.
pub struct People;

#[async_trait]
impl RowSource for People {
    fn kinds(&self) -> &'static [RowKind] {
        &[RowKind::Person]
    }

    async fn rows(&self, _: &Base, _: &Binding, query: &RowQuery) -> Result<RowPage, DbError> {
        let cell = |row: &[&str; 4], name: &str| {
            COLUMNS.iter().position(|column| *column == name).map(|place| row[place].to_owned())
        };
        let meets = |row: &&[&str; 4]| query.filter.iter().all(|r| r.holds(cell(row, &r.column.name).as_deref()));
        let shown = |row: &[&str; 4], column: &Column| match column.sensitive && query.exposure == Exposure::Masked {
            true => Some("?".to_owned()),
            false => cell(row, &column.name),
        };
        let rows = PEOPLE.iter().filter(meets);
        let rows =
            rows.map(|row| Row { cells: query.columns.iter().map(|column| shown(row, column)).collect() }).collect();
        Ok(RowPage { rows, next: None })
    }

    async fn freshness(&self, _: &Base, _: &Binding, _: u32) -> Result<Freshness, DbError> {
        Ok(Freshness::default())
    }
}
