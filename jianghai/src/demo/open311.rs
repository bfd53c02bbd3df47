//! The demonstration takes part in Open311: the service centre keeps what strangers' programs report, and one program has a key.
use anyhow::{Context, Result};
use jh_core::actor::Command;
use jh_db::{Base, Work};
use open311::api::NewSetting;

/// Who keeps what comes in.
const CENTRE: &str = "NT-ZWZX";
/// Many strangers' clients try the demonstration from one address.
const POSTS_A_MINUTE: i32 = 600;

/// Sets the demonstration up, and answers the key; none when it was set up before.
pub async fn load(base: &Base) -> Result<Option<String>> {
    let command = Command::system("jianghai.demo", base.clock.now());
    let mut work = Work::begin(base, &command).await?;
    if open311::api::takes_reports(work.conn()).await? {
        return Ok(None);
    }
    let setting = NewSetting {
        centre: CENTRE.into(),
        jurisdiction: "nantong.gov.cn".into(),
        posts_a_minute: Some(POSTS_A_MINUTE),
        contact: "南通市政务中心，电话 12345（演示）".into(),
        ..NewSetting::default()
    };
    open311::api::set_in(&mut work, &setting).await.context("the setting")?;
    let issued = open311::api::issue_in(&mut work, "演示小程序", "演示，没有联系人").await.context("a key")?;
    work.commit().await?;
    Ok(Some(issued.key))
}
