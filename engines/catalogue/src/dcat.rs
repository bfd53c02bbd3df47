//! The open data described in DCAT-AP 3, as Turtle, for other catalogues to harvest.
//!
//! The graph is built of triples and written by oxttl, never by pasting text together. The vocabularies are those
//! DCAT-AP names (EU authority tables); the helper nodes carry their types so that the file validates on its own.
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::paging::PageRequest;
use jh_web::{App, Failure};
use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleSerializer;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::fault::CatalogueError;
use crate::model::{Theme, UpdateCycle};
use crate::store::described::{self, Described};
use crate::store::search::Narrow;

const DCAT: &str = "http://www.w3.org/ns/dcat#";
const DCT: &str = "http://purl.org/dc/terms/";
const FOAF: &str = "http://xmlns.com/foaf/0.1/";
const VCARD: &str = "http://www.w3.org/2006/vcard/ns#";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const EU: &str = "http://publications.europa.eu/resource/authority/";
const IANA: &str = "https://www.iana.org/assignments/media-types/";

/// The licence of all open data here, in the EU's table of licences.
const LICENCE: &str = "licence/CC_BY_4_0";
/// Data sets of one page of the catalogue.
const PAGE_SIZE: i64 = 500;

/// The triples of one answer.
struct Graph {
    base: String,
    triples: Vec<Triple>,
}

impl Graph {
    fn new(base: &str) -> Self {
        Self { base: base.to_owned(), triples: Vec::new() }
    }

    /// An address of ours. Codes are plain ASCII, so it is always a good IRI.
    fn own(&self, path: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}{path}", self.base))
    }

    fn add(&mut self, subject: impl Into<NamedOrBlankNode>, predicate: &str, object: impl Into<Term>) {
        self.triples.push(Triple::new(subject, NamedNode::new_unchecked(predicate), object));
    }

    fn kind(&mut self, subject: impl Into<NamedOrBlankNode>, class: &str) {
        self.triples.push(Triple::new(subject, rdf::TYPE.into_owned(), NamedNode::new_unchecked(class)));
    }

    /// The same in Chinese and, where there is one, in English.
    fn words(&mut self, subject: &NamedNode, predicate: &str, zh: &str, en: &str) {
        for (text, lang) in [(zh, "zh"), (en, "en")] {
            if !text.is_empty() {
                self.add(subject.clone(), predicate, Literal::new_language_tagged_literal_unchecked(text, lang));
            }
        }
    }

    fn instant(&mut self, subject: &NamedNode, predicate: &str, at: OffsetDateTime) {
        if let Ok(text) = at.format(&Rfc3339) {
            self.add(subject.clone(), predicate, Literal::new_typed_literal(text, xsd::DATE_TIME.into_owned()));
        }
    }

    /// A term of an authority table, with the type its property asks for and the table it is from, which is its
    /// address without the last part: who reads the file need not load the tables.
    fn term(&mut self, subject: &NamedNode, predicate: &str, iri: &str, class: &str) {
        let term = NamedNode::new_unchecked(iri);
        self.kind(term.clone(), class);
        if let Some((table, _)) = iri.strip_prefix(EU).and_then(|rest| rest.rsplit_once('/')) {
            let table = NamedNode::new_unchecked(format!("{EU}{table}"));
            self.add(term.clone(), &format!("{SKOS}inScheme"), table);
        }
        self.add(subject.clone(), predicate, term);
    }

    /// An address of ours that leads to the data: DCAT-AP 3.0.0 asks that it be called a resource.
    fn leads_to(&mut self, subject: &NamedNode, predicate: &str, path: &str) {
        let target = self.own(path);
        self.kind(target.clone(), rdfs::RESOURCE.as_str());
        self.add(subject.clone(), predicate, target);
    }

    /// A concept of a vocabulary. What is typed as one must also carry a label: DCAT-AP 3 holds our copy to that.
    fn concept(&mut self, subject: &NamedNode, predicate: &str, iri: &str, (zh, en): (&str, &str)) {
        self.term(subject, predicate, iri, &format!("{SKOS}Concept"));
        let concept = NamedNode::new_unchecked(iri);
        self.words(&concept, &format!("{SKOS}prefLabel"), zh, en);
    }

    /// The kind of publisher that every one of ours is.
    fn authority(&mut self, publisher: &NamedNode) {
        let kind = "http://purl.org/adms/publishertype/LocalAuthority";
        self.concept(publisher, &dct("type"), kind, ("地方机关", "Local authority"));
    }

    fn eu(&mut self, subject: &NamedNode, predicate: &str, term: &str, class: &str) {
        self.term(subject, predicate, &format!("{EU}{term}"), class);
    }

    fn turtle(mut self) -> Result<Vec<u8>, Failure> {
        // Helper nodes are described by every data set that uses them; once is enough.
        let mut seen = std::collections::HashSet::new();
        self.triples.retain(|triple| seen.insert(triple.clone()));
        let mut serializer = TurtleSerializer::new();
        for (name, iri) in [("dcat", DCAT), ("dct", DCT), ("foaf", FOAF), ("vcard", VCARD), ("skos", SKOS)] {
            serializer = serializer.with_prefix(name, iri).map_err(Failure::internal)?;
        }
        let mut writer = serializer.for_writer(Vec::with_capacity(self.triples.len() * 80));
        for triple in &self.triples {
            writer.serialize_triple(triple).map_err(Failure::internal)?;
        }
        writer.finish().map_err(Failure::internal)
    }
}

