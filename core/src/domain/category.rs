//! What a report can be about: the closed list of `data/categories.csv`.

super::code::code_enum! {
    /// The part of a form that a category stands in.
    pub enum CategoryGroup {
        /// A place that feels unsafe by what it is.
        UnsafePlace = "unsafe_place",
        /// Something going on at a place.
        Disturbance = "disturbance",
        /// Traffic.
        Traffic = "traffic",
        /// Harbours and boats.
        Sea = "sea",
        /// Crimes against the elderly.
        Elderly = "elderly",
        /// Everything else.
        Other = "other",
        /// A place that feels safe.
        Safe = "safe",
    }
}

super::code::code_enum! {
    /// How far a category may reach the public.
    pub enum PublicityClass {
        /// Moderated defects may be shown as points; counts as in `Aggregate`.
        Points = "points",
        /// Counts per cell and district.
        Aggregate = "aggregate",
        /// Counts per district over whole quarters or years only.
        Coarse = "coarse",
        /// Staff layers only, in no release.
        Staff = "staff",
        /// Coordinator only, in no release.
        Never = "never",
    }
}

super::code::code_enum! {
    /// What a report is about.
    pub enum Category {
        /// Missing or broken lighting.
        Lighting = "lighting",
        /// Blocked view, overgrown.
        BlockedView = "blocked_view",
        /// Unsafe path, underpass, stairs.
        UnsafePath = "unsafe_path",
        /// Graffiti.
        Graffiti = "graffiti",
        /// Vandalism, broken glass.
        Vandalism = "vandalism",
        /// Litter, dumping.
        Litter = "litter",
        /// Deserted place.
        Deserted = "deserted",
        /// Bad reputation.
        BadReputation = "bad_reputation",
        /// Gathering that creates unease.
        Gathering = "gathering",
        /// Rowdiness, drunkenness.
        Rowdiness = "rowdiness",
        /// Fires, firecrackers.
        FirePlay = "fire_play",
        /// Signs of drugs at the place (needles, bags, smell).
        DrugSigns = "drug_signs",
        /// Suspected drug activity.
        DrugActivity = "drug_activity",
        /// Unauthorised sleeping place.
        SleepingPlace = "sleeping_place",
        /// Speeding.
        Speeding = "speeding",
        /// Reckless driving.
        RecklessDriving = "reckless_driving",
        /// Suspected drink or drug driving.
        DrinkDriving = "drink_driving",
        /// Dangerous crossing, school route.
        DangerousCrossing = "dangerous_crossing",
        /// Dangerous parking.
        DangerousParking = "dangerous_parking",
        /// Boat or engine theft (after police report).
        BoatTheft = "boat_theft",
        /// Speeding or reckless boating.
        RecklessBoating = "reckless_boating",
        /// Disorder in harbour, jetty.
        HarbourDisorder = "harbour_disorder",
        /// Suspected casing.
        Casing = "casing",
        /// Fraud attempt against elderly.
        FraudAttempt = "fraud_attempt",
        /// Theft against elderly.
        TheftElderly = "theft_elderly",
        /// Coming event that affects safety.
        Event = "event",
        /// Incident against employee.
        StaffIncident = "staff_incident",
        /// Idea or suggestion.
        Idea = "idea",
        /// A place that feels safe.
        SafePlace = "safe_place",
        /// Other.
        Other = "other",
    }
}

/// Every category in the order in which a form lists them.
pub const CATEGORIES: &[Category] = Category::ALL;

impl Category {
    /// The group of this category.
    #[must_use]
    pub const fn group(self) -> CategoryGroup {
        match self {
            Self::Lighting
            | Self::BlockedView
            | Self::UnsafePath
            | Self::Graffiti
            | Self::Vandalism
            | Self::Litter
            | Self::Deserted
            | Self::BadReputation => CategoryGroup::UnsafePlace,
            Self::Gathering
            | Self::Rowdiness
            | Self::FirePlay
            | Self::DrugSigns
            | Self::DrugActivity
            | Self::SleepingPlace => CategoryGroup::Disturbance,
            Self::Speeding
            | Self::RecklessDriving
            | Self::DrinkDriving
            | Self::DangerousCrossing
            | Self::DangerousParking => CategoryGroup::Traffic,
            Self::BoatTheft | Self::RecklessBoating | Self::HarbourDisorder | Self::Casing => {
                CategoryGroup::Sea
            }
            Self::FraudAttempt | Self::TheftElderly => CategoryGroup::Elderly,
            Self::Event | Self::StaffIncident | Self::Idea | Self::Other => CategoryGroup::Other,
            Self::SafePlace => CategoryGroup::Safe,
        }
    }

