//! Masks for lists: enough is left to tell rows apart, not enough to use. The clear value is shown only where
//! a purpose is given, and that is the caller's concern.

/// An identity number: `3206**************`. Nothing of its end is told: with the date of birth, which often stands
/// beside it, the last three characters leave some fifteen numbers to try. What is too short to hide is hidden whole.
pub fn id_number(text: &str) -> String {
    const CHARS_MIN: usize = 15;
    if text.trim().chars().count() < CHARS_MIN { ends(text, 0, 0) } else { ends(text, 4, 0) }
}

/// Any text, with every number in it that may be somebody's hidden: eleven digits or more, in the wrong column too, in full
/// width, and in groups as people write them (139 1234 5678, 0513-85512345, 320602 19900101 123X). Groups of fewer than three
/// digits are days and hours, not parts of a number.
pub fn numbers(text: &str) -> String {
    const DIGITS_MIN: usize = 11;
    const KEPT: usize = 3;
    let chars: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = number_end(&chars, at);
        let digits = chars[at..end].iter().filter(|c| is_digit(**c)).count();
        let open = digits < DIGITS_MIN || is_case_number(&chars[at..end]);
        let mut kept = if open { usize::MAX } else { KEPT };
        for c in &chars[at..end] {
            let hidden = is_digit(*c) && kept == 0;
            shown.push(if hidden { '*' } else { *c });
            kept -= usize::from(is_digit(*c) && !hidden);
        }
        // What stands between numbers.
        if end == at {
            shown.push(chars[at]);
        }
        at = end.max(at + 1);
    }
    shown
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Ours, as people quote them: 20261123-000123.
fn is_case_number(chars: &[char]) -> bool {
    chars.len() == 15 && chars.starts_with(&['2', '0']) && chars[8] == '-'
}

/// Where the number ends that begins here: digits, and further groups of three or more after one or two separators.
fn number_end(chars: &[char], start: usize) -> usize {
    const GROUP_MIN: usize = 3;
    const BETWEEN_MAX: usize = 2;
    let run = |from: usize| chars[from..].iter().take_while(|c| is_digit(**c)).count();
    let mut end = start + run(start);
    if end - start < GROUP_MIN {
        return end;
    }
    loop {
        let between = chars[end..].iter().take_while(|c| is_separator(**c)).count();
        let group = run(end + between);
        if between == 0 || between > BETWEEN_MAX || group < GROUP_MIN {
            return end;
        }
        end += between + group;
    }
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{3000}' | '\u{a0}' | '-' | '－' | '—' | '–' | '.' | '·' | '(' | ')' | '（' | '）' | '\u{200b}'
            ..='\u{200f}'
    )
}

/// A telephone number: `138****5678`, `0513-****345`.
pub fn phone(text: &str) -> String {
    match text.split_once('-') {
        Some((area, number)) => format!("{area}-{}", ends(number, 0, 3)),
        None => ends(text, 3, 4),
    }
}

/// A person's name: the first character stays, `张*`, `欧**`. Of a name of one character nothing stays.
pub fn name(text: &str) -> String {
    ends(text, 1, 0)
}

/// An address down to its district, county or town: `江苏省南通市崇川区****`. The length of the rest is not told.
pub fn address(text: &str) -> String {
    const KEPT_MAX: usize = 16;
    let text = text.trim();
    let mut kept_bytes = None;
    for (place, (start, character)) in text.char_indices().enumerate() {
        if place >= KEPT_MAX {
            break;
        }
        // The last of them wins: 江苏省南通市海门区 ends at 区, 江苏省启东市 at 市. A street is not reached, because
        // 镇 and 街道 are left out on purpose: a village of few houses says as much as a number.
        if place >= 1 && matches!(character, '省' | '市' | '区' | '县' | '旗') {
            kept_bytes = Some(start + character.len_utf8());
            if matches!(character, '区' | '县' | '旗') {
                break;
            }
        }
    }
    match kept_bytes {
        Some(end) => format!("{}****", &text[..end]),
        None if text.is_empty() => String::new(),
        None => "****".to_owned(),
    }
}

/// Keeps so many characters at each end and stars those between; if less than a third would be hidden, stars all.
fn ends(text: &str, first: usize, last: usize) -> String {
    let text = text.trim();
    let count = text.chars().count();
    let hidden = count.saturating_sub(first + last);
    let whole = hidden * 3 < count || hidden == 0;
    text.chars()
        .enumerate()
        .map(|(place, character)| if whole || (place >= first && place < count - last) { '*' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_identity_number_keeps_neither_birth_date_nor_check() {
        assert_eq!(id_number("32060219900101123X"), "3206**************");
        assert_eq!(id_number("320602900101123"), "3206***********");
    }

    #[test]
    fn numbers_to_call_keep_what_tells_them_apart() {
        assert_eq!(phone("13812345678"), "138****5678");
        assert_eq!(phone("0513-85512345"), "0513-*****345");
    }

    #[test]
    fn a_number_in_the_wrong_place_is_hidden_and_short_ones_stay() {
        assert_eq!(numbers("320624195908222596"), "320***************");
        assert_eq!(numbers("张三32062419590822259X，室101"), "张三320**************X，室101");
        assert_eq!(numbers("13812345678/2020-01-01"), "138********/2020-01-01");
        assert_eq!(numbers("2020-01-01 08:30 2020-01-03"), "2020-01-01 08:30 2020-01-03");
        assert_eq!(numbers("人民路12号3幢201室，20261123-000123"), "人民路12号3幢201室，20261123-000123");
    }

    #[test]
    fn a_number_is_hidden_however_it_is_written() {
        assert_eq!(numbers("１３９１２３４５６７８"), "１３９********");
        assert_eq!(numbers("电话139 1234 5678。"), "电话139 **** ****。");
        assert_eq!(numbers("139-1234-5678"), "139-****-****");
        assert_eq!(numbers("0513-85512345"), "051*-********");
        assert_eq!(numbers("（0513）85512345"), "（051*）********");
        assert_eq!(numbers("320602 19900101 123X"), "320*** ******** ***X");
        assert_eq!(numbers("12345"), "12345");
    }

    #[test]
    fn a_name_keeps_its_first_character() {
        assert_eq!(name("张三"), "张*");
        assert_eq!(name("欧阳娜娜"), "欧***");
        assert_eq!(name("李"), "*");
        assert_eq!(name(""), "");
    }

    #[test]
    fn an_address_keeps_its_district() {
        assert_eq!(address("江苏省南通市崇川区人民中路12号3幢201室"), "江苏省南通市崇川区****");
        assert_eq!(address("江苏省启东市汇龙镇人民中路1号"), "江苏省启东市****");
        assert_eq!(address("如东县掘港街道9号"), "如东县****");
        assert_eq!(address("人民中路12号"), "****");
        assert_eq!(address(" "), "");
    }

    #[test]
    fn what_is_too_short_to_hide_is_hidden_whole() {
        assert_eq!(id_number("32060219"), "********");
        assert_eq!(phone("110"), "***");
    }

    proptest! {
        #[test]
        fn a_mask_always_hides_something(text in "\\PC{1,30}") {
            prop_assume!(!text.trim().is_empty() && !text.contains('-'));
            for shown in [id_number(&text), phone(&text), name(&text)] {
                prop_assert_eq!(shown.chars().count(), text.trim().chars().count());
                prop_assert!(shown.contains('*'));
            }
            prop_assert!(address(&text).contains('*'));
        }
    }
}
