//! Finding what the public may see: the published version of an open resource, with its provider.
use jh_db::Base;

use crate::fault::CatalogueError;
use crate::model::Version;
use crate::store::list::{self, ProviderName};
use crate::store::resource;

/// An open version and whose it is.
pub struct Open {
    /// The published version.
    pub version: Version,
    /// The organisation that provides it.
    pub provider: ProviderName,
}

/// The published version of an open resource. What is not open does not exist out there.
pub async fn open_version(base: &Base, code: &str) -> Result<Open, CatalogueError> {
    let missing = || CatalogueError::NotFound("resource");
    let mut conn = base.db.read().await?;
    let found = resource::by_code(&mut conn, code).await?.ok_or_else(missing)?;
    let number = found.published_version.ok_or_else(missing)?;
    let version = resource::version(&mut conn, found.resource_id, number).await?;
    let version = version.filter(|version| version.content.open).ok_or_else(missing)?;
    let provider = list::provider_name(&mut conn, version.provider_id).await?.ok_or_else(missing)?;
    Ok(Open { version, provider })
}