    /// How far this category may reach the public.
    #[must_use]
    pub const fn publicity(self) -> PublicityClass {
        match self {
            Self::Lighting
            | Self::BlockedView
            | Self::UnsafePath
            | Self::Graffiti
            | Self::Vandalism
            | Self::Litter
            | Self::DangerousCrossing => PublicityClass::Points,
            Self::Deserted
            | Self::BadReputation
            | Self::Speeding
            | Self::RecklessDriving
            | Self::DangerousParking
            | Self::Idea
            | Self::SafePlace => PublicityClass::Aggregate,
            Self::Gathering
            | Self::Rowdiness
            | Self::FirePlay
            | Self::BoatTheft
            | Self::RecklessBoating
            | Self::HarbourDisorder
            | Self::FraudAttempt
            | Self::TheftElderly => PublicityClass::Coarse,
            Self::DrugSigns | Self::SleepingPlace | Self::Event | Self::Other => {
                PublicityClass::Staff
            }
            Self::DrugActivity | Self::DrinkDriving | Self::Casing | Self::StaffIncident => {
                PublicityClass::Never
            }
        }
    }

    /// Whether only the district of such a report is kept: its position
    /// becomes the district and its text is dropped on arrival.
    #[must_use]
    pub const fn district_only(self) -> bool {
        matches!(self, Self::DrugActivity | Self::FraudAttempt | Self::TheftElderly)
    }

    /// The name of this category as `(Swedish, English)`.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Lighting => ("Bristande eller trasig belysning", "Missing or broken lighting"),
            Self::BlockedView => ("Skymd sikt, buskage", "Blocked view, overgrown"),
            Self::UnsafePath => {
                ("Otrygg gångväg, tunnel, trappa", "Unsafe path, underpass, stairs")
            }
            Self::Graffiti => ("Klotter", "Graffiti"),
            Self::Vandalism => ("Skadegörelse, glaskross", "Vandalism, broken glass"),
            Self::Litter => ("Nedskräpning, dumpat skräp", "Litter, dumping"),
            Self::Deserted => ("Ödslig eller folktom plats", "Deserted place"),
            Self::BadReputation => ("Platsen har dåligt rykte", "Bad reputation"),
            Self::Gathering => {
                ("Otrygghetsskapande samling av personer", "Gathering that creates unease")
            }
            Self::Rowdiness => ("Bråk, högljutt, fylleri", "Rowdiness, drunkenness"),
            Self::FirePlay => ("Eldning, smällare", "Fires, firecrackers"),
            Self::DrugSigns => (
                "Spår av narkotika på platsen (sprutor, påsar, lukt)",
                "Signs of drugs at the place (needles, bags, smell)",
            ),
            Self::DrugActivity => ("Misstänkt narkotikahantering", "Suspected drug activity"),
            Self::SleepingPlace => {
                ("Olovligt boende eller sovplats", "Unauthorised sleeping place")
            }
            Self::Speeding => ("Hög hastighet", "Speeding"),
            Self::RecklessDriving => ("Buskörning (A-traktor, moped, bil)", "Reckless driving"),
            Self::DrinkDriving => ("Misstänkt rattfylleri", "Suspected drink or drug driving"),
            Self::DangerousCrossing => {
                ("Farlig korsning, skolväg", "Dangerous crossing, school route")
            }
            Self::DangerousParking => ("Felparkering som skapar fara", "Dangerous parking"),
            Self::BoatTheft => (
                "Båt- eller motorstöld (efter polisanmälan)",
                "Boat or engine theft (after police report)",
            ),
            Self::RecklessBoating => {
                ("Fortkörning eller vårdslöshet till sjöss", "Speeding or reckless boating")
            }
            Self::HarbourDisorder => {
                ("Oordning i hamn, gästhamn, brygga", "Disorder in harbour, jetty")
            }
            Self::Casing => ("Misstänkt rekognoscering", "Suspected casing"),
            Self::FraudAttempt => ("Bedrägeriförsök mot äldre", "Fraud attempt against elderly"),
            Self::TheftElderly => ("Stöld mot äldre", "Theft against elderly"),
            Self::Event => {
                ("Kommande evenemang som påverkar tryggheten", "Coming event that affects safety")
            }
            Self::StaffIncident => ("Incident mot anställd", "Incident against employee"),
            Self::Idea => ("Idé eller förslag", "Idea or suggestion"),
            Self::SafePlace => ("Plats som känns trygg", "A place that feels safe"),
            Self::Other => ("Annat", "Other"),
        }
    }
}
