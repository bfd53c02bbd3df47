//! What can be reported, and what each asks besides words.
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::api::{Attribute, Datatype};
use jh_web::{App, Page, Pairs};

use super::{Answered, answer, file, setting};
use crate::document::{Document, Format, Node};
use crate::fault::Open311Error;

/// `GET /open311/v2/services.{format}`
pub async fn list(State(app): State<App>, page: Page, arguments: Pairs) -> Response {
    let format = Format::of(&page.path);
    answer(&page, format, services(&app, &page, &arguments).await)
}

async fn services(app: &App, page: &Page, arguments: &Pairs) -> Answered {
    // Where a person reads first, an id comes later, by token: the specification calls such a service a batch.
    let kind = if setting(app, arguments).await?.held { "batch" } else { "realtime" };
    let mut conn = app.db.read().await?;
    let mut services = Vec::new();
    for (source, category) in casework::api::categories(app, &mut conn, true).await? {
        let asks = !source.attributes(&mut conn, &category.code).await?.is_empty();
        let other = page.pick(&category.name_en, &category.name).to_owned();
        let keywords: Vec<String> = category.keywords.into_iter().chain([other]).collect();
        services.push(Node::Fields(vec![
            ("service_code", Node::Text(category.code)),
            ("service_name", Node::text(page.pick(&category.name, &category.name_en))),
            ("description", Node::Text(category.hint)),
            ("metadata", Node::Flag(asks)),
            ("type", Node::text(kind)),
            ("keywords", Node::Text(keywords.join(", "))),
            ("group", Node::Text(category.group)),
        ]));
    }
    Ok(Document::list("services", "service", services))
}

/// `GET /open311/v2/services/{service_code}.{format}`
pub async fn definition(
    State(app): State<App>,
    page: Page,
    arguments: Pairs,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let format = Format::of(&page.path);
    let given = path.map(|Path(given)| given).unwrap_or_default();
    answer(&page, format, defined(&app, &page, &arguments, &given).await)
}

async fn defined(app: &App, page: &Page, arguments: &Pairs, given: &str) -> Answered {
    let (code, _) = file(given)?;
    setting(app, arguments).await?;
    let mut conn = app.db.read().await?;
    let known = casework::api::categories(app, &mut conn, true).await?;
    let (source, category) =
        known.into_iter().find(|(_, category)| category.code == code).ok_or(Open311Error::NotFound("service"))?;
    let asked = source.attributes(&mut conn, &category.code).await?;
    let attributes = asked.iter().zip(1..).map(|(one, order)| attribute(page, one, order)).collect();
    let body = Node::Fields(vec![
        ("service_code", Node::Text(category.code)),
        ("attributes", Node::List("attribute", attributes)),
    ]);
    Ok(Document { root: "service_definition", body })
}

fn datatype(datatype: Datatype) -> &'static str {
    match datatype {
        Datatype::String => "string",
        Datatype::Number => "number",
        Datatype::Datetime => "datetime",
        Datatype::Text => "text",
        Datatype::SingleValueList => "singlevaluelist",
        Datatype::MultiValueList => "multivaluelist",
    }
}

fn attribute(page: &Page, one: &Attribute, order: i64) -> Node {
    let kind = datatype(one.datatype);
    let mut fields = vec![
        ("variable", Node::Flag(true)),
        ("code", Node::text(&*one.code)),
        ("datatype", Node::text(kind)),
        ("required", Node::Flag(one.required)),
        ("datatype_description", Node::Text(page.t(&format!("open311-datatype-{kind}")))),
        ("order", Node::Whole(order)),
        ("description", Node::text(page.pick(&one.label, &one.label_en))),
    ];
    if matches!(one.datatype, Datatype::SingleValueList | Datatype::MultiValueList) {
        let value = |value: &casework::api::AttributeValue| {
            Node::Fields(vec![
                ("key", Node::text(&*value.key)),
                ("name", Node::text(page.pick(&value.name, &value.name_en))),
            ])
        };
        fields.push(("values", Node::List("value", one.values.iter().map(value).collect())));
    }
    Node::Fields(fields)
}
