//! What has changed between two versions, piece by piece: a piece is a sentence or a line. Pure.

/// More pieces than any answer has; beyond, the whole text counts as changed.
const PIECES_MAX: usize = 400;

/// A piece of text, and whether it went, came or stayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the older.
    Gone(String),
    /// Only in the newer.
    New(String),
}

impl Piece {
    /// `same`, `gone` or `new`, and its text: for templates.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Same(text) => ("same", text),
            Self::Gone(text) => ("gone", text),
            Self::New(text) => ("new", text),
        }
    }
}

/// Sentences and lines, each with the mark that ends it.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', '\n']).collect()
}

/// The pieces of both texts in reading order, by their longest common subsequence.
pub fn compare(older: &str, newer: &str) -> Vec<Piece> {
    let (old, new) = (pieces(older), pieces(newer));
    if old.len() > PIECES_MAX || new.len() > PIECES_MAX {
        return vec![Piece::Gone(older.to_owned()), Piece::New(newer.to_owned())];
    }
    // shared[i][j]: how many pieces old[i..] and new[j..] share.
    let mut shared = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            shared[i][j] =
                if old[i] == new[j] { shared[i + 1][j + 1] + 1 } else { shared[i + 1][j].max(shared[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push(Piece::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && shared[i + 1][j] >= shared[i][j + 1]) {
            out.push(Piece::Gone(old[i].to_owned()));
            i += 1;
        } else {
            out.push(Piece::New(new[j].to_owned()));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_changed_sentence_is_shown_old_and_new_and_the_rest_stays() {
        let pieces = compare("带身份证。到社区办理。三天办结。", "带身份证。到街道办理。三天办结。");
        assert_eq!(
            pieces,
            [
                Piece::Same("带身份证。".into()),
                Piece::Gone("到社区办理。".into()),
                Piece::New("到街道办理。".into()),
                Piece::Same("三天办结。".into()),
            ]
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(older in "[甲乙。\n]{0,40}", newer in "[甲乙。\n]{0,40}") {
            let pieces = compare(&older, &newer);
            let read = |without: &str| -> String {
                pieces.iter().map(Piece::parts).filter(|(kind, _)| *kind != without).map(|(_, text)| text).collect()
            };
            prop_assert_eq!(read("new"), older);
            prop_assert_eq!(read("gone"), newer);
        }
    }
}
