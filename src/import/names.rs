//! The names under which columns are known, in Swedish and English.

use super::Target;

/// Names under which columns mean `target`, plain (see
/// [`plain`](super::words::plain)), separated by spaces, the surest first.
pub const fn names(target: Target) -> &'static str {
    match target {
        Target::Id => {
            "id externalid eventid incidentid reportid rapportid polisenid arendeid \
             arendenummer arendenr diarienummer dnr casenumber caseid servicerequestid \
             handelseid knummer nummer besoksid visitid uuid guid globalid objectid fid lopnummer \
             lopnr @id"
        }
        Target::At => {
            "at occurredat occurred handelsetid handelsetidpunkt handelsedatum brottstid \
             brottsdatum occurrencedate incidentdate incidentdatetime eventdate eventtime \
             datetime datumtid datumochtid timestamp tidpunkt when nar date datum dag day \
             time tid requesteddatetime createdat created skapad inkommen inkomdatum \
             inskrivningsdatum rapporterad reportedat reporteddate publishedat publicerad"
        }
        Target::From => {
            "from fran startedat startat start starttime starttid startdate startdatum \
             fromdate datefrom fromtime frandatum frantid franochmed begin beginning borjade \
             borjan tidigast earliest ankomst arrived"
        }
        Target::To => {
            "to till endedat endat end endtime sluttid enddate slutdatum todate dateto totime \
             tilldatum tilltid tillochmed slut slutade senast latest avgang"
        }
        Target::Category => {
            "category kategori categorycode kategorikod handelsetyp eventtype incidenttype \
             arendetyp brottstyp crimetype offence offense primarytype brottskodklartext \
             brott crime typesv type typ servicename servicecode kind slag purpose syfte \
             brottskod"
        }
        Target::Text => {
            "text description beskrivning fritext freetext summary sammanfattning comment \
             comments kommentar note notes notering anteckning details detaljer placetext \
             platstext plats title titel rubrik name namn"
        }
        Target::Longitude => "longitude lon lng long longitud wgs84lon",
        Target::Latitude => "latitude lat latitud wgs84lat",
        Target::X => {
            "x e east easting ost oost ostlig xkoordinat koordinatx xkoord xcoord xcoordinate \
             coordx sweref99e ekoordinat"
        }
        Target::Y => {
            "y n north northing nord norr nordlig ykoordinat koordinaty ykoord ycoord \
             ycoordinate coordy sweref99n nkoordinat"
        }
        Target::Precision => {
            "precision precisionm accuracy accuracym noggrannhet noggrannhetm osakerhet \
             osakerhetm uncertainty radius radie"
        }
        Target::Area => {
            "deso desokod deso2018 area areacode areakod omradeskod omrade district distrikt districtcode \
             distriktskod stadsdel municipalitycode kommunkod municipality kommun \
             neighbourhood neighborhood tatort ort locality code kod"
        }
        Target::Status => "status arendestatus state tillstand lage",
        Target::Source => {
            "source kalla sourceclass unitkind enhetstyp channel kanal origin reporter \
             rapportor anmalare"
        }
        Target::Unit => {
            "unit enhet unitcode enhetskod patrol patrull grupp group vehicleid fordon \
             callsign anropssignal deviceid device"
        }
        Target::Amount => {
            "amount antal number quantity mangd varde value beds bed baddar antalbaddar sangplatser \
             gastbaddar berths batplatser gastplatser antalgastplatser residents invanare \
             befolkning folkmangd population population2020 population2021 population2022 \
             population2023 population2024 population2025 totalt total homes fritidshus \
             roadkm vaglangd vaglangdkm roadlengthkm count summa"
        }
        Target::Season => "season sasong period manader months oppet open",
        Target::Site => {
            "site matplats matpunkt matstalle matstation station punkt sitename siteid \
             matplatsid plats location name namn vag road gata street"
        }
        Target::Count => {
            "count antal antalfordon fordon vehicles volume trafikmangd flode flow number total \
             totalt"
        }
        Target::Mean => {
            "mean meankmh meanspeed medel medelhastighet medelkmh medelhast average averagespeed \
             avg avgspeed vmedel snitt snitthastighet"
        }
        Target::V85 => {
            "v85 v85kmh 85percentil 85percentilen percentil85 p85 85th 85thpercentile v85hastighet"
        }
        Target::Limit => {
            "limit limitkmh speedlimit skyltad skyltadhastighet hastighetsgrans hastighetsbegransning \
             hgrans postedspeed"
        }
        Target::Survey => "survey undersokning undersokningsnamn matning enkat surveyname",
        Target::Year => "year ar undersokningsar matar artal",
        Target::Mode => "mode urval urvalssatt metod sampling",
        Target::Group => "group grupp kon alder sex age",
        Target::Low => "cilow low lower nedre kilag konfidenslag undregrans",
        Target::High => "cihigh high upper ovre kihog konfidenshog ovregrans",
        Target::Note => "note notes anmarkning not notering kommentar comment",
    }
}
