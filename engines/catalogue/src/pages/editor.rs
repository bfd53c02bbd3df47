//! Writing a draft: one form with a table of fields that works without script. Rows are put in order by a number,
//! more rows come by a button, a row without a name is left out.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::{Actor, OrganisationId};
use jh_core::fault::Fault;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;

use crate::actions::draft::{self, Seen};
use crate::fault::CatalogueError;
use crate::field::{Field, FieldType};
use crate::model::{
    Classification, Content, Format, RowKind, Sharing, SharingKind, State as Stand, StepRefusal, Theme, UpdateCycle,
};
use crate::pages::Worded;
use crate::permission::DRAFT;
use crate::standard::Element;
use crate::store::list::{self, Organisation};
use crate::store::{resource, standard};

/// Empty rows offered below the filled ones.
const ROWS_SPARE: usize = 3;
/// Rows added by the button.
const ROWS_MORE: usize = 10;
/// Empty fields of a new resource.
const ROWS_FIRST: usize = 6;

/// The form as it is sent. Names are also the ids of the inputs.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct DraftForm {
    provider: String,
    code: String,
    seen: String,
    title: String,
    title_en: String,
    description: String,
    description_en: String,
    keywords: String,
    theme: String,
    format: String,
    update_cycle: String,
    classification: String,
    sharing: String,
    terms: String,
    open: String,
    contact: String,
    rows: String,
    field_order: Vec<String>,
    field_name: Vec<String>,
    field_label: Vec<String>,
    field_label_en: Vec<String>,
    field_element: Vec<String>,
    field_type: Vec<String>,
    field_required: Vec<String>,
    field_class: Vec<String>,
    field_unit: Vec<String>,
    /// `rows` asks for more rows instead of saving.
    act: String,
}

/// One row of the table of fields, as typed.
#[derive(Default, Clone)]
struct Line {
    order: String,
    name: String,
    label: String,
    label_en: String,
    element: String,
    field_type: String,
    required: String,
    class: String,
    unit: String,
}

impl DraftForm {
    fn of(content: &Content, seen: Option<Seen>) -> Self {
        let mut form = Self {
            seen: seen.map(|seen| seen.to_string()).unwrap_or_default(),
            title: content.title.clone(),
            title_en: content.title_en.clone(),
            description: content.description.clone(),
            description_en: content.description_en.clone(),
            keywords: content.keywords.join("；"),
            theme: content.theme.word().into(),
            format: content.format.word().into(),
            update_cycle: content.update_cycle.word().into(),
            classification: content.classification.word().into(),
            sharing: content.sharing.kind().word().into(),
            terms: content.sharing.terms().into(),
            open: if content.open { "yes" } else { "" }.into(),
            contact: content.contact.clone(),
            rows: content.rows.map(RowKind::word).unwrap_or_default().into(),
            ..Self::default()
        };
        for (at, field) in content.fields.iter().enumerate() {
            form.field_order.push((at + 1).to_string());
            form.field_name.push(field.name.clone());
            form.field_label.push(field.label.clone());
            form.field_label_en.push(field.label_en.clone());
            form.field_element.push(field.element.clone().unwrap_or_default());
            form.field_type.push(field.field_type.word().into());
            form.field_required.push(if field.required { "yes" } else { "no" }.into());
            form.field_class.push(field.classification.word().into());
            form.field_unit.push(field.unit.clone());
        }
        form
    }

    fn lines(&self) -> Vec<Line> {
        let cell =
            |column: &Vec<String>, at: usize| column.get(at).map(|text| text.trim().to_owned()).unwrap_or_default();
        let mut lines: Vec<_> = (0..self.field_name.len())
            .map(|at| Line {
                order: cell(&self.field_order, at),
                name: cell(&self.field_name, at),
                label: cell(&self.field_label, at),
                label_en: cell(&self.field_label_en, at),
                element: cell(&self.field_element, at),
                field_type: cell(&self.field_type, at),
                required: cell(&self.field_required, at),
                class: cell(&self.field_class, at),
                unit: cell(&self.field_unit, at),
            })
            .filter(|line| !(line.name.is_empty() && line.label.is_empty()))
            .collect();
        // A row without a number goes last; equal numbers keep the order they were in.
        lines.sort_by_key(|line| line.order.parse::<u32>().unwrap_or(u32::MAX));
        lines
    }

