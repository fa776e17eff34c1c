//! Which column means what: guessed by its name, overridden by `--map`.

use super::features::ID_COLUMN;
use super::names::names;
use super::{ImportError, Kind};

/// Something that a column can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// The source's own identity of the row.
    Id,
    /// The instant.
    At,
    /// The beginning of a span.
    From,
    /// The end of a span.
    To,
    /// What it is about.
    Category,
    /// Words; the name of an area.
    Text,
    /// Degrees east.
    Longitude,
    /// Degrees north.
    Latitude,
    /// East in metres (or degrees, if that small).
    X,
    /// North in metres (or degrees, if that small).
    Y,
    /// Radius in metres in which the true place lies.
    Precision,
    /// Code or name of an area.
    Area,
    /// Where it stands.
    Status,
    /// Who says so.
    Source,
    /// Which unit was there.
    Unit,
}

impl Target {
    /// Every target, in the order in which they choose their columns.
    pub const ALL: [Self; 15] = [
        Self::Id,
        Self::From,
        Self::To,
        Self::At,
        Self::Longitude,
        Self::Latitude,
        Self::X,
        Self::Y,
        Self::Precision,
        Self::Category,
        Self::Area,
        Self::Status,
        Self::Source,
        Self::Unit,
        Self::Text,
    ];

    /// The name of this target in `--map`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::At => "at",
            Self::From => "from",
            Self::To => "to",
            Self::Category => "category",
            Self::Text => "text",
            Self::Longitude => "longitude",
            Self::Latitude => "latitude",
            Self::X => "x",
            Self::Y => "y",
            Self::Precision => "precision",
            Self::Area => "area",
            Self::Status => "status",
            Self::Source => "source",
            Self::Unit => "unit",
        }
    }
}

/// One `--map target=column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The target.
    pub target: Target,
    /// Names of columns joined by `+`; empty for "no column".
    pub column: String,
}

impl Mapping {
    /// Parses `target=column`. Several columns, such as a date and a time of
    /// day, are joined by `+`; nothing behind `=` switches a guess off.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] naming the targets that there are.
    pub fn parse(given: &str) -> Result<Self, ImportError> {
        let wrong = |reason: String| ImportError::Mapping { given: given.to_owned(), reason };
        let (target, column) =
            given.split_once('=').ok_or_else(|| wrong("it must be target=column".to_owned()))?;
        let target = Target::ALL
            .into_iter()
            .find(|known| known.name() == target.trim())
            .ok_or_else(|| {
                let names: Vec<&str> = Target::ALL.iter().map(|known| known.name()).collect();
                wrong(format!("there is no such target; the targets are {}", names.join(" ")))
            })?;
        Ok(Self { target, column: column.trim().to_owned() })
    }
}

/// What the columns of one file mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignment {
    chosen: Vec<(Target, Vec<usize>)>,
}

impl Assignment {
    /// Takes `mappings` first and guesses the rest by name. A column means at
    /// most one thing; of several columns of one name the first is meant.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] for a column that is not there.
    pub fn guess(
        columns: &[String],
        mappings: &[Mapping],
        kind: Kind,
    ) -> Result<Self, ImportError> {
        let plain: Vec<String> = columns.iter().map(|name| plain(name)).collect();
        let mut assignment = Self::default();
        for mapping in mappings {
            let found = named(columns, mapping)?;
            assignment.chosen.retain(|(target, _)| *target != mapping.target);
            assignment.chosen.push((mapping.target, found));
        }
        for target in Target::ALL {
            if !assignment.chosen.iter().any(|(chosen, _)| *chosen == target) {
                let found = assignment.free_column(&plain, target, kind);
                assignment.chosen.push((target, found.into_iter().collect()));
            }
        }
        assignment.chosen.retain(|(_, found)| !found.is_empty());
        assignment.add_time_of_day(&plain, mappings);
        assignment.chosen.sort_by_key(|(target, _)| *target);
        Ok(assignment)
    }

    /// The columns that mean `target`, mostly one or none.
    #[must_use]
    pub fn columns(&self, target: Target) -> &[usize] {
        self.chosen
            .iter()
            .find(|(chosen, _)| *chosen == target)
            .map_or(&[], |(_, found)| found.as_slice())
    }

    /// Whether any column means `target`.
    #[must_use]
    pub fn has(&self, target: Target) -> bool {
        !self.columns(target).is_empty()
    }

    /// Every target that has columns, with their names.
    #[must_use]
    pub fn named(&self, columns: &[String]) -> Vec<(Target, String)> {
        let name = |found: &[usize]| {
            let names: Vec<&str> =
                found.iter().filter_map(|at| columns.get(*at)).map(String::as_str).collect();
            names.join("+")
        };
        self.chosen.iter().map(|(target, found)| (*target, name(found))).collect()
    }

    fn free_column(&self, plain: &[String], target: Target, kind: Kind) -> Option<usize> {
        // The code of an area is its identity; its name is its text.
        let own: &[&str] = match (kind, target) {
            (Kind::Areas, Target::Id) => {
                &["code", "kod", "areacode", "districtcode", "distriktskod", "deso", "regso"]
            }
            (Kind::Areas, Target::Text) => &["name", "namn"],
            _ => &[],
        };
        own.iter().copied().chain(names(target).split(' ')).find_map(|name| {
            let at = plain.iter().position(|column| column == name)?;
            let taken = self.chosen.iter().any(|(_, found)| found.contains(&at));
            (!taken).then_some(at)
        })
    }

    /// A date in one column and the time of day in another belong together.
    fn add_time_of_day(&mut self, plain: &[String], mappings: &[Mapping]) {
        const DATES: [&str; 7] =
            ["date", "datum", "dag", "day", "handelsedatum", "brottsdatum", "incidentdate"];
        const TIMES: [&str; 8] =
            ["time", "tid", "klockslag", "kl", "clock", "handelsetid", "brottstid", "timeofday"];
        if mappings.iter().any(|mapping| mapping.target == Target::At) {
            return;
        }
        let column_of = |names: &[&str]| {
            names.iter().find_map(|name| plain.iter().position(|column| column == name))
        };
        let (Some(date), Some(time)) = (column_of(&DATES), column_of(&TIMES)) else { return };
        let free = |at: usize| {
            !self.chosen.iter().any(|(target, found)| *target != Target::At && found.contains(&at))
        };
        let at = self.columns(Target::At);
        if free(date) && free(time) && (at == [date] || at == [time]) {
            self.chosen.retain(|(target, _)| *target != Target::At);
            self.chosen.push((Target::At, vec![date, time]));
        }
    }
}

fn named(columns: &[String], mapping: &Mapping) -> Result<Vec<usize>, ImportError> {
    if mapping.column.is_empty() {
        return Ok(Vec::new());
    }
    // A column whose own name holds a plus comes first.
    if let Some(at) = columns.iter().position(|column| *column == mapping.column) {
        return Ok(vec![at]);
    }
    let one = |name: &str| {
        columns
            .iter()
            .position(|column| column == name.trim())
            .or_else(|| columns.iter().position(|column| plain(column) == plain(name)))
            .ok_or_else(|| ImportError::Mapping {
                given: format!("{}={}", mapping.target.name(), mapping.column),
                reason: format!(
                    "there is no column {}; the columns are {}",
                    name.trim(),
                    columns.join(", ")
                ),
            })
    };
    mapping.column.split('+').map(one).collect()
}

/// A name without case, accents and what is neither letter nor digit.
fn plain(name: &str) -> String {
    if name == ID_COLUMN {
        return name.to_owned();
    }
    super::words::plain(name)
}
