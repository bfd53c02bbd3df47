//! The buttons of an entry's page: each does one thing and comes back.
use axum::extract::{Path, State};
use axum::response::Response;
use jh_core::actor::AccountId;
use jh_web::{App, Failure, Page, Pairs, Submission, local_path, redirect, render};

use super::super::actions::{self, keeping, using};
use super::{entry_id, entry_path, remark_id};

/// Gives the draft to review.
pub async fn submit(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    actions::submit(&app, &sent.command, id).await?;
    Ok(redirect(&entry_path(id)))
}

/// Takes it back from review.
pub async fn take_back(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    actions::take_back(&app, &sent.command, id).await?;
    Ok(redirect(&entry_path(id)))
}

/// Throws the draft away.
pub async fn discard(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    actions::discard(&app, &sent.command, id).await?;
    Ok(redirect(&entry_path(id)))
}

/// Publishes what is under review.
pub async fn publish(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    actions::publish(&app, &sent.command, id).await?;
    Ok(redirect(&entry_path(id)))
}

/// Returns it to the writer.
pub async fn send_back(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    actions::send_back(&app, &sent.command, id, sent.form.get("note")).await?;
    Ok(redirect(&entry_path(id)))
}

/// Takes the answer away.
pub async fn withdraw(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    keeping::withdraw(&app, &sent.command, id, sent.form.get("reason")).await?;
    Ok(redirect(&entry_path(id)))
}

/// Makes somebody else the owner.
pub async fn hand_over(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    let owner = AccountId(sent.form.id("owner").unwrap_or_default());
    keeping::hand_over(&app, &sent.command, id, owner).await?;
    Ok(redirect(&entry_path(id)))
}

#[derive(askama::Template)]
#[template(path = "hotline/knowledge_used.html")]
struct UsedPart {
    page: Page,
}

/// The answer helped. From the search, the agent goes on where he was.
pub async fn used(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    using::used(&app, &sent.command, id).await?;
    if page.is_htmx {
        return render(&UsedPart { page });
    }
    Ok(redirect(local_path(sent.form.get("back"), &entry_path(id))))
}

/// The answer is wrong or out of date.
pub async fn remark(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    using::remark(&app, &sent.command, id, sent.form.get("remark")).await?;
    Ok(redirect(&entry_path(id)))
}

/// What came of a remark.
pub async fn settle(
    State(app): State<App>,
    Path((text, remark)): Path<(String, String)>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    using::settle(&app, &sent.command, id, remark_id(&remark)?, sent.form.get("reply")).await?;
    Ok(redirect(&entry_path(id)))
}
