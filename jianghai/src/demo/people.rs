//! The demonstration's organisations, roles and accounts.
use anyhow::{Context, Result};
use identity::api::{Audience, NewOrganisation, OrganisationKind, RoleSeed, StaffSeed};
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::{Base, Work};
use serde::Deserialize;

/// The password of every demonstration account. Printed at the start; a real city creates its own accounts instead.
pub const PASSWORD: &str = "jianghai-2015-demo";

/// The tree: the city, its departments as the plan names them, counties, towns, communities.
const ORGANISATIONS: &str = include_str!("../../../data/nantong/organisations.csv");

#[derive(Deserialize)]
struct OrganisationRow {
    code: String,
    parent_code: String,
    name: String,
    short_name: String,
    kind: String,
    division_code: String,
    closed_on: String,
}

/// The roles of the demonstration, and of most cities.
pub const ROLES: [RoleSeed; 14] = [
    RoleSeed {
        code: "platform-administrator",
        audience: Audience::Staff,
        name: "平台管理员",
        name_en: "Platform administrator",
        summary: "管理机构、账号、标准和目录",
        summary_en: "Looks after organisations, accounts, standards and the catalogue",
        permissions: &[
            "identity.organisation.manage",
            "identity.account.manage",
            "identity.credential.manage",
            "audit.read",
            "catalogue.standard.manage",
            "catalogue.resource.draft",
            "catalogue.resource.review",
            "catalogue.resource.publish",
            "catalogue.resource.read",
            "registry.delivery.submit",
            "registry.delivery.read",
            "registry.record.search",
            // Nobody gives what he does not hold, and somebody must appoint the registrars.
            "registry.record.reveal",
            "registry.statistics.read",
            "registry.rule.manage",
            "exchange.request.create",
            "exchange.request.decide",
            "exchange.agreement.read",
            "operations.read",
            "operations.job.retry",
            "casework.case.create",
            "casework.case.read",
            "casework.case.manage",
            "casework.case.handle",
            "casework.case.inspect",
            "casework.case.supervise",
            "casework.party.reveal",
            "casework.procedure.manage",
            "community_window.window.use",
            "community_window.matter.manage",
            "hotline.desk.use",
            "hotline.setting.manage",
            "hotline.board.read",
            "hotline.knowledge.read",
            "hotline.knowledge.write",
            "hotline.knowledge.publish",
            "city_management.grid.read",
            "city_management.grid.manage",
            "city_management.component.read",
            "city_management.component.import",
            "city_management.category.manage",
            "city_management.check.manage",
            "open311.key.manage",
        ],
    },
    RoleSeed {
        code: "data-officer",
        audience: Audience::Staff,
        name: "部门数据员",
        name_en: "Data officer",
        summary: "交付数据、编目、申请共享",
        summary_en: "Delivers data, drafts catalogue entries, asks for data",
        permissions: &[
            "catalogue.resource.draft",
            "catalogue.resource.read",
            "registry.delivery.submit",
            "registry.delivery.read",
            "registry.statistics.read",
            "exchange.request.create",
            "exchange.agreement.read",
            "identity.credential.manage",
        ],
    },
    RoleSeed {
        code: "approver",
        audience: Audience::Staff,
        name: "部门审批人",
        name_en: "Approver",
        summary: "审核发布目录、答复共享申请",
        summary_en: "Reviews and publishes catalogue entries, answers requests",
        permissions: &[
            "catalogue.resource.review",
            "catalogue.resource.publish",
            "catalogue.resource.read",
            "registry.delivery.read",
            "registry.statistics.read",
            "exchange.request.decide",
            "exchange.agreement.read",
            "audit.read",
            "hotline.knowledge.read",
            "hotline.knowledge.publish",
        ],
    },
    RoleSeed {
        code: "registrar",
        audience: Audience::Staff,
        name: "登记查询员",
        name_en: "Registrar",
        summary: "查询基础库，说明用途后查看敏感信息",
        summary_en: "Searches base records; sees sensitive values after stating the purpose",
        permissions: &["registry.record.search", "registry.record.reveal", "registry.statistics.read"],
    },
    RoleSeed {
        code: "auditor",
        audience: Audience::Staff,
        name: "审计员",
        name_en: "Auditor",
        summary: "查阅审计记录并核验签名",
        summary_en: "Reads the audit trail and checks its signatures",
        permissions: &["audit.read"],
    },
    RoleSeed {
        code: "operator",
        audience: Audience::Staff,
        name: "运维员",
        name_en: "Operator",
        summary: "查看平台运行状况",
        summary_en: "Watches how the platform runs",
        permissions: &["operations.read", "operations.job.retry"],
    },
    RoleSeed {
        code: "hotline-agent",
        audience: Audience::Staff,
        name: "话务员",
        name_en: "Hotline agent",
        summary: "接听 12345，查知识库答复",
        summary_en: "Answers 12345 from the knowledge base",
        permissions: &[
            "hotline.knowledge.read",
            "hotline.desk.use",
            "hotline.suggestion.use",
            "casework.case.create",
            "casework.case.read",
            "casework.case.manage",
            "casework.case.inspect",
            "casework.party.reveal",
        ],
    },
    RoleSeed {
        code: "window-clerk",
        audience: Audience::Staff,
        name: "社区窗口工作人员",
        name_en: "Clerk at the community window",
        summary: "在社区窗口为各部门收件、转送、送达",
        summary_en: "Takes matters for departments at the community window",
        permissions: &[
            "community_window.window.use",
            "casework.case.create",
            "casework.case.read",
            "casework.case.manage",
            "casework.case.inspect",
            "casework.party.reveal",
        ],
    },
    RoleSeed {
        code: "hotline-supervisor",
        audience: Audience::Staff,
        name: "热线班长",
        name_en: "Hotline supervisor",
        summary: "带班，汇总缺口，编写和发布热线知识",
        summary_en: "Leads a shift, sees to gaps, writes and publishes answers",
        permissions: &[
            "hotline.knowledge.read",
            "hotline.knowledge.write",
            "hotline.knowledge.publish",
            "hotline.suggestion.use",
            "hotline.suggestion.manage",
            "hotline.board.read",
            "casework.case.read",
            "casework.case.manage",
            "casework.case.supervise",
            "casework.party.reveal",
        ],
    },
    RoleSeed {
        code: "hotline-liaison",
        audience: Audience::Staff,
        name: "热线联络员",
        name_en: "Hotline liaison",
        summary: "在承办单位负责热线知识",
        summary_en: "Keeps a department's answers for the hotline",
        permissions: &[
            "hotline.knowledge.read",
            "hotline.knowledge.write",
            "casework.case.read",
            "casework.case.handle",
            "casework.party.reveal",
        ],
    },
    RoleSeed {
        code: "grid-supervisor",
        audience: Audience::Staff,
        name: "网格监督员班长",
        name_en: "Grid supervisor",
        summary: "划分网格，安排责任网格，管理部件和分类",
        summary_en: "Lays grids, sets up officers' grids, looks after components and classes",
        permissions: &[
            "city_management.grid.read",
            "city_management.grid.manage",
            "city_management.component.read",
            "city_management.component.import",
            "city_management.category.manage",
            "city_management.appraisal.read",
            "city_management.check.manage",
            "casework.case.read",
            "casework.case.manage",
        ],
    },
    RoleSeed {
        code: "patrol-officer",
        audience: Audience::Staff,
        name: "信息采集员",
        name_en: "Patrol officer",
        summary: "查看网格和部件，巡查责任网格",
        summary_en: "Sees grids and components and walks an officers' grid",
        permissions: &["city_management.grid.read", "city_management.component.read", "city_management.patrol.report"],
    },
    RoleSeed {
        code: "case-inspector",
        audience: Audience::Staff,
        name: "案件核查员",
        name_en: "Case inspector",
        summary: "核实上报、核查处置结果",
        summary_en: "Verifies reports and inspects what was put right",
        permissions: &["casework.case.read", "casework.case.inspect"],
    },
    RoleSeed {
        code: "department-system",
        audience: Audience::System,
        name: "部门系统",
        name_en: "Department's system",
        summary: "按协议调用数据、交付文件",
        summary_en: "Calls data under agreements and delivers files",
        permissions: &["exchange.call", "registry.delivery.submit", "registry.delivery.read"],
    },
];

