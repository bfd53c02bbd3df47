//! A signed day as one archive: the lines, the signed root, the signature, the public key, and how to check them.
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path as FilePath;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_db::Work;
use jh_db::audit::Entry;
use jh_web::{App, Failure, Page};
use serde_json::json;
use tokio_util::io::ReaderStream;
use zip::write::SimpleFileOptions;

use super::audit::readable_day;

/// Hands out the day's archive; that it was handed out is itself in the trail.
pub async fn download(State(app): State<App>, page: Page, Path(day): Path<String>) -> Result<Response, Failure> {
    let day = readable_day(&app, page.actor()?, &day).await?;
    let folder = tempfile::tempdir().map_err(Failure::internal)?;
    let export = jh_db::audit::export_day(&app, day, folder.path()).await?;
    let mut work = Work::begin(&app, &page.command()).await?;
    let facts = json!({ "day": day.to_string(), "rows": export.rows });
    work.audit(Entry::new("audit.day.exported", uuid::Uuid::nil()).detail(facts));
    work.commit().await?;
    let how = export.commands.join("\n") + "\n";
    let packed = tokio::task::spawn_blocking(move || pack(folder.path(), &how));
    let archive = packed.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(archive)));
    let name = format!("attachment; filename=\"audit-{day}.zip\"");
    Ok(([(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)], body)
        .into_response())
}

/// Packs the folder's files into a file without a name, which is gone when the last reader closes it.
pub(crate) fn pack(folder: &FilePath, how: &str) -> std::io::Result<File> {
    let mut archive = zip::ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated).large_file(true);
    let mut paths = std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        archive.start_file(name, options)?;
        std::io::copy(&mut File::open(&path)?, &mut archive)?;
    }
    archive.start_file("verify.txt", options)?;
    archive.write_all(how.as_bytes())?;
    let mut file = archive.finish()?;
    file.rewind()?;
    Ok(file)
}
