//! Reads the columns of a row one after the other, in the order of its list.

use super::{Db, Row};
use crate::store::{Digest, StoreError};
use fyren_core::domain::{Id, Plane, Position};
use jiff::{Timestamp, civil::Date};
use sqlx::{Decode, Row as _, Type};

/// The columns of `row` that are not read yet.
pub(super) struct Columns<'r> {
    row: &'r Row,
    at: usize,
}

impl<'r> Columns<'r> {
    /// Starts at the first column.
    pub(super) fn of(row: &'r Row) -> Self {
        Self { row, at: 0 }
    }

    /// The next column.
    pub(super) fn take<T: Decode<'r, Db> + Type<Db>>(&mut self) -> Result<T, StoreError> {
        let value = self.row.try_get(self.at)?;
        self.at += 1;
        Ok(value)
    }

    /// The next column as an unsigned or narrower number.
    pub(super) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let value = self.take::<i64>()?;
        T::try_from(value).map_err(|_range| self.corrupt())
    }

    /// The next column as a number, where there is one.
    pub(super) fn maybe_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        let value = self.take::<Option<i64>>()?;
        value.map(T::try_from).transpose().map_err(|_range| self.corrupt())
    }

    /// The next column as one of a closed list of codes.
    pub(super) fn code<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let text = self.take::<&str>()?;
        parse(text).ok_or_else(|| self.corrupt())
    }

    /// The next column as a code, where there is one.
    pub(super) fn maybe_code<T>(
        &mut self,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.take::<Option<&str>>()? {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| self.corrupt()),
        }
    }

    /// The next column as a list of codes, separated by commas.
    pub(super) fn codes<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
        let text = self.take::<&str>()?;
        let parsed = text.split(',').filter(|code| !code.is_empty()).map(parse).collect();
        Option::ok_or_else(parsed, || self.corrupt())
    }

    /// The next column as an identity.
    pub(super) fn id(&mut self) -> Result<Id, StoreError> {
        self.code(Id::parse)
    }

    /// The next column as an instant.
    pub(super) fn time(&mut self) -> Result<Timestamp, StoreError> {
        let value = self.take::<i64>()?;
        Timestamp::from_microsecond(value).map_err(|_range| self.corrupt())
    }

    /// The next column as an instant, where there is one.
    pub(super) fn maybe_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let value = self.take::<Option<i64>>()?;
        value.map(Timestamp::from_microsecond).transpose().map_err(|_range| self.corrupt())
    }

    /// The next column as a day.
    pub(super) fn day(&mut self) -> Result<Date, StoreError> {
        self.code(|text| text.parse().ok())
    }

    /// The next column as a hash.
    pub(super) fn digest(&mut self) -> Result<Digest, StoreError> {
        let bytes = self.take::<&[u8]>()?;
        bytes.try_into().map(Digest).map_err(|_length| self.corrupt())
    }

    /// The next two columns as a Swedish and an English text, both or none.
    pub(super) fn maybe_texts(&mut self) -> Result<Option<(String, String)>, StoreError> {
        Ok(self.take::<Option<String>>()?.zip(self.take::<Option<String>>()?))
    }

    /// The next four columns as a point on the ellipsoid and in the plane.
    pub(super) fn anchor(&mut self) -> Result<Option<(Position, Plane)>, StoreError> {
        let [longitude, latitude, east, north] =
            [self.take()?, self.take()?, self.take()?, self.take::<Option<f64>>()?];
        let position =
            longitude.zip(latitude).map(|(longitude, latitude)| Position { longitude, latitude });
        Ok(position.zip(east.zip(north).map(|(east, north)| Plane { east, north })))
    }

    fn corrupt(&self) -> StoreError {
        StoreError::Corrupt(format!("column {} of a row", self.at).into())
    }
}

/// Codes as they stand in one column.
pub(super) fn joined<T: Copy>(codes: &[T], code: fn(T) -> &'static str) -> String {
    codes.iter().map(|c| code(*c)).collect::<Vec<_>>().join(",")
}
