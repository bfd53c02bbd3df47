//! The golden record as it is stored: what a search needs of the values that stand, and whose they are.
use catalogue::api::RowKind;
use time::OffsetDateTime;
use uuid::Uuid;

use super::census::Census;
use super::copy::Rows;
use super::secrets::Secrets;
use crate::schema::Schema;

/// Where a kind's searchable attributes stand.
#[derive(Clone, Copy, Debug)]
pub enum GoldenPlan {
    /// A person.
    Person {
        /// 姓名.
        name: usize,
        /// 性别.
        sex: usize,
        /// 出生日期.
        birth_on: usize,
        /// Residence, else registration.
        divisions: [usize; 2],
        /// 联系电话.
        phone: usize,
    },
    /// An organisation.
    Organisation {
        /// 机构名称.
        name: usize,
        /// 登记地.
        division: usize,
        /// 行业.
        industry: usize,
        /// 经营状态.
        status: usize,
        /// 成立日期.
        established_on: usize,
    },
    /// A place.
    Place {
        /// 名称.
        name: usize,
        /// The division's code, else the first six digits of the statistical one.
        divisions: [usize; 2],
        /// Its kind or its level.
        categories: [usize; 2],
        /// 经度, 纬度.
        point: [usize; 2],
    },
}

/// Whose values stand.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Of all, or of the first.
    pub provider_no: i16,
    /// By position, where they are of several.
    pub provider_nos: Option<&'a [i16]>,
    /// When that was decided.
    pub revised_at: OffsetDateTime,
}

impl GoldenPlan {
    /// The plan of a base kind.
    pub fn of(schema: &Schema) -> Option<Self> {
        let at = |name: &str| schema.position(name).unwrap_or(usize::MAX);
        Some(match schema.kind {
            RowKind::Person => Self::Person {
                name: at("person_name"),
                sex: at("sex"),
                birth_on: at("birth_on"),
                divisions: [at("residence_division"), at("registered_division")],
                phone: at("mobile_phone"),
            },
            RowKind::Organisation => Self::Organisation {
                name: at("organisation_name"),
                division: at("organisation_division"),
                industry: at("industry"),
                status: at("organisation_status"),
                established_on: at("established_on"),
            },
            RowKind::Place => Self::Place {
                name: at("place_name"),
                divisions: [at("division_code"), at("statistical_code")],
                categories: [at("asset_kind"), at("division_level")],
                point: [at("longitude"), at("latitude")],
            },
            RowKind::Dataset => return None,
        })
    }

    /// The kind.
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Person { .. } => RowKind::Person,
            Self::Organisation { .. } => RowKind::Organisation,
            Self::Place { .. } => RowKind::Place,
        }
    }

    /// Where the name stands.
    pub fn name(&self) -> usize {
        match *self {
            Self::Person { name, .. } | Self::Organisation { name, .. } | Self::Place { name, .. } => name,
        }
    }

    /// The statement for rows of [`Self::encode`].
    pub fn copy_statement(&self) -> &'static str {
        match self {
            Self::Person { .. } => {
                "COPY registry.person (person_id, name, sex, birth_on, division_code, phone_key, provider_no,
                 provider_nos, revised_at) FROM STDIN (FORMAT binary)"
            }
            Self::Organisation { .. } => {
                "COPY registry.organisation (organisation_id, name, division_code, industry, status, established_on,
                 provider_no, provider_nos, revised_at) FROM STDIN (FORMAT binary)"
            }
            Self::Place { .. } => {
                "COPY registry.place (place_id, name, division_code, category, point, provider_no, provider_nos,
                 revised_at) FROM STDIN (FORMAT binary)"
            }
        }
    }

    /// Appends one golden record and answers where it counts.
    pub fn encode(
        &self,
        subject: Uuid,
        values: &[Option<&str>],
        sources: Sources<'_>,
        secrets: &Secrets,
        out: &mut Rows,
    ) -> Census {
        let value = |position: usize| values.get(position).copied().flatten();
        let first = |positions: [usize; 2]| positions.into_iter().find_map(value);
        let census = match *self {
            Self::Person { name, sex, birth_on, divisions, phone } => {
                let born = value(birth_on).and_then(day);
                let sex: Option<i16> = value(sex).and_then(|text| text.parse().ok());
                let division = first(divisions);
                out.start(9);
                out.uuid(subject);
                out.text(value(name).unwrap_or_default());
                out.option(sex, Rows::int2);
                out.option(born, Rows::date);
                out.option(division, Rows::text);
                out.option(value(phone).map(|phone| secrets.phone(phone)), Rows::int8);
                Census::of_person(division, sex, born.map(time::Date::year))
            }
            Self::Organisation { name, division, industry, status, established_on } => {
                out.start(9);
                out.uuid(subject);
                out.text(value(name).unwrap_or_default());
                out.option(value(division), Rows::text);
                out.option(value(industry), Rows::text);
                out.option(value(status), Rows::text);
                out.option(value(established_on).and_then(day), Rows::date);
                Census::of_division(value(division))
            }
            Self::Place { name, divisions, categories, point } => {
                // Both schemes begin with the county's six digits.
                let division = first(divisions).and_then(|code| code.get(..6));
                let degrees = point.map(|position| value(position).and_then(|text| text.parse::<f64>().ok()));
                out.start(8);
                out.uuid(subject);
                out.text(value(name).unwrap_or_default());
                out.option(division, Rows::text);
                out.option(first(categories), Rows::text);
                out.option(degrees[0].zip(degrees[1]), Rows::point);
                Census::of_division(division)
            }
        };
        out.int2(sources.provider_no);
        out.option(sources.provider_nos, Rows::int2s);
        out.instant(sources.revised_at);
        out.end();
        census
    }
}

/// A day in the normal form that the checker wrote.
fn day(text: &str) -> Option<time::Date> {
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let month = time::Month::try_from(u8::try_from(part(5..7)?).ok()?).ok()?;
    time::Date::from_calendar_date(i32::from(part(0..4)?), month, u8::try_from(part(8..10)?).ok()?).ok()
}
