//! The kinds of base records: which data elements each has, and by which it is known.
//!
//! What an element means, how it is checked and how far it may travel is the catalogue's; a kind only lists elements.
//! The order is stored (a record keeps its values by position), so elements are added at the end and never moved.
use catalogue::api::RowKind;

/// One kind of base record.
#[derive(Debug)]
pub struct Shape {
    /// Which.
    pub kind: RowKind,
    /// Its elements by position.
    pub elements: &'static [&'static str],
    /// By what a record is known: the first of these elements that has a value. Each is a scheme of its own.
    pub key: &'static [&'static str],
    /// What every row must have besides the key.
    pub required: &'static [&'static str],
    /// Headers that mean an element in files of this kind only, where they would be ambiguous elsewhere.
    pub headers: &'static [(&'static str, &'static str)],
}

/// 人口: natural persons, known by their citizen ID number.
pub static PERSON: Shape = Shape {
    kind: RowKind::Person,
    elements: &[
        "citizen_id",
        "person_name",
        "sex",
        "birth_on",
        "ethnic_group",
        "residence_division",
        "registered_division",
        "mobile_phone",
        "residence_address",
        "registered_address",
        "marital_status",
        "education",
        "employment",
        "household_number",
        "household_relation",
        "household_kind",
        "former_name",
        "native_place",
        "email",
        "person_status",
        "died_on",
        "guardian_name",
        "guardian_id",
        "health_record_number",
        "health_record_opened_on",
        "blood_type",
        "insurance_kind",
        "insurance_status",
        "insured_on",
        "employer_name",
        "employer_uscc",
        "relief_kind",
        "relief_amount_fen",
        "note",
    ],
    key: &["citizen_id"],
    required: &["person_name"],
    headers: &[
        ("身份证", "citizen_id"),
        ("公民身份证号码", "citizen_id"),
        ("ID number", "citizen_id"),
        ("名字", "person_name"),
        ("name", "person_name"),
        ("gender", "sex"),
        ("birthday", "birth_on"),
        ("phone", "mobile_phone"),
        ("联系方式", "mobile_phone"),
        ("住址", "residence_address"),
        ("地址", "residence_address"),
        ("address", "residence_address"),
        ("行政区划代码", "residence_division"),
        ("行政区划", "residence_division"),
        ("所属区划", "residence_division"),
        ("区县", "residence_division"),
    ],
};

/// 法人: organisations of every sort, known by their unified social credit code.
pub static ORGANISATION: Shape = Shape {
    kind: RowKind::Organisation,
    elements: &[
        "uscc",
        "organisation_name",
        "organisation_type",
        "legal_representative",
        "legal_representative_id",
        "registered_capital",
        "established_on",
        "registered_office",
        "organisation_division",
        "industry",
        "organisation_status",
        "organisation_phone",
        "business_scope",
        "registration_authority",
        "employee_count",
        "name_en",
        "note",
    ],
    key: &["uscc"],
    required: &["organisation_name"],
    headers: &[
        ("法人", "legal_representative"),
        ("法定代表人（负责人）", "legal_representative"),
        ("单位名称", "organisation_name"),
        ("公司名称", "organisation_name"),
        ("name", "organisation_name"),
        ("电话", "organisation_phone"),
        ("联系电话", "organisation_phone"),
        ("phone", "organisation_phone"),
        ("地址", "registered_office"),
        ("address", "registered_office"),
        ("行政区划代码", "organisation_division"),
        ("区县", "organisation_division"),
    ],
};

/// 地点: divisions, communities, schools, facilities: known by a code, or else by name and address.
pub static PLACE: Shape = Shape {
    kind: RowKind::Place,
    elements: &[
        "statistical_code",
        "asset_code",
        "place_name",
        "division_code",
        "address",
        "longitude",
        "latitude",
        "division_level",
        "asset_kind",
        "parent_division",
        "area_km2",
        "name_en",
        "note",
    ],
    key: &["statistical_code", "asset_code", "address", "place_name"],
    required: &["place_name"],
    headers: &[
        ("名称", "place_name"),
        ("区划名称", "place_name"),
        ("行政区划名称", "place_name"),
        ("name", "place_name"),
        ("地点名称", "place_name"),
        ("code", "statistical_code"),
        ("代码", "statistical_code"),
        ("lng", "longitude"),
        ("lon", "longitude"),
        ("lat", "latitude"),
        ("上级代码", "parent_division"),
    ],
};

/// The shape of a base kind; a dataset has the shape of its resource.
pub fn shape_of(kind: RowKind) -> Option<&'static Shape> {
    match kind {
        RowKind::Person => Some(&PERSON),
        RowKind::Organisation => Some(&ORGANISATION),
        RowKind::Place => Some(&PLACE),
        RowKind::Dataset => None,
    }
}

/// Days that must have come already; a deadline may lie ahead, a birth may not.
pub static PAST_DAYS: &[&str] =
    &["birth_on", "died_on", "established_on", "insured_on", "health_record_opened_on", "decided_on", "updated_on"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_required_elements_and_headers_are_elements_of_their_kind() {
        for shape in [&PERSON, &ORGANISATION, &PLACE] {
            let named = shape.key.iter().chain(shape.required).chain(shape.headers.iter().map(|(_, element)| element));
            for element in named {
                assert!(shape.elements.contains(element), "{element}");
            }
            assert!(shape.elements.len() < 256, "a position is kept in one byte");
        }
    }
}
