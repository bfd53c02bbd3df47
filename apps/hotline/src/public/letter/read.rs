//! What a letter says: who wrote it, its words without what they quote, and its first picture. Character sets, quoted-printable and
//! nesting are the parser's; what an answer quotes and what no person wrote are ours.
use jh_crypto::sm3;
use mail_parser::{Message, MessageParser, MimeHeaders};

/// The most characters kept of a letter; the case engine's own limit.
const TEXT_CHARS_MAX: usize = 3_800;
/// The most of a subject.
const SUBJECT_CHARS_MAX: usize = 150;

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// By what it is recognised when it comes again.
    pub digest: [u8; 32],
    /// Who wrote it.
    pub from: String,
    /// How the writer is called.
    pub name: String,
    /// The subject in one line.
    pub subject: String,
    /// The words, without what they quote.
    pub text: String,
    /// The first picture, with its name.
    pub photo: Option<(String, Vec<u8>)>,
    /// No person wrote it: an automatic reply, a list.
    pub automatic: bool,
    /// The number of a case that the subject names.
    pub number: Option<String>,
}

/// Reads a letter; none when it is none, or nobody wrote it.
pub fn read(raw: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse(raw)?;
    let sender = message.from().and_then(|from| from.first())?;
    let from = sender.address.as_deref().unwrap_or("").trim().to_lowercase();
    if from.len() > 254 || !from.split_once('@').is_some_and(|(to, at)| !to.is_empty() && at.contains('.')) {
        return None;
    }
    let subject = line(message.subject().unwrap_or(""), SUBJECT_CHARS_MAX);
    let body = message.body_text(0).unwrap_or_default();
    let digest = match message.message_id().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => sm3::digest(format!("{from}\0{id}").as_bytes()),
        None => sm3::digest(raw),
    };
    Some(Letter {
        digest,
        name: line(sender.name.as_deref().unwrap_or(""), 50),
        text: own_words(&body).chars().take(TEXT_CHARS_MAX).collect(),
        photo: picture(&message),
        automatic: is_automatic(&message, &from),
        number: number_in(&subject),
        subject,
        from,
    })
}

fn line(text: &str, chars_max: usize) -> String {
    let one: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(chars_max).collect();
    one.trim().to_owned()
}

/// RFC 3834 and what older programs write instead.
fn is_automatic(message: &Message<'_>, from: &str) -> bool {
    let header = |name: &'static str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let sent_by_program = header("Auto-Submitted").is_some_and(|value| !value.is_empty() && !value.starts_with("no"));
    let mass =
        header("Precedence").is_some_and(|value| ["bulk", "list", "junk", "auto_reply"].contains(&value.as_str()));
    let bounce = header("Return-Path").is_some_and(|value| value == "<>");
    let listed =
        ["List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"].into_iter().any(|name| header(name).is_some());
    let nobody = ["mailer-daemon@", "postmaster@", "noreply@", "no-reply@"].iter().any(|who| from.starts_with(who));
    sent_by_program || mass || bounce || listed || nobody
}

/// The first part that says it is a picture; whether it is one the case engine looks at.
fn picture(message: &Message<'_>) -> Option<(String, Vec<u8>)> {
    let is_image = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            let subtype = kind.subtype().unwrap_or("").to_ascii_lowercase();
            kind.ctype().eq_ignore_ascii_case("image") && ["jpeg", "jpg", "png", "webp"].contains(&subtype.as_str())
        })
    };
    let part = message.parts.iter().find(is_image)?;
    Some((line(part.attachment_name().unwrap_or("photo"), 200), part.contents().to_vec()))
}

/// The number of a case in a subject: eight digits, a dash, six digits or more.
fn number_in(subject: &str) -> Option<String> {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    subject.char_indices().filter(|(_, c)| c.is_ascii_digit()).find_map(|(at, _)| {
        let rest = &subject[at..];
        let before = subject[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
        let tail = rest.get(8..)?.strip_prefix('-')?;
        let length = digits(tail);
        (!before && digits(rest) == 8 && (4..=12).contains(&length)).then(|| rest[..9 + length].to_owned())
    })
}

/// What the writer wrote himself: quoted lines go, and everything from where a mail program begins to quote. A letter that has
/// nothing else, a forwarded one, is kept whole.
fn own_words(body: &str) -> String {
    let lines = body.lines().take_while(|line| !begins_quoting(line));
    let own: Vec<&str> = lines.filter(|line| !line.trim_start().starts_with('>')).collect();
    let own = own.join("\n").trim().to_owned();
    if own.chars().count() < 2 { body.trim().to_owned() } else { own }
}

/// How mail programs in use here announce what they quote, and how people sign.
fn begins_quoting(line: &str) -> bool {
    let line = line.trim();
    let dashes = line.trim_matches(['-', '_', ' ']);
    let announced = line.starts_with("--")
        && ["Original Message", "原始邮件", "回复的原邮件", "Forwarded message"].contains(&dashes);
    let header = ["发件人:", "发件人：", "From:"].iter().any(|start| line.starts_with(start)) && line.contains('@');
    let wrote =
        (line.ends_with("写道：") || line.ends_with("写道:") || line.ends_with("wrote:")) && line.chars().count() < 200;
    announced || header || wrote || line == "--"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letter(head: &str, body: &str) -> Letter {
        let raw = format!(
            "From: =?UTF-8?B?546L5aWz5aOr?= <Wang@Example.cn>\r\nMessage-ID: <1@example.cn>\r\n{head}\r\n\r\n{body}"
        );
        read(raw.as_bytes()).expect("a letter")
    }

    #[test]
    fn an_answer_is_kept_and_what_it_quotes_is_not() {
        for quoted in [
            "> 旧的话",
            "------------------ 原始邮件 ------------------\n旧的话",
            "在 2026年11月22日，12345 写道：\n旧的话",
            "On 22 Nov 2026, 12345@nantong.example wrote:\n> 旧的话",
            "发件人: 12345 <12345@nantong.example>\n旧的话",
            "-- \n旧的话",
        ] {
            let kept = letter("Subject: Re", &format!("还是没有修好\n\n{quoted}")).text;
            assert_eq!(kept, "还是没有修好", "{quoted}");
        }
        assert_eq!(letter("Subject: Fwd", "> 只有引用的话").text, "> 只有引用的话");
    }

    #[test]
    fn who_wrote_it_and_what_it_is_about_are_read() {
        let letter = letter("Subject: =?GB2312?B?u9i4tKO6MjAyNjExMjMtMDA0NTEy?=", "你好");
        assert_eq!((letter.from.as_str(), letter.name.as_str()), ("wang@example.cn", "王女士"));
        assert_eq!(letter.number.as_deref(), Some("20261123-004512"));
        assert!(!letter.automatic);
    }

    #[test]
    fn what_no_person_wrote_is_known() {
        for head in ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>"] {
            assert!(letter(head, "我在休假").automatic, "{head}");
        }
        assert!(!letter("Auto-Submitted: no", "你好").automatic);
    }

    #[test]
    fn numbers_in_subjects_are_whole_numbers() {
        assert_eq!(number_in("回复：20261123-004512 路灯"), Some("20261123-004512".into()));
        assert_eq!(number_in("2026-11-23 的路灯"), None);
        assert_eq!(number_in("120261123-004512"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = read(&raw);
        }

        #[test]
        fn no_subject_panics(subject in "\\PC{0,40}") {
            let _ = number_in(&subject);
            let _ = own_words(&subject);
        }
    }
}
