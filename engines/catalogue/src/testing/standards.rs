//! Standards, search, and the city's own files.
use jh_core::paging::PageRequest;

use super::city::{CITY, POLICE, TRAFFIC, by, found, person, publish, with_elements, writer};
use crate::actions::draft::create;
use crate::api::{StandardFiles, import_resources, import_standards};
use crate::fault::CatalogueError;
use crate::permission::ALL;
use crate::sample;
use crate::search;
use crate::store::list::Filter;
use crate::store::search::{Narrow, Order};
use crate::store::standard;

#[tokio::test]
async fn importing_again_changes_nothing_and_a_difference_is_a_new_version() {
    let base = found().await;
    let command = by(&base, &writer(CITY));
    let elements = |name: &str| format!("key,name_zh,type,rule,code_set\nsex,{name},code,,sex\n");
    let codes = b"code_set,set_name_zh,code,name_zh\nsex,\xe6\x80\xa7\xe5\x88\xab,1,\xe7\x94\xb7\nsex,\xe6\x80\xa7\xe5\x88\xab,2,\xe5\xa5\xb3\n";
    let first = elements("性别");
    let files = StandardFiles { elements: first.as_bytes(), code_sets: codes };
    assert_eq!(import_standards(&base, &command, &files).await.unwrap().added, 2);
    let again = import_standards(&base, &command, &files).await.unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
    let renamed = elements("性别代码");
    let files = StandardFiles { elements: renamed.as_bytes(), code_sets: b"" };
    assert_eq!(import_standards(&base, &command, &files).await.unwrap().changed, 1);
    let mut conn = base.db.read().await.unwrap();
    let versions = standard::element_versions(&mut conn, "sex").await.unwrap();
    assert_eq!(
        versions.iter().map(|one| (one.version, one.name.as_str())).collect::<Vec<_>>(),
        [(2, "性别代码"), (1, "性别")]
    );
    assert_eq!(standard::code_set(&mut conn, "sex").await.unwrap().unwrap().codes.len(), 2);
}

#[tokio::test]
async fn a_faulty_file_changes_nothing_and_names_its_line() {
    let base = found().await;
    let elements = "key,name_zh,type,rule\ngood,好,text,text\nbad,坏,text,nonsense\n";
    let files = StandardFiles { elements: elements.as_bytes(), code_sets: b"" };
    let error = import_standards(&base, &by(&base, &writer(CITY)), &files).await.unwrap_err();
    assert!(matches!(&error, CatalogueError::Import { line: 3, .. }), "{error}");
    let mut conn = base.db.read().await.unwrap();
    assert!(standard::elements(&mut conn).await.unwrap().is_empty());
}

#[tokio::test]
async fn search_finds_chinese_and_english_and_falls_back_to_some_of_the_words() {
    let base = found().await;
    with_elements(&base).await;
    let mut other = sample::content();
    other.title = "道路路灯设施".into();
    other.title_en = "Street lamps".into();
    other.description = "全市道路路灯的位置。".into();
    other.description_en = "Where the street lamps stand.".into();
    other.keywords = vec!["路灯".into()];
    for (content, department) in [(sample::content(), POLICE), (other, TRAFFIC)] {
        let draft = create(&base, &by(&base, &writer(department)), department, None, content).await.unwrap();
        publish(&base, &draft).await;
    }
    let mut conn = base.db.read().await.unwrap();
    let mut titles = Vec::new();
    for text in ["停车", "parks", "车", "公安局 停车场", "lamp", "停车场 不存在的词", "完全没有", ""]
    {
        let found =
            search::open(&mut conn, text, &Narrow::default(), Order::Rank, PageRequest::default()).await.unwrap();
        titles.push((text, found.hits.items.iter().map(|hit| hit.title.clone()).collect::<Vec<_>>(), found.loosely));
    }
    let (parks, lamps) = (vec!["公共停车场".to_owned()], vec!["道路路灯设施".to_owned()]);
    assert_eq!(titles[0], ("停车", parks.clone(), false));
    assert_eq!(titles[1], ("parks", parks.clone(), false));
    assert_eq!(titles[2], ("车", parks.clone(), false));
    assert_eq!(titles[3], ("公安局 停车场", parks.clone(), false));
    assert_eq!(titles[4], ("lamp", lamps, false));
    assert_eq!(titles[5], ("停车场 不存在的词", parks, true));
    assert!(titles[6].1.is_empty());
    assert_eq!(titles[7].1.len(), 2);
    let narrow = Narrow { provider: Some("NT-JT"), ..Narrow::default() };
    let found = search::open(&mut conn, "", &narrow, Order::Title, PageRequest::default()).await.unwrap();
    assert_eq!(found.hits.items.len(), 1);
    assert!(found.facets.iter().any(|row| row.facet == "all" && row.hits == 1));
}

#[tokio::test]
async fn staff_see_their_own_drafts_and_not_those_of_others() {
    let base = found().await;
    create(&base, &by(&base, &writer(POLICE)), POLICE, None, sample::content()).await.unwrap();
    let mut conn = base.db.read().await.unwrap();
    for (actor, seen) in [(writer(POLICE), 1), (writer(TRAFFIC), 0), (writer(CITY), 1)] {
        let scopes = actor.scopes(crate::permission::READ);
        let page = search::staff(&mut conn, &scopes, "停车", &Filter::default(), PageRequest::default()).await.unwrap();
        assert_eq!(page.items.len(), seen);
    }
}

#[tokio::test]
async fn the_citys_own_files_are_taken_and_taken_again() {
    let data = |path: &str| std::fs::read(format!("{}/../../data/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let base = found().await;
    let (elements, code_sets) = (data("standards/elements.csv"), data("standards/code_sets.csv"));
    let (resources, fields) = (data("catalogue/resources.csv"), data("catalogue/fields.csv"));
    // Every provider the file names.
    let mut reader = csv::Reader::from_reader(resources.as_slice());
    for record in reader.records() {
        sqlx::query(
            "INSERT INTO identity.organisation
             SELECT gen_random_uuid(), $2, $1, $1, 'department', $1, NULL
             WHERE NOT EXISTS (SELECT 1 FROM identity.organisation WHERE code = $1)",
        )
        .bind(&record.unwrap()[1])
        .bind(CITY)
        .execute(base.db.pool())
        .await
        .unwrap();
    }
    sqlx::query("DELETE FROM identity.organisation_closure").execute(base.db.pool()).await.unwrap();
    sqlx::query("INSERT INTO identity.organisation_closure SELECT $1, organisation_id FROM identity.organisation")
        .bind(CITY)
        .execute(base.db.pool())
        .await
        .unwrap();
    let (drafter, checker) = (by(&base, &person(5, CITY, ALL)), by(&base, &person(6, CITY, ALL)));
    let files = StandardFiles { elements: &elements, code_sets: &code_sets };
    import_standards(&base, &drafter, &files).await.unwrap();
    let done = import_resources(&base, &drafter, &checker, &resources, &fields).await.unwrap();
    assert!(done.added > 30, "{done:?}");
    let again = import_resources(&base, &drafter, &checker, &resources, &fields).await.unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, done.added));
    let mut conn = base.db.read().await.unwrap();
    let found =
        search::open(&mut conn, "行政区划", &Narrow::default(), Order::Rank, PageRequest::default()).await.unwrap();
    assert!(found.hits.items.iter().any(|hit| hit.title.contains("区划")), "{}", found.hits.items.len());
}