fn dcat(name: &str) -> String {
    format!("{DCAT}{name}")
}

fn dct(name: &str) -> String {
    format!("{DCT}{name}")
}

/// Which page of the catalogue.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Which {
    page: Option<u32>,
}

/// `/catalogue.ttl`: the catalogue and a page of its data sets; `?page=2` for the next.
pub async fn catalogue(State(app): State<App>, Query(which): Query<Which>) -> Result<Response, Failure> {
    let number = PageRequest { page: which.page, size: None }.number();
    let offset = i64::from(number - 1) * PAGE_SIZE;
    let mut conn = app.db.read().await?;
    let all = described::described(&mut conn, &Narrow::default(), "code", PAGE_SIZE + 1, offset).await?;
    drop(conn);
    let mut graph = Graph::new(&app.settings().public_url);
    let catalogue = graph.own("/catalogue.ttl");
    describe_catalogue(&mut graph, &catalogue, &app);
    let modified = all.iter().map(|one| one.published_at).max().unwrap_or(OffsetDateTime::UNIX_EPOCH);
    graph.instant(&catalogue, &dct("modified"), modified);
    for one in all.iter().take(PAGE_SIZE as usize) {
        let dataset = describe(&mut graph, one);
        graph.add(catalogue.clone(), &dcat("dataset"), dataset);
    }
    if all.len() > PAGE_SIZE as usize {
        let next = graph.own(&format!("/catalogue.ttl?page={}", number + 1));
        graph.add(catalogue, "http://www.w3.org/ns/hydra/core#next", next);
    }
    Ok(answer(graph.turtle()?))
}

/// `/data/{code}.ttl`: one data set.
pub async fn one(app: &App, code: &str) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let found = described::by_code(&mut conn, code).await?.ok_or(CatalogueError::NotFound("resource"))?;
    drop(conn);
    let mut graph = Graph::new(&app.settings().public_url);
    describe(&mut graph, &found);
    Ok(answer(graph.turtle()?))
}

fn answer(turtle: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/turtle; charset=utf-8"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, turtle).into_response()
}

fn describe_catalogue(graph: &mut Graph, catalogue: &NamedNode, app: &App) {
    let (city, city_en) = &app.settings().city;
    graph.kind(catalogue.clone(), &dcat("Catalog"));
    graph.words(catalogue, &dct("title"), &format!("{city}市公共数据目录"), &format!("Open data of {city_en}"));
    let zh = format!("{city}市各部门向社会开放的公共数据。");
    graph.words(
        catalogue,
        &dct("description"),
        &zh,
        &format!("The data that the departments of {city_en} open to the public."),
    );
    let publisher = graph.own("/#city");
    graph.kind(publisher.clone(), &format!("{FOAF}Agent"));
    graph.words(&publisher, &format!("{FOAF}name"), &format!("{city}市"), city_en);
    graph.authority(&publisher);
    graph.add(catalogue.clone(), &dct("publisher"), publisher);
    let home = graph.own("/data");
    graph.kind(home.clone(), &format!("{FOAF}Document"));
    graph.add(catalogue.clone(), &format!("{FOAF}homepage"), home);
    for language in ["language/ZHO", "language/ENG"] {
        graph.eu(catalogue, &dct("language"), language, &dct("LinguisticSystem"));
    }
    graph.eu(catalogue, &dct("license"), LICENCE, &dct("LicenseDocument"));
    graph.eu(catalogue, &dcat("themeTaxonomy"), "data-theme", &format!("{SKOS}ConceptScheme"));
    let themes = NamedNode::new_unchecked(format!("{EU}data-theme"));
    graph.words(&themes, &dct("title"), "数据主题", "Data theme");
}

