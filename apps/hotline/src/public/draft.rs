//! A report as it grows from page to page. It travels in the form and nowhere else: whoever stops leaves nothing behind but, if he
//! sent one, a photo that is swept after a day.
//!
//! It must not know pages or the store; what is wrong with a field it says by code.
use casework::api::Point;
use jh_core::code::phone::Phone;
use jh_core::fault::FieldError;
use jh_web::Pairs;

/// The longest description of a web report; what a person types on a phone.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// The shortest: shorter says nothing that anybody could look after.
pub const DESCRIPTION_CHARS_MIN: usize = 6;
/// The longest place in words.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// The longest name.
pub const NAME_CHARS_MAX: usize = 50;
/// What the field of an answer to a category's question is called before its code.
const ANSWER: &str = "a.";
/// More answers than any category asks for.
const ANSWERS_MAX: usize = 20;

/// A page of the report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A photo, or none.
    Photo,
    /// What is wrong, in words.
    What,
    /// Which of the things that can be reported.
    Category,
    /// What the category asks.
    Details,
    /// Where.
    Place,
    /// Whether it is one that others have reported.
    Alike,
    /// Who.
    Who,
    /// Everything once more.
    Check,
}

impl Step {
    /// In their order.
    pub const ALL: [Self; 8] =
        [Self::Photo, Self::What, Self::Category, Self::Details, Self::Place, Self::Alike, Self::Who, Self::Check];

    /// As in forms, templates and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::What => "what",
            Self::Category => "category",
            Self::Details => "details",
            Self::Place => "place",
            Self::Alike => "alike",
            Self::Who => "who",
            Self::Check => "check",
        }
    }

    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == text)
    }

    /// The page that is looked at next; the caller skips those with nothing to ask.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|step| *step == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or(Self::Check)
    }

    /// Which of the five parts the page is in, from 1.
    pub fn part(self) -> usize {
        match self {
            Self::Photo => 1,
            Self::What | Self::Category | Self::Details => 2,
            Self::Place | Self::Alike => 3,
            Self::Who => 4,
            Self::Check => 5,
        }
    }

    /// The fields that the page itself asks for; all others it carries on.
    fn asks(self, field: &str) -> bool {
        match self {
            Self::Photo => matches!(field, "photo" | "photo_name"),
            Self::What => field == "description",
            Self::Category => field == "category",
            Self::Details => field.starts_with(ANSWER),
            Self::Place => matches!(field, "address" | "point" | "photo_place"),
            Self::Alike => field == "different",
            Self::Who => matches!(field, "contact" | "name" | "phone" | "answer" | "confidential"),
            Self::Check => false,
        }
    }
}

/// What has been said so far.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The photo, as [`super::photo::Carried`] writes it.
    pub photo: String,
    /// What its sender calls it.
    pub photo_name: String,
    /// In the reporter's words.
    pub description: String,
    /// A category's code.
    pub category: String,
    /// Where, in words.
    pub address: String,
    /// Where, as typed or clicked: longitude, latitude.
    pub point: String,
    /// Whether the photo's place is to be taken.
    pub photo_place: bool,
    /// It is not one of those that others have reported.
    pub different: bool,
    /// `yes` or `no`; empty while nobody was asked.
    pub contact: String,
    /// How to call the reporter.
    pub name: String,
    /// A telephone, as typed.
    pub phone: String,
    /// Whether an answer is wanted.
    pub answer: bool,
    /// Whether only the centre may know who it is.
    pub confidential: bool,
    /// Code and value of answers to the category's questions.
    pub answers: Vec<(String, String)>,
}

impl Draft {
    /// From a form's fields; too long a line is cut where no form of ours would have let it grow.
    pub fn read(form: &Pairs) -> Self {
        let yes = |name: &str| form.get(name) == "yes";
        let answers = form.0.iter().filter_map(|(name, value)| {
            // `a.code` is one answer; of a list of many each choice has a name of its own, `a.code.value`.
            let code = name.strip_prefix(ANSWER)?.split('.').next()?;
            Some((code.chars().take(60).collect(), value.trim().chars().take(1_000).collect()))
        });
        Self {
            photo: form.line("photo", 300),
            photo_name: form.line("photo_name", 200),
            description: form.get("description").chars().take(DESCRIPTION_CHARS_MAX + 1).collect(),
            category: form.line("category", 60),
            address: form.line("address", ADDRESS_CHARS_MAX + 1),
            point: form.line("point", 60),
            photo_place: yes("photo_place"),
            different: yes("different"),
            contact: form.line("contact", 3),
            name: form.line("name", NAME_CHARS_MAX + 1),
            phone: form.line("phone", 30),
            answer: yes("answer"),
            confidential: yes("confidential"),
            answers: answers.filter(|(_, value): &(String, String)| !value.is_empty()).take(ANSWERS_MAX).collect(),
        }
    }