/// One demonstration account.
pub struct Person {
    /// To sign in with.
    pub username: &'static str,
    /// To show.
    pub name: &'static str,
    /// Where the person works.
    pub organisation: &'static str,
    /// Role and the part of the tree it holds in.
    pub roles: &'static [(&'static str, &'static str)],
}

/// The demonstration accounts. All names are invented.
pub const PEOPLE: [Person; 23] = [
    Person { username: "admin", name: "顾江", organisation: "NT-XXZX", roles: &[("platform-administrator", "NT")] },
    Person {
        username: "police",
        name: "沈海",
        organisation: "NT-GA",
        roles: &[("data-officer", "NT-GA"), ("hotline-liaison", "NT-GA")],
    },
    Person { username: "police2", name: "陆平", organisation: "NT-GA", roles: &[("approver", "NT-GA")] },
    Person {
        username: "civil",
        name: "周敏",
        organisation: "NT-MZ",
        roles: &[("data-officer", "NT-MZ"), ("hotline-liaison", "NT-MZ")],
    },
    Person { username: "civil2", name: "徐安", organisation: "NT-MZ", roles: &[("approver", "NT-MZ")] },
    Person {
        username: "business",
        name: "曹立",
        organisation: "NT-GS",
        roles: &[("data-officer", "NT-GS"), ("hotline-liaison", "NT-GS")],
    },
    Person { username: "business2", name: "黄瑜", organisation: "NT-GS", roles: &[("approver", "NT-GS")] },
    Person { username: "registrar", name: "张清", organisation: "NT-ZWZX", roles: &[("registrar", "NT")] },
    Person {
        username: "window",
        name: "林秀",
        organisation: "NT-320613002",
        // The base of persons is the whole city's; what the window may read of it is a registrar's.
        roles: &[("window-clerk", "NT-320613002"), ("registrar", "NT")],
    },
    Person { username: "auditor", name: "吴正", organisation: "NT-XXZX", roles: &[("auditor", "NT")] },
    Person { username: "operator", name: "钱远", organisation: "NT-XXZX", roles: &[("operator", "NT")] },
    Person { username: "agent", name: "林晓", organisation: "NT-ZWZX", roles: &[("hotline-agent", "NT")] },
    Person { username: "supervisor", name: "高远", organisation: "NT-ZWZX", roles: &[("hotline-supervisor", "NT")] },
    Person { username: "labour", name: "唐宁", organisation: "NT-RS", roles: &[("hotline-liaison", "NT-RS")] },
    Person { username: "health", name: "何静", organisation: "NT-WJW", roles: &[("hotline-liaison", "NT-WJW")] },
    Person { username: "education", name: "邵文", organisation: "NT-JYJ", roles: &[("hotline-liaison", "NT-JYJ")] },
    Person { username: "transport", name: "严凯", organisation: "NT-JTJ", roles: &[("hotline-liaison", "NT-JTJ")] },
    Person { username: "environment", name: "戴清", organisation: "NT-HBJ", roles: &[("hotline-liaison", "NT-HBJ")] },
    Person { username: "housing", name: "丁磊", organisation: "NT-JSJ", roles: &[("hotline-liaison", "NT-JSJ")] },
    Person { username: "urban", name: "季涛", organisation: "NT-CGJ", roles: &[("hotline-liaison", "NT-CGJ")] },
    Person { username: "land", name: "倪岚", organisation: "NT-GTJ", roles: &[("hotline-liaison", "NT-GTJ")] },
    Person { username: "grid", name: "陈巡", organisation: "NT-CGJ", roles: &[("grid-supervisor", "NT")] },
    // His walk lies in 崇川区, and so does what he sees.
    Person {
        username: "patrol",
        name: "王勤",
        organisation: "NT-CGJ",
        roles: &[("patrol-officer", "NT-320613"), ("case-inspector", "NT-CGJ")],
    },
];

