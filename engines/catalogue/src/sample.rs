//! A small resource for this crate's own tests.
use std::collections::HashMap;

use time::macros::date;

use crate::field::{Field, FieldType};
use crate::model::{Classification, Content, Format, RowKind, Sharing, Theme, UpdateCycle};
use crate::standard::{Element, Rule};

pub fn field(name: &str, label: &str, field_type: FieldType, classification: Classification) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        label_en: String::new(),
        element: None,
        field_type,
        required: true,
        classification,
        unit: String::new(),
    }
}

pub fn content() -> Content {
    let mut holder = field("citizen_id", "公民身份号码", FieldType::Text, Classification::Sensitive);
    holder.element = Some("citizen_id".into());
    Content {
        title: "公共停车场".into(),
        title_en: "Public car parks".into(),
        description: "全市公共停车场的位置与泊位数。每季度由城管局更新。".into(),
        description_en: "Where the public car parks are and how many bays they have.".into(),
        keywords: vec!["停车场".into(), "泊位".into()],
        theme: Theme::Transport,
        format: Format::Table,
        update_cycle: UpdateCycle::Quarterly,
        classification: Classification::Sensitive,
        sharing: Sharing::Unconditional,
        open: true,
        contact: "城市管理局信息科 0513-85000000".into(),
        rows: Some(RowKind::Dataset),
        fields: vec![field("name", "名称", FieldType::Text, Classification::Public), holder],
    }
}

pub fn elements() -> HashMap<String, Element> {
    let element = Element {
        identifier: "citizen_id".into(),
        code: "DE00001".into(),
        version: 1,
        name: "公民身份号码".into(),
        name_en: "Citizen ID number".into(),
        definition: "GB 11643 规定的公民身份号码".into(),
        definition_en: String::new(),
        field_type: FieldType::Text,
        rule: Rule::CitizenId,
        code_set: None,
        length_max: 18,
        classification: Classification::Sensitive,
        source: "GB 11643-1999".into(),
        synonyms: vec!["身份证号".into()],
        valid_from_on: date!(2020 - 01 - 01),
    };
    HashMap::from([(element.identifier.clone(), element)])
}

pub fn version() -> crate::model::Version {
    crate::model::Version {
        resource_id: crate::model::ResourceId(uuid::Uuid::from_bytes([7; 16])),
        code: "304001-000001".into(),
        version: 1,
        provider_id: jh_core::actor::OrganisationId(uuid::Uuid::from_bytes([1; 16])),
        state: crate::model::State::Published,
        content: content(),
        drafters: Vec::new(),
        published_at: None,
        changed_at: time::macros::datetime!(2026-11-22 08:00 UTC),
    }
}