fn describe(graph: &mut Graph, one: &Described) -> NamedNode {
    // The page is about the data set; the data set is not the page.
    let dataset = graph.own(&format!("/data/{}#dataset", one.code));
    graph.kind(dataset.clone(), &dcat("Dataset"));
    graph.words(&dataset, &dct("title"), &one.title, &one.title_en);
    graph.words(&dataset, &dct("description"), &one.description, &one.description_en);
    graph.add(dataset.clone(), &dct("identifier"), Literal::new_simple_literal(&one.code));
    graph.add(dataset.clone(), &dcat("version"), Literal::new_simple_literal(one.version.to_string()));
    for keyword in &one.keywords {
        let keyword = Literal::new_language_tagged_literal_unchecked(keyword, "zh");
        graph.add(dataset.clone(), &dcat("keyword"), keyword);
    }
    let (theme, zh, en) = theme(one.theme);
    graph.concept(&dataset, &dcat("theme"), &format!("{EU}data-theme/{theme}"), (zh, en));
    graph.eu(&dataset, &dct("accrualPeriodicity"), frequency(one.update_cycle), &dct("Frequency"));
    graph.eu(&dataset, &dct("accessRights"), "access-right/PUBLIC", &dct("RightsStatement"));
    graph.eu(&dataset, &dct("language"), "language/ZHO", &dct("LinguisticSystem"));
    graph.instant(&dataset, &dct("issued"), one.issued_at);
    graph.instant(&dataset, &dct("modified"), one.published_at);
    let page = graph.own(&format!("/data/{}", one.code));
    graph.kind(page.clone(), &format!("{FOAF}Document"));
    graph.add(dataset.clone(), &dcat("landingPage"), page);
    let publisher = publisher(graph, one);
    graph.add(dataset.clone(), &dct("publisher"), publisher);
    let contact = BlankNode::default();
    graph.kind(contact.clone(), &format!("{VCARD}Kind"));
    graph.add(contact.clone(), &format!("{VCARD}fn"), Literal::new_simple_literal(&one.contact));
    graph.add(dataset.clone(), &dcat("contactPoint"), contact);
    if one.rows_kind.is_some() {
        for form in FORMS {
            let distribution = distribution(graph, one, form);
            graph.add(dataset.clone(), &dcat("distribution"), distribution);
        }
    }
    dataset
}

fn publisher(graph: &mut Graph, one: &Described) -> NamedNode {
    let publisher = graph.own(&format!("/data?provider={}", one.provider_code));
    graph.kind(publisher.clone(), &format!("{FOAF}Agent"));
    graph.words(&publisher, &format!("{FOAF}name"), &one.provider_name, "");
    graph.authority(&publisher);
    publisher
}

/// File suffix, EU file type, media type.
const FORMS: [(&str, &str, &str); 2] =
    [("csv", "file-type/CSV", "text/csv"), ("json", "file-type/JSON", "application/json")];

fn distribution(graph: &mut Graph, one: &Described, (suffix, file_type, media): (&str, &str, &str)) -> NamedNode {
    let node = graph.own(&format!("/data/{}#{suffix}", one.code));
    graph.kind(node.clone(), &dcat("Distribution"));
    let (zh, en) = (format!("{}（{}）", one.title, suffix.to_uppercase()), format!("{} ({suffix})", one.title_en));
    graph.words(&node, &dct("title"), &zh, if one.title_en.is_empty() { "" } else { &en });
    graph.words(&node, &dct("description"), &one.description, &one.description_en);
    graph.leads_to(&node, &dcat("accessURL"), &format!("/data/{}", one.code));
    graph.leads_to(&node, &dcat("downloadURL"), &format!("/data/{}/rows.{suffix}", one.code));
    graph.eu(&node, &dct("format"), file_type, &dct("MediaTypeOrExtent"));
    graph.term(&node, &dcat("mediaType"), &format!("{IANA}{media}"), &dct("MediaType"));
    graph.eu(&node, &dct("license"), LICENCE, &dct("LicenseDocument"));
    let lasting = format!("{EU}planned-availability/STABLE");
    graph.concept(&node, "http://data.europa.eu/r5r/availability", &lasting, ("稳定", "Stable"));
    node
}

/// The EU's theme that ours falls under, with its name.
fn theme(theme: Theme) -> (&'static str, &'static str, &'static str) {
    match theme {
        Theme::Population => ("SOCI", "人口与社会", "Population and society"),
        Theme::Economy => ("ECON", "经济与金融", "Economy and finance"),
        Theme::Construction | Theme::Geography => ("REGI", "地区与城市", "Regions and cities"),
        Theme::Transport => ("TRAN", "交通", "Transport"),
        Theme::Education => ("EDUC", "教育、文化与体育", "Education, culture and sport"),
        Theme::Health => ("HEAL", "健康", "Health"),
        Theme::Environment => ("ENVI", "环境", "Environment"),
        Theme::Safety => ("JUST", "司法与公共安全", "Justice, legal system and public safety"),
        Theme::Government => ("GOVE", "政府与公共部门", "Government and public sector"),
    }
}

fn frequency(cycle: UpdateCycle) -> &'static str {
    match cycle {
        UpdateCycle::Realtime => "frequency/UPDATE_CONT",
        UpdateCycle::Daily => "frequency/DAILY",
        UpdateCycle::Weekly => "frequency/WEEKLY",
        UpdateCycle::Monthly => "frequency/MONTHLY",
        UpdateCycle::Quarterly => "frequency/QUARTERLY",
        UpdateCycle::HalfYearly => "frequency/ANNUAL_2",
        UpdateCycle::Yearly => "frequency/ANNUAL",
        UpdateCycle::Irregular => "frequency/IRREG",
    }
}
