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
    /// How much of something: of an exposure.
    Amount,
    /// The part of the year in which it is there: of an exposure.
    Season,
    /// Name of a site: of measured speeds.
    Site,
    /// Vehicles: of measured speeds.
    Count,
    /// Mean speed in km/h.
    Mean,
    /// The speed that 85 % keep to, in km/h.
    V85,
    /// The limit in km/h.
    Limit,
    /// Name of a survey.
    Survey,
    /// Year of a survey.
    Year,
    /// Who could answer a survey: `probability` or `open`.
    Mode,
    /// Who answered a survey: `all`, women, men, ages.
    Group,
    /// Lower end of an interval: of a survey.
    Low,
    /// Upper end of an interval: of a survey.
    High,
    /// What else has to be known: of a survey.
    Note,
}

impl Target {
    /// Every target, in the order in which they choose their columns.
    pub const ALL: [Self; 29] = [
        Self::Survey,
        Self::Year,
        Self::Mode,
        Self::Group,
        Self::Low,
        Self::High,
        Self::Note,
        Self::Amount,
        Self::Season,
        Self::Site,
        Self::Count,
        Self::Mean,
        Self::V85,
        Self::Limit,
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
            Self::Amount => "amount",
            Self::Season => "season",
            Self::Site => "site",
            Self::Count => "count",
            Self::Mean => "mean",
            Self::V85 => "v85",
            Self::Limit => "limit",
            Self::Survey => "survey",
            Self::Year => "year",
            Self::Mode => "mode",
            Self::Group => "group",
            Self::Low => "low",
            Self::High => "high",
            Self::Note => "note",
        }
    }

    /// Whether rows of a kind can say this.
    const fn is_of(self, kind: Kind) -> bool {
        match self {
            Self::Season => matches!(kind, Kind::Exposure),
            Self::Amount => matches!(kind, Kind::Exposure | Kind::Surveys),
            Self::Count => matches!(kind, Kind::Speeds | Kind::Surveys),
            Self::Survey
            | Self::Year
            | Self::Mode
            | Self::Group
            | Self::Low
            | Self::High
            | Self::Note => matches!(kind, Kind::Surveys),
            Self::Site | Self::Mean | Self::V85 | Self::Limit => {
                matches!(kind, Kind::Speeds)
            }
            _ => true,
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
                let mut targets = Target::ALL;
                targets.sort_unstable();
                let names = targets.map(Target::name);
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
            let chosen = assignment.chosen.iter().any(|(chosen, _)| *chosen == target);
            if !chosen && target.is_of(kind) {
                let found = assignment.free_column(&plain, target, kind);
                assignment.chosen.push((target, found.into_iter().collect()));
            }
        }
        assignment.chosen.retain(|(_, found)| !found.is_empty());
        assignment.add_time_of_day(&plain, mappings, kind);
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
            (Kind::Areas | Kind::Exposure, Target::Text) => &["name", "namn"],
            (Kind::Exposure, Target::Category) => &["kind", "slag", "typ", "type"],
            (Kind::Surveys, Target::Amount) => &["value", "varde", "andel", "resultat"],
            (Kind::Surveys, Target::Count) => &["n", "antalsvar", "svarande", "asked", "answers"],
            (Kind::Surveys, Target::Category) => &["questioncode", "question", "fragekod", "fraga"],
            (Kind::Surveys, Target::Text) => &["questionsv", "questiontext", "fragetext"],
            (Kind::Surveys, Target::Unit) => &["unit", "enhet", "matt"],
            (Kind::Speeds, Target::At) => &["at", "start", "hour", "timme"],
            _ => &[],
        };
        own.iter().copied().chain(names(target).split(' ')).find_map(|name| {
            let at = plain.iter().position(|column| column == name)?;
            let taken = self.chosen.iter().any(|(_, found)| found.contains(&at));
            (!taken).then_some(at)
        })
    }

    /// A date in one column and the time of day in another belong together.
    fn add_time_of_day(&mut self, plain: &[String], mappings: &[Mapping], kind: Kind) {
        const DATES: [&str; 7] =
            ["date", "datum", "dag", "day", "handelsedatum", "brottsdatum", "incidentdate"];
        const TIMES: [&str; 8] =
            ["time", "tid", "klockslag", "kl", "clock", "handelsetid", "brottstid", "timeofday"];
        // Of speeds the hour is a column of its own more often than not.
        const HOURS: [&str; 10] = [
            "hour",
            "timme",
            "time",
            "tid",
            "klockslag",
            "kl",
            "clock",
            "timmen",
            "klocka",
            "hourofday",
        ];
        if mappings.iter().any(|mapping| mapping.target == Target::At) {
            return;
        }
        let clocks: &[&str] = if kind == Kind::Speeds { &HOURS } else { &TIMES };
        let column_of = |names: &[&str]| {
            names.iter().find_map(|name| plain.iter().position(|column| column == name))
        };
        let (Some(date), Some(time)) = (column_of(&DATES), column_of(clocks)) else { return };
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
