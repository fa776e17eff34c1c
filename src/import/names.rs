//! The names under which columns are known, in Swedish and English.

use super::Target;

/// Names under which columns mean `target`, plain (see
/// [`plain`](super::words::plain)), separated by spaces, the surest first.
pub const fn names(target: Target) -> &'static str {
    match target {
        Target::Id => {
            "id externalid eventid incidentid reportid rapportid polisenid arendeid \
             arendenummer arendenr diarienummer dnr casenumber caseid servicerequestid \
             handelseid knummer besoksid visitid uuid guid globalid objectid fid lopnummer \
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
            "area areacode areakod omradeskod omrade district distrikt districtcode \
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
             callsign anropssignal"
        }
    }
}