/// A demonstration account that exists now.
pub struct Founded {
    /// Whose.
    pub person: &'static Person,
    /// Its id.
    pub account: AccountId,
    /// Where the person works.
    pub organisation: OrganisationId,
    /// The root of the tree.
    pub root: OrganisationId,
}

/// Adds the tree, the roles and the accounts where they are missing.
pub async fn found(base: &Base, command: &Command) -> Result<Vec<Founded>> {
    let mut work = Work::begin(base, command).await?;
    let ids = identity::api::ensure_organisations(&mut work, &organisations()?).await?;
    for role in &ROLES {
        identity::api::ensure_role(&mut work, role).await?;
    }
    let mut people = Vec::new();
    for person in &PEOPLE {
        let place = |code: &str| ids.get(code).copied().with_context(|| format!("no organisation {code}"));
        let organisation = place(person.organisation)?;
        let seed = StaffSeed {
            username: person.username,
            name: person.name,
            organisation,
            password: PASSWORD,
            must_change_password: false,
        };
        let account = identity::api::ensure_account(base, &mut work, &seed).await?;
        for (role, scope) in person.roles {
            identity::api::assign(&mut work, account, role, place(scope)?).await?;
        }
        people.push(Founded { person, account, organisation, root: place("NT")? });
    }
    work.commit().await?;
    Ok(people)
}

fn organisations() -> Result<Vec<NewOrganisation>> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(ORGANISATIONS.as_bytes()).deserialize() {
        let row: OrganisationRow = row.context("organisations.csv")?;
        if !row.closed_on.is_empty() {
            continue;
        }
        let kind = match row.kind.as_str() {
            "city" => OrganisationKind::City,
            "county" => OrganisationKind::County,
            "department" => OrganisationKind::Department,
            "office" => OrganisationKind::Office,
            "street" => OrganisationKind::Street,
            "community" => OrganisationKind::Community,
            "enterprise" => OrganisationKind::Enterprise,
            other => anyhow::bail!("organisations.csv: {} is of the unknown kind {other}", row.code),
        };
        let some = |text: String| (!text.is_empty()).then_some(text);
        rows.push(NewOrganisation {
            code: row.code,
            parent_code: some(row.parent_code),
            kind,
            short_name: if row.short_name.is_empty() { row.name.clone() } else { row.short_name },
            name: row.name,
            division_code: some(row.division_code),
        });
    }
    Ok(rows)
}
