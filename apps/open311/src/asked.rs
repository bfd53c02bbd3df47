//! Which reports a program asks for: the specification's arguments, and `page`, `page_size` and `bbox`, which are extensions.
use casework::api::Frame;
use jh_core::paging::{NUMBER_MAX, PageRequest, SIZE_MAX};
use jh_web::Pairs;
use time::OffsetDateTime;

use crate::fault::Open311Error;
use crate::moment::{self, Wrong};

/// The most reports of one answer, as the specification says.
const ROWS_MAX: u32 = 1_000;
/// The most values of a list in an address.
const VALUES_MAX: usize = 100;

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Only these; nothing else counts then.
    pub numbers: Option<Vec<String>>,
    /// Only of these services.
    pub services: Option<Vec<String>>,
    /// Reported from when to when.
    pub stretch: Option<(OffsetDateTime, OffsetDateTime)>,
    /// Only closed ones, or only open ones.
    pub closed: Option<bool>,
    /// Only in this frame.
    pub frame: Option<Frame>,
    /// From 1.
    pub page: u32,
    /// Rows a page: up to a hundred, or whole hundreds.
    pub size: u32,
}

impl Asked {
    /// A question for one report.
    pub fn one(number: &str) -> Self {
        Self { numbers: Some(vec![number.to_owned()]), page: 1, size: 1, ..Self::default() }
    }

    /// The store's pages that make up the page that was asked for.
    pub fn slices(&self) -> impl Iterator<Item = PageRequest> {
        let (each, many) = if self.size <= SIZE_MAX { (self.size, 1) } else { (SIZE_MAX, self.size / SIZE_MAX) };
        let first = (self.page - 1) * many + 1;
        (first..first + many)
            .take_while(|number| *number <= NUMBER_MAX)
            .map(move |number| PageRequest { page: Some(number), size: Some(each) })
    }
}

/// The values of an argument that may be said several times and holds several, separated by commas.
fn values(arguments: &Pairs, name: &'static str) -> Result<Option<Vec<String>>, Open311Error> {
    let parts = arguments.all(name).flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty());
    let mut all: Vec<String> = parts.take(VALUES_MAX + 1).map(str::to_owned).collect();
    if all.len() > VALUES_MAX {
        let args = vec![("name", name.to_owned()), ("max", VALUES_MAX.to_string())];
        return Err(Open311Error::Parameter { code: "open311-values-many", args });
    }
    all.sort();
    all.dedup();
    Ok((!all.is_empty()).then_some(all))
}

/// Reads a question.
pub fn read(arguments: &Pairs, now: OffsetDateTime) -> Result<Asked, Open311Error> {
    let whole = |name, otherwise: u32, max: u32| match arguments.get(name) {
        "" => Ok(otherwise),
        text => text.parse().ok().filter(|n| (1..=max).contains(n)).ok_or(Open311Error::Parameter {
            code: "open311-page-wrong",
            args: vec![("name", name.to_owned()), ("max", max.to_string())],
        }),
    };
    let size = whole("page_size", ROWS_MAX, ROWS_MAX)?;
    let size = if size > SIZE_MAX { size / SIZE_MAX * SIZE_MAX } else { size };
    let page = whole("page", 1, NUMBER_MAX)?;
    if let Some(numbers) = values(arguments, "service_request_id")? {
        // They override all other arguments (GeoReport v2, GET Service Requests); what is no status or no date at all is said
        // nevertheless, and how long a stretch is does not matter.
        closed(arguments)?;
        let dates = moment::stretch(arguments.get("start_date"), arguments.get("end_date"), now);
        if let Err(wrong @ (Wrong::Start | Wrong::End)) = dates {
            return Err(misdated(wrong));
        }
        return Ok(Asked { numbers: Some(numbers), page, size, ..Asked::default() });
    }
    Ok(Asked {
        numbers: None,
        services: values(arguments, "service_code")?,
        stretch: Some(stretch(arguments, now)?),
        closed: closed(arguments)?,
        frame: frame(arguments.get("bbox"))?,
        page,
        size,
    })
}

fn stretch(arguments: &Pairs, now: OffsetDateTime) -> Result<(OffsetDateTime, OffsetDateTime), Open311Error> {
    moment::stretch(arguments.get("start_date"), arguments.get("end_date"), now).map_err(misdated)
}