    /// What the form says. A word that is none of ours is a forged or broken form.
    fn content(&self) -> Result<Content, CatalogueError> {
        let kind = word(&self.sharing, SharingKind::from_word, "sharing")?;
        let rows = if self.rows.is_empty() { None } else { Some(word(&self.rows, RowKind::from_word, "rows")?) };
        let keywords = self.keywords.split(['；', ';', '、', '，', ',', '\n']).map(str::trim);
        Ok(Content {
            title: self.title.trim().into(),
            title_en: self.title_en.trim().into(),
            description: self.description.trim().into(),
            description_en: self.description_en.trim().into(),
            keywords: keywords.filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            theme: word(&self.theme, Theme::from_word, "theme")?,
            format: word(&self.format, Format::from_word, "format")?,
            update_cycle: word(&self.update_cycle, UpdateCycle::from_word, "update_cycle")?,
            classification: word(&self.classification, Classification::from_word, "classification")?,
            sharing: Sharing::from_parts(kind, &self.terms),
            open: self.open == "yes",
            contact: self.contact.trim().into(),
            rows,
            fields: self.lines().into_iter().map(field).collect::<Result<_, _>>()?,
        })
    }
}

fn word<T>(text: &str, read: fn(&str) -> Option<T>, field: &'static str) -> Result<T, CatalogueError> {
    let error = || jh_core::fault::FieldError { field, code: "catalogue-word", args: Vec::new() };
    read(text).ok_or_else(|| CatalogueError::Invalid(vec![error()]))
}

fn field(line: Line) -> Result<Field, CatalogueError> {
    Ok(Field {
        field_type: word(&line.field_type, FieldType::from_word, "fields")?,
        required: line.required == "yes",
        classification: word(&line.class, Classification::from_word, "fields")?,
        element: Some(line.element).filter(|text| !text.is_empty()),
        name: line.name,
        label: line.label,
        label_en: line.label_en,
        unit: line.unit,
    })
}

#[derive(Template)]
#[template(path = "catalogue/editor.html")]
struct EditorPage {
    page: Page,
    action: String,
    new: bool,
    form: DraftForm,
    lines: Vec<Line>,
    errors: FieldErrors,
    organisations: Vec<(String, String)>,
    elements: Vec<Element>,
    options: Options,
}

/// The choices of the selections.
struct Options {
    themes: Vec<(String, String)>,
    formats: Vec<(String, String)>,
    cycles: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    rows: Vec<(String, String)>,
    types: Vec<(String, String)>,
}

impl EditorPage {
    async fn new(app: &App, page: Page, code: Option<&str>, form: DraftForm, spare: usize) -> Result<Self, Failure> {
        let actor = page.actor()?.clone();
        let mut conn = app.db.read().await?;
        let elements = standard::elements(&mut conn).await?;
        let organisations = match code {
            Some(_) => Vec::new(),
            None => own_first(list::organisations(&mut conn, &actor.scopes(DRAFT)).await?, &actor),
        };
        drop(conn);
        let mut lines = form.lines();
        lines.extend((0..spare).map(|_| Line::default()));
        let mut rows = vec![(String::new(), page.t("catalogue-rows-none"))];
        rows.extend(RowKind::options(&page));
        let options = Options {
            themes: Theme::options(&page),
            formats: Format::options(&page),
            cycles: UpdateCycle::options(&page),
            classes: Classification::options(&page),
            kinds: SharingKind::options(&page),
            rows,
            types: FieldType::options(&page),
        };
        let resources = page.t("catalogue-resources-title");
        let page = page.crumb("/catalogue/resources", resources);
        let (page, action) = match code {
            Some(code) => {
                let page = page.crumb(format!("/catalogue/resources/{code}"), code);
                (page.with_title("catalogue-editor-title"), format!("/catalogue/resources/{code}/draft"))
            }
            None => (page.with_title("catalogue-new-title"), "/catalogue/resources".into()),
        };
        let errors = FieldErrors::default();
        Ok(Self { page, action, new: code.is_none(), form, lines, errors, organisations, elements, options })
    }
}

/// The actor's own organisation first: it is the one most drafts are for.
fn own_first(mut all: Vec<Organisation>, actor: &Actor) -> Vec<(String, String)> {
    all.sort_by_key(|one| actor.organisation.map(|own| own.0) != Some(one.organisation_id));
    all.into_iter().map(|one| (one.organisation_id.to_string(), format!("{}（{}）", one.name, one.code))).collect()
}

