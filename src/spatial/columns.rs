//! Events as columns: 62 bytes an event.

use super::packed::{Codes, Packed, Times, Witness};

/// Columns of equal length, in the order of the identities.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    pub ids: Vec<u128>,
    pub at: Vec<[i32; 2]>,
    precision: Vec<f32>,
    pub times: Vec<Times>,
    seconds: Vec<u32>,
    pub codes: Vec<Codes>,
    pub category: Vec<u16>,
    pub district: Vec<u16>,
    tag: Vec<i64>,
    weight: Vec<u16>,
}

/// Does the same with every column.
macro_rules! each_column {
    ($do:ident!($($argument:tt)*)) => {
        $do!($($argument)*; ids at precision times seconds codes category district tag weight)
    };
}

impl Columns {
    /// Room for `events` events.
    pub fn with_capacity(events: usize) -> Self {
        macro_rules! reserve {
            ($events:expr; $($column:ident)*) => {
                Self { $($column: Vec::with_capacity($events)),* }
            };
        }
        each_column!(reserve!(events))
    }

    /// How many events there are.
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Appends an event.
    pub fn push(&mut self, event: &Packed) {
        self.ids.push(event.id);
        self.at.push(event.at);
        self.precision.push(event.precision);
        self.times.push(event.times);
        self.seconds.push(event.seconds);
        self.codes.push(event.codes);
        self.category.push(event.category);
        self.district.push(event.district);
        self.tag.push(event.tag);
        self.weight.push(event.weight);
    }

    /// The event of `row`, which is below `len`.
    pub fn packed(&self, row: usize) -> Packed {
        Packed {
            id: self.ids[row],
            at: self.at[row],
            precision: self.precision[row],
            times: self.times[row],
            seconds: self.seconds[row],
            codes: self.codes[row],
            category: self.category[row],
            district: self.district[row],
            tag: self.tag[row],
            weight: self.weight[row],
        }
    }

    /// Who tells the event of `row`, which is below `len`, and when.
    pub fn witness(&self, row: usize) -> Witness {
        Witness::new(self.times[row], self.codes[row], self.tag[row])
    }

    /// The precision of `row` in metres.
    pub fn precision_m(&self, row: usize) -> f64 {
        f64::from(self.precision[row])
    }

    /// The row of the event with this identity. Costs O(log n).
    pub fn row(&self, id: u128) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The same events in the order of `rows`.
    pub fn ordered(&self, rows: &[u32]) -> Self {
        macro_rules! take {
            ($rows:expr; $($column:ident)*) => {
                Self { $($column: $rows.iter().map(|row| self.$column[*row as usize]).collect()),* }
            };
        }
        each_column!(take!(rows))
    }

    /// Gives back what was reserved and not used.
    pub fn shrink(&mut self) {
        macro_rules! shrink {
            ($this:expr; $($column:ident)*) => { $($this.$column.shrink_to_fit();)* };
        }
        each_column!(shrink!(self));
    }

    /// Bytes that the columns take.
    pub fn bytes(&self) -> usize {
        macro_rules! add {
            ($this:expr; $($column:ident)*) => {
                0 $(+ $this.$column.capacity() * element_size(&$this.$column))*
            };
        }
        each_column!(add!(self))
    }
}

const fn element_size<T>(_column: &[T]) -> usize {
    size_of::<T>()
}
