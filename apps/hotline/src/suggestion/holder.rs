//! The model in use, in memory: loaded when first asked for, and again when another has been put to use.
//!
//! Which one that is stands in one small row, read with every question, so that every process answers from the same model
//! without any of them being told.
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use jh_db::files::FileKeeper;
use jh_db::{Base, DbError};
use sqlx::PgConnection;

use super::ModelId;
use super::learn::Model;
use super::store::model::{self, ModelRow};
use crate::fault::HotlineError;

/// What is in use.
#[derive(Clone)]
pub struct InUse {
    /// Its row.
    pub row: ModelRow,
    /// What was learned.
    pub model: Arc<Model>,
}

/// Where the model in use is kept.
#[derive(Default)]
pub struct Holder {
    loaded: RwLock<Option<(ModelId, Arc<Model>)>>,
}

impl Holder {
    /// The model in use; none if nothing was learned, or if its file cannot be read, which the log says.
    pub async fn in_use(base: &Base, conn: &mut PgConnection) -> Result<Option<InUse>, HotlineError> {
        let Some(row) = model::in_use(conn).await? else { return Ok(None) };
        let holder = base.services.get::<Self>();
        if let Some(model) = holder.as_ref().and_then(|holder| holder.held(row.model_id)) {
            return Ok(Some(InUse { row, model }));
        }
        let model = match load(base, &row).await {
            Ok(model) => Arc::new(model),
            Err(error) => {
                tracing::error!(model = %row.model_id, %error, "the model in use cannot be read; nothing is suggested");
                return Ok(None);
            }
        };
        if let Some(holder) = holder {
            let mut loaded = holder.loaded.write().unwrap_or_else(PoisonError::into_inner);
            *loaded = Some((row.model_id, model.clone()));
        }
        Ok(Some(InUse { row, model }))
    }

    fn held(&self, id: ModelId) -> Option<Arc<Model>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.as_ref().filter(|(held, _)| *held == id).map(|(_, model)| model.clone())
    }
}

async fn load(base: &Base, row: &ModelRow) -> Result<Model, String> {
    let name: [u8; 32] = row.file_sm3.as_slice().try_into().map_err(told)?;
    let mut file = base.files.open_blocking(&name).map_err(told)?;
    let read = move || {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(told)?;
        Model::from_bytes(&bytes).map_err(told)
    };
    tokio::task::spawn_blocking(read).await.map_err(told)?
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Keeps the files of models and of imports.
pub struct LearnedFiles;

#[async_trait]
impl FileKeeper for LearnedFiles {
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
        let among: Vec<&[u8]> = among.iter().map(<[u8; 32]>::as_slice).collect();
        let kept = model::needed(&mut *base.db.read().await?, &among).await?;
        // The columns' checks hold the length.
        Ok(kept.into_iter().filter_map(|name| name.try_into().ok()).collect())
    }
}
