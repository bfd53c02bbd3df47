//! Whose value stands where several departments speak of the same subject.
//!
//! Pure and total: of the providers that have a value the one with the lowest rank, among equals the one whose value
//! is from the latest delivery, and among those (one delivery has one provider, so only in theory) the lowest number.
use std::collections::HashMap;

/// The rank of a provider for which no rule says anything.
pub const RANK_DEFAULT: i16 = 100;

/// Ranks by attribute position and provider.
#[derive(Clone, Debug, Default)]
pub struct Rules(HashMap<(usize, i16), i16>);

impl Rules {
    /// From (position, provider, rank).
    pub fn new(ranks: impl IntoIterator<Item = (usize, i16, i16)>) -> Self {
        Self(ranks.into_iter().map(|(position, provider_no, rank)| ((position, provider_no), rank)).collect())
    }

    /// The rank of a provider's value.
    pub fn rank(&self, position: usize, provider_no: i16) -> i16 {
        if self.0.is_empty() {
            return RANK_DEFAULT;
        }
        self.0.get(&(position, provider_no)).copied().unwrap_or(RANK_DEFAULT)
    }
}

/// What one provider says of a subject.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The provider.
    pub provider_no: i16,
    /// The delivery that brought it, or most of it.
    pub delivery_no: i32,
    /// By position, the delivery of each value, where they are of several.
    pub delivery_nos: Option<Vec<i32>>,
    /// By position.
    pub values: Vec<Option<String>>,
}

impl Record {
    /// The delivery that brought the value at a position.
    pub fn delivery_of(&self, position: usize) -> i32 {
        let own = self.delivery_nos.as_ref().and_then(|numbers| numbers.get(position).copied());
        own.filter(|number| *number > 0).unwrap_or(self.delivery_no)
    }

    /// One value.
    pub fn value(&self, position: usize) -> Option<&str> {
        self.values.get(position)?.as_deref()
    }

    /// Takes over what a newer row of the same provider says. Columns that its file does not have keep their values;
    /// a column with an empty cell says that the value is gone. Answers whether anything differs.
    pub fn take(
        &mut self,
        delivery_no: i32,
        columns: &[usize],
        row: impl Fn(usize) -> Option<String>,
        width: usize,
    ) -> bool {
        self.values.resize(width, None);
        let mut numbers: Vec<i32> = (0..width).map(|position| self.delivery_of(position)).collect();
        let mut differs = false;
        for &position in columns {
            let value = row(position);
            differs |= value != self.values[position];
            self.values[position] = value;
            numbers[position] = delivery_no;
        }
        self.delivery_no = delivery_no;
        let others = (0..width).any(|position| self.values[position].is_some() && numbers[position] != delivery_no);
        self.delivery_nos = others.then_some(numbers);
        differs
    }
}

/// Of each attribute the provider whose value stands; 0 where nobody has one.
pub fn survivors(rules: &Rules, records: &[Record], width: usize) -> Vec<i16> {
    let standing = |position: usize| {
        let with_value = records.iter().filter(|record| record.value(position).is_some());
        with_value
            .min_by_key(|record| {
                let rank = rules.rank(position, record.provider_no);
                (rank, std::cmp::Reverse(record.delivery_of(position)), record.provider_no)
            })
            .map_or(0, |record| record.provider_no)
    };
    (0..width).map(standing).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WIDTH: usize = 4;

    fn record() -> impl Strategy<Value = Record> {
        let value = prop::option::of("[a-c]");
        (
            1_i16..5,
            1_i32..9,
            prop::option::of(prop::collection::vec(0_i32..9, WIDTH)),
            prop::collection::vec(value, WIDTH),
        )
            .prop_map(|(provider_no, delivery_no, delivery_nos, values)| Record {
                provider_no,
                delivery_no,
                delivery_nos,
                values,
            })
    }

    fn records() -> impl Strategy<Value = Vec<Record>> {
        prop::collection::vec(record(), 0..5).prop_map(|mut records| {
            records.sort_by_key(|record| record.provider_no);
            records.dedup_by_key(|record| record.provider_no);
            records
        })
    }

    fn rules() -> impl Strategy<Value = Rules> {
        prop::collection::vec((0..WIDTH, 1_i16..5, 1_i16..200), 0..8).prop_map(Rules::new)
    }

    proptest! {
        #[test]
        fn the_order_in_which_records_are_read_does_not_matter(
            (rules, records, shuffled) in (rules(), records()).prop_flat_map(|(rules, records)| {
                (Just(rules), Just(records.clone()), Just(records).prop_shuffle())
            })
        ) {
            prop_assert_eq!(survivors(&rules, &records, WIDTH), survivors(&rules, &shuffled, WIDTH));
        }

        #[test]
        fn a_value_stands_exactly_where_somebody_has_one(rules in rules(), records in records()) {
            for (position, provider_no) in survivors(&rules, &records, WIDTH).into_iter().enumerate() {
                let winner = records.iter().find(|record| record.provider_no == provider_no);
                let anybody = records.iter().any(|record| record.value(position).is_some());
                prop_assert_eq!(winner.is_some_and(|record| record.value(position).is_some()), anybody);
            }
        }

        #[test]
        fn a_worse_rank_never_displaces_a_better_one(records in records()) {
            let rules = Rules::new(records.iter().flat_map(|record| {
                (0..WIDTH).map(move |position| (position, record.provider_no, record.provider_no))
            }));
            for (position, provider_no) in survivors(&rules, &records, WIDTH).into_iter().enumerate() {
                let best = records.iter().filter(|record| record.value(position).is_some()).map(|record| record.provider_no).min();
                prop_assert_eq!(provider_no, best.unwrap_or(0));
            }
        }

        #[test]
        fn taking_the_same_row_twice_changes_nothing(before in record(), row in prop::collection::vec(prop::option::of("[a-c]"), WIDTH)) {
            let columns: Vec<usize> = (0..WIDTH).step_by(2).collect();
            let mut once = before;
            once.take(10, &columns, |position| row[position].clone(), WIDTH);
            let mut twice = once.clone();
            prop_assert!(!twice.take(10, &columns, |position| row[position].clone(), WIDTH));
            prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn among_equals_the_latest_value_stands_whoever_delivered_last_of_all() {
        let record = |provider_no, delivery_no, delivery_nos, value: &str| Record {
            provider_no,
            delivery_no,
            delivery_nos,
            values: vec![Some(value.into())],
        };
        // Provider 2 delivered later, but its value is from an earlier file.
        let records = [record(1, 5, None, "a"), record(2, 9, Some(vec![3]), "b")];
        assert_eq!(survivors(&Rules::default(), &records, 1), [1]);
    }
}