fn misdated(wrong: Wrong) -> Open311Error {
    match wrong {
        Wrong::Start => Open311Error::parameter_of("open311-date-wrong", "name", "start_date"),
        Wrong::End => Open311Error::parameter_of("open311-date-wrong", "name", "end_date"),
        Wrong::Order => Open311Error::parameter("open311-dates-order"),
        Wrong::Long => Open311Error::parameter_of("open311-dates-long", "max", moment::DAYS_MAX),
    }
}

fn closed(arguments: &Pairs) -> Result<Option<bool>, Open311Error> {
    let wanted = values(arguments, "status")?.unwrap_or_default();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    match wanted[..] {
        [] | ["closed", "open"] => Ok(None),
        ["open"] => Ok(Some(false)),
        ["closed"] => Ok(Some(true)),
        _ => Err(Open311Error::parameter("open311-status-wrong")),
    }
}

/// `west,south,east,north` in degrees, as GeoJSON writes a box.
fn frame(text: &str) -> Result<Option<Frame>, Open311Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let sides: Vec<f64> = text.split(',').filter_map(|side| side.trim().parse().ok()).collect();
    match sides[..] {
        [west, south, east, north]
            if text.split(',').count() == 4
                && (-180.0..=180.0).contains(&west)
                && (-90.0..=90.0).contains(&south)
                && west < east
                && east <= 180.0
                && south < north
                && north <= 90.0 =>
        {
            Ok(Some(Frame { west, south, east, north }))
        }
        _ => Err(Open311Error::parameter("open311-bbox-wrong")),
    }
}

#[cfg(test)]
mod tests {
    use jh_core::fault::Fault;
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 08:00 UTC);

    fn pairs(query: &str) -> Pairs {
        serde_html_form::from_str(query).expect("a query")
    }

    fn asked(query: &str) -> Asked {
        read(&pairs(query), NOW).expect("a question")
    }

    fn code(query: &str) -> &'static str {
        read(&pairs(query), NOW).expect_err("a refusal").refusal().code
    }

    #[test]
    fn an_empty_argument_is_as_good_as_none() {
        let asked = asked("service_code=&status=&page=&bbox=&service_request_id=,");
        assert!(asked.services.is_none() && asked.closed.is_none() && asked.frame.is_none() && asked.numbers.is_none());
        assert_eq!((asked.page, asked.size), (1, 1_000));
    }

    #[test]
    fn ids_override_everything_else() {
        let asked = asked("service_request_id=2,1,2&service_request_id=3&status=open&start_date=2020-01-01");
        assert_eq!(asked.numbers.expect("ids"), ["1", "2", "3"]);
        assert!(asked.stretch.is_none() && asked.closed.is_none());
    }

    #[test]
    fn what_is_wrong_has_its_own_name() {
        assert_eq!(code("status=done"), "open311-status-wrong");
        assert_eq!(code("start_date=soon"), "open311-date-wrong");
        assert_eq!(code("start_date=2026-01-01&end_date=2026-12-01"), "open311-dates-long");
        assert_eq!(code("bbox=1,2,3"), "open311-bbox-wrong");
        assert_eq!(code("bbox=121,32,120,33"), "open311-bbox-wrong");
        assert_eq!(code("page=0"), "open311-page-wrong");
        assert_eq!(code("page_size=1001"), "open311-page-wrong");
        assert_eq!(code(&format!("service_code={}", vec!["x"; 101].join(","))), "open311-values-many");
    }

    #[test]
    fn a_large_page_is_read_in_slices_that_follow_one_another() {
        let numbers = |query| asked(query).slices().map(|one| (one.number(), one.size())).collect::<Vec<_>>();
        assert_eq!(numbers("page_size=20&page=3"), [(3, 20)]);
        assert_eq!(numbers("page_size=250&page=2"), [(3, 100), (4, 100)]);
        assert_eq!(numbers("").len(), 10);
        assert!(numbers("page=1000").is_empty(), "deeper than the store is read");
    }

    proptest! {
        #[test]
        fn no_question_panics(name in "(status|bbox|page|page_size|start_date|service_code)", value in "\\PC{0,30}") {
            let _ = read(&Pairs(vec![(name, value)]), NOW);
        }
    }
}