/// `GET /catalogue/resources/new`.
pub async fn new(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let form = DraftForm {
        classification: Classification::Internal.word().into(),
        update_cycle: UpdateCycle::Monthly.word().into(),
        format: Format::Table.word().into(),
        rows: RowKind::Dataset.word().into(),
        ..DraftForm::default()
    };
    render(&EditorPage::new(&app, page, None, form, ROWS_FIRST).await?)
}

/// `POST /catalogue/resources`.
pub async fn create(State(app): State<App>, page: Page, sent: Submission<DraftForm>) -> Result<Response, Failure> {
    let form = sent.form;
    if form.act == "rows" {
        return render(&EditorPage::new(&app, page, None, form, ROWS_MORE).await?);
    }
    let provider = form.provider.parse::<OrganisationId>().map_err(|_| CatalogueError::Forbidden(DRAFT))?;
    let made = match form.content() {
        Ok(content) => draft::create(&app, &sent.command, provider, Some(&form.code), content).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(version) => Ok(redirect(&format!("/catalogue/resources/{}", version.code))),
        Err(error) => again(&app, page, None, form, error).await,
    }
}

/// `GET /catalogue/resources/{code}/draft`: the draft, or a copy of what is published to make the next one of.
pub async fn edit(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(DRAFT);
    let mut conn = app.db.read().await?;
    let found = resource::visible(&mut conn, &code, &scopes).await?.ok_or(CatalogueError::NotFound("resource"))?;
    if !resource::covers(&mut conn, &scopes, found.provider_id).await? {
        return Err(CatalogueError::Forbidden(DRAFT).into());
    }
    let newest = resource::version(&mut conn, found.resource_id, found.newest_version).await?;
    drop(conn);
    let newest = newest.ok_or(CatalogueError::NotFound("version"))?;
    if newest.state == Stand::InReview {
        return Err(CatalogueError::Step(StepRefusal::WrongState(newest.state)).into());
    }
    let form = DraftForm::of(&newest.content, Some(Seen::of(&newest)));
    render(&EditorPage::new(&app, page, Some(&found.code), form, ROWS_SPARE).await?)
}

/// `POST /catalogue/resources/{code}/draft`.
pub async fn save(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    sent: Submission<DraftForm>,
) -> Result<Response, Failure> {
    let form = sent.form;
    if form.act == "rows" {
        return render(&EditorPage::new(&app, page, Some(&code), form, ROWS_MORE).await?);
    }
    let saved = match form.content() {
        Ok(content) => draft::save(&app, &sent.command, &code, Seen::parse(&form.seen), content).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(version) => Ok(redirect(&format!("/catalogue/resources/{}", version.code))),
        Err(error) => again(&app, page, Some(&code), form, error).await,
    }
}

/// The same form with its errors; nothing typed is lost. What is no error of the form fails as it is.
async fn again(
    app: &App,
    page: Page,
    code: Option<&str>,
    form: DraftForm,
    error: CatalogueError,
) -> Result<Response, Failure> {
    let status = match &error {
        CatalogueError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CatalogueError::Stale => StatusCode::CONFLICT,
        _ => return Err(error.into()),
    };
    let mut shown = EditorPage::new(app, page, code, form, ROWS_SPARE).await?;
    shown.errors = FieldErrors::new(&shown.page, &error.refusal());
    render_with(status, &shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_form_gives_back_the_content_it_was_made_of() {
        let content = sample::content();
        assert_eq!(DraftForm::of(&content, None).content().unwrap(), content);
    }

    #[test]
    fn rows_follow_their_numbers_and_empty_ones_are_left_out() {
        let mut form = DraftForm::of(&sample::content(), None);
        form.field_order = vec!["20".into(), "10".into()];
        form.field_name.push(String::new());
        let names: Vec<_> = form.content().unwrap().fields.into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["citizen_id", "name"]);
    }

    #[test]
    fn a_forged_word_is_an_error_of_its_field() {
        let form = DraftForm { theme: "<script>".into(), ..DraftForm::of(&sample::content(), None) };
        assert!(matches!(form.content(), Err(CatalogueError::Invalid(errors)) if errors[0].field == "theme"));
    }
}