    /// What a page carries on without showing it, as names and values of hidden fields.
    pub fn carried(&self, step: Step) -> Vec<(String, String)> {
        let yes = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
        let plain = [
            ("photo", self.photo.clone()),
            ("photo_name", self.photo_name.clone()),
            ("description", self.description.clone()),
            ("category", self.category.clone()),
            ("address", self.address.clone()),
            ("point", self.point.clone()),
            ("photo_place", yes(self.photo_place)),
            ("different", yes(self.different)),
            ("contact", self.contact.clone()),
            ("name", self.name.clone()),
            ("phone", self.phone.clone()),
            ("answer", yes(self.answer)),
            ("confidential", yes(self.confidential)),
        ];
        let answers =
            self.answers.iter().map(|(code, value)| (format!("{ANSWER}{code}.{}", key_of(value)), value.clone()));
        let all = plain.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(answers);
        all.filter(|(name, value)| !value.is_empty() && !step.asks(name)).collect()
    }

    /// The place that was typed, clicked or said by the telephone.
    pub fn place(&self) -> Result<Option<Point>, FieldError> {
        if self.point.is_empty() {
            return Ok(None);
        }
        Point::typed(&self.point).map(Some).ok_or_else(|| fault("point", "hotline-report-point"))
    }

    /// What is wrong with what a page asks for. Whether a category exists and a place is in the city others look at.
    pub fn faults(&self, step: Step, signed_in: bool) -> Vec<FieldError> {
        let mut faults = Vec::new();
        match step {
            Step::What => {
                let length = self.description.chars().count();
                if length < DESCRIPTION_CHARS_MIN {
                    faults.push(fault("description", "hotline-report-description"));
                } else if length > DESCRIPTION_CHARS_MAX {
                    faults.push(fault("description", "hotline-report-description-long"));
                }
            }
            Step::Category if self.category.is_empty() => faults.push(fault("category", "hotline-report-category")),
            Step::Place => {
                if self.address.chars().count() > ADDRESS_CHARS_MAX {
                    faults.push(fault("address", "hotline-report-address-long"));
                }
                faults.extend(self.place().err());
            }
            Step::Who => self.who(&mut faults, signed_in),
            _ => {}
        }
        faults
    }

    fn who(&self, faults: &mut Vec<FieldError>, signed_in: bool) {
        match self.contact.as_str() {
            "no" => return,
            "yes" => {}
            _ => return faults.push(fault("contact", "hotline-report-contact")),
        }
        if self.name.chars().count() > NAME_CHARS_MAX {
            faults.push(fault("name", "hotline-report-name-long"));
        }
        if self.phone.is_empty() && !signed_in {
            faults.push(fault("phone", "hotline-report-phone-missing"));
        } else if !self.phone.is_empty() && Phone::parse(&self.phone).is_err() {
            faults.push(fault("phone", "casework-phone"));
        }
    }

    /// The answers of one question.
    pub fn answers_to<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        self.answers.iter().filter(move |(one, _)| one == code).map(|(_, value)| value.as_str())
    }
}

/// A name for a hidden field of a value: only so that two of one list do not share one.
fn key_of(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

/// A field's fault.
pub fn fault(field: &'static str, code: &'static str) -> FieldError {
    FieldError { field, code, args: Vec::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(pairs: &[(&str, &str)]) -> Draft {
        Draft::read(&Pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()))
    }

    #[test]
    fn a_place_is_read_in_either_order_and_nonsense_is_named() {
        for text in ["120.8712, 31.9843", "31.9843，120.8712", "120.8712 31.9843"] {
            let point = draft(&[("point", text)]).place().expect("readable").expect("a place");
            assert!((point.lon - 120.8712).abs() < 1e-9 && (point.lat - 31.9843).abs() < 1e-9, "{text}");
        }
        assert!(draft(&[("point", "")]).place().expect("nothing said").is_none());
        assert!(draft(&[("point", "人民路")]).place().is_err());
    }

    #[test]
    fn nobody_has_to_say_who_he_is_but_whoever_wants_to_be_called_says_where() {
        let codes = |draft: &Draft, signed_in| {
            draft.faults(Step::Who, signed_in).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&draft(&[("contact", "no")]), false), [""; 0]);
        assert_eq!(codes(&draft(&[]), false), ["hotline-report-contact"]);
        assert_eq!(codes(&draft(&[("contact", "yes")]), false), ["hotline-report-phone-missing"]);
        assert_eq!(codes(&draft(&[("contact", "yes")]), true), [""; 0]);
        assert_eq!(codes(&draft(&[("contact", "yes"), ("phone", "12")]), false), ["casework-phone"]);
    }

    #[test]
    fn a_page_carries_what_it_does_not_ask() {
        let draft = draft(&[
            ("description", "路灯不亮三天了"),
            ("category", "noise"),
            ("a.when.day", "day"),
            ("a.when.night", "night"),
        ]);
        let names = |step| draft.carried(step).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(Step::What), ["category", "a.when.day", "a.when.night"]);
        assert_eq!(names(Step::Details), ["description", "category"]);
        assert_eq!(draft.answers_to("when").collect::<Vec<_>>(), ["day", "night"]);
    }

    proptest! {
        #[test]
        fn no_form_panics_and_carrying_loses_nothing(pairs in proptest::collection::vec(("(a\\.[a-c]|point|phone|photo|name)", "\\PC{0,40}"), 0..9)) {
            let one = Draft::read(&Pairs(pairs));
            let again = Draft::read(&Pairs(one.carried(Step::Check)));
            prop_assert_eq!(one.point, again.point);
            prop_assert_eq!(one.phone, again.phone);
            for step in Step::ALL {
                let _ = Draft::read(&Pairs::default()).faults(step, false);
            }
        }
    }
}
