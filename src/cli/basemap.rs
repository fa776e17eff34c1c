//! `fyren basemap`: streets, buildings and coast under the map.

use super::download::download;
use super::import::Bar;
use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{App, BasemapJob, BasemapReport, Error, FileFailure, GroundFile},
    config::StoreArgs,
};
use clap::Subcommand;
use fyren_core::domain::MunicipalityCode;
use std::path::{Path, PathBuf};

/// Arguments of `fyren basemap`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make the base map of a municipality from files: an extract of `OpenStreetMap`
    /// (.osm.pbf), roads of NVDB, maps of Lantmäteriet (.gpkg, .shp, .zip), land polygons, or
    /// tiles that were cut elsewhere (.pmtiles).
    Import {
        /// The files, of a whole country too: only what lies in the municipality is kept, and
        /// of what several of them hold that of the last one.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Code of the municipality.
        #[arg(long, value_name = "CODE")]
        municipality: String,
        /// Whom every map names as the source, in place of whoever made the files.
        #[arg(long, value_name = "TEXT")]
        attribution: Option<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Say who answers for which area and category: `GeoJSON` with `owner` and, where they
    /// are known, `contact` and `category`; a feature without geometry is a default.
    Owners {
        /// The file.
        file: PathBuf,
        /// Code of the municipality.
        #[arg(long, value_name = "CODE")]
        municipality: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Print the boundary of an administrative area in an extract as `GeoJSON`, to be
    /// given to `fyren municipality add --boundary`.
    Boundary {
        /// The extract.
        file: PathBuf,
        /// The name of the area as `OpenStreetMap` writes it.
        #[arg(long)]
        name: String,
    },
    /// Download an extract of `OpenStreetMap` for a municipality: the one step that needs a
    /// net. Everything else works from files.
    Fetch {
        /// Code of the municipality.
        code: String,
        /// Folder for the file.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        out: PathBuf,
        /// Address of another file than the extract of Sweden.
        #[arg(long, value_name = "ADDRESS")]
        from: Option<String>,
        /// Print where files can be downloaded, and download none.
        #[arg(long)]
        list: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Who did it, in the audit log.
const ACTOR: &str = "command line";

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Import { files, municipality, attribution, store } => {
            let names: Vec<String> = files.iter().map(|file| name_of(file)).collect();
            let source = names.join(", ");
            let job = BasemapJob { municipality: parsed(&municipality)?, source, attribution };
            import(&files, job, &store).await
        }
        Action::Owners { file, municipality, store } => {
            owners(&file, &parsed(&municipality)?, &store).await
        }
        Action::Boundary { file, name } => boundary(file, name).await,
        Action::Fetch { code, json, list: true, .. } => list(&parsed(&code)?, json),
        Action::Fetch { code, out, from, json, .. } => {
            fetch(&parsed(&code)?, from.as_deref(), (&out, json)).await
        }
    }
}

fn parsed(code: &str) -> Result<MunicipalityCode, WrongUsage> {
    MunicipalityCode::parse(code)
        .map_err(|_form| WrongUsage(format!("{code}: a code is 2 to 32 of a-z, 0-9 and -")))
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn import(files: &[PathBuf], job: BasemapJob, store: &StoreArgs) -> Result<(), Failure> {
    // An extract is walked through three or four times.
    let bars = files.iter().map(|file| Bar::over(file, 4)).collect::<Result<Vec<_>, _>>()?;
    let app = open(store).await?;
    let code = job.municipality.clone();
    let opened = files.iter().zip(&bars);
    let read = opened.map(|(file, bar)| GroundFile::of(file, bar.opener(file.clone()))).collect();
    let done = app.import_basemap(ACTOR, job, read).await;
    bars.iter().for_each(Bar::finish);
    app.close().await;
    let report = done.map_err(|failure| explained(failure, &code))?;
    if store.json {
        print_json(&serde_json::to_value(&report)?)
    } else {
        lines(&report).iter().try_for_each(|line| print_line(line))
    }
}

fn explained(failure: FileFailure, code: &MunicipalityCode) -> Failure {
    match failure {
        FileFailure::App(Error::NotFound) => anyhow::anyhow!(
            "there is no municipality {code} in this data base; add it first with \
             fyren municipality add {code}"
        ),
        FileFailure::App(Error::Invalid(broken))
            if broken.iter().any(|violation| violation.rule == "nothing_here") =>
        {
            anyhow::anyhow!("nothing in the file lies in or near municipality {code}")
        }
        FileFailure::App(error) => Failure::new(error),
        FileFailure::File(error) => Failure::new(error),
    }
}

fn lines(report: &BasemapReport) -> Vec<String> {
    let kinds: Vec<String> =
        report.pieces.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    let coast = match (report.coast, report.coast_gaps) {
        (false, _) => "no coast in the file; the land stays as it was".to_owned(),
        (true, 0) => "the coast is now that of the file".to_owned(),
        (true, gaps) => format!(
            "the coast is now that of the file, with {gaps} ends that were led to the map's edge"
        ),
    };
    vec![
        format!("{}\tread {}", report.municipality, kinds.join(", ")),
        format!(
            "{}\t{} tiles, {} kB, the largest {} kB",
            report.municipality,
            report.tiles,
            report.tile_bytes / 1_000,
            report.largest_tile / 1_000
        ),
        format!(
            "{}\t{} km of road, {} dwellings, {} names to search for",
            report.municipality, report.road_km, report.dwellings, report.names
        ),
        format!("{}\t{coast}", report.municipality),
    ]
}

async fn owners(file: &Path, code: &MunicipalityCode, store: &StoreArgs) -> Result<(), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::new(error).context(file.display().to_string()))?;
    let app = open(store).await?;
    let saved = app.save_owners(ACTOR, code, &bytes).await;
    app.close().await;
    let report = saved.map_err(|error| explained(error.into(), code))?;
    if store.json {
        print_json(&serde_json::to_value(report)?)
    } else {
        print_line(&format!("{code}\t{} areas, {} defaults", report.areas, report.defaults))
    }
}

async fn boundary(file: PathBuf, name: String) -> Result<(), Failure> {
    let bar = Bar::over(&file, 3)?;
    let found = App::outline_in(name.clone(), bar.opener(file)).await;
    bar.finish();
    let ground = found.map_err(|failure| match failure {
        FileFailure::App(Error::NotFound) => {
            anyhow::anyhow!("the file holds no administrative area with the name {name}")
        }
        FileFailure::App(error) => Failure::new(error),
        FileFailure::File(error) => Failure::new(error),
    })?;
    let geometry = serde_json::to_value(geojson::Geometry::from(&ground))?;
    print_json(&serde_json::json!({
        "type": "Feature",
        "properties": { "name": name },
        "geometry": geometry,
    }))
}

/// The extract of Sweden.
const SWEDEN: &str = "https://download.geofabrik.de/europe/sweden-latest.osm.pbf";

/// What can be downloaded, and what each is good for.
const SOURCES: &[(&str, &str, &str)] = &[
    (
        "Geofabrik, Sweden",
        SWEDEN,
        "streets, buildings, coast, lamps, addresses (ODbL); fyren basemap import",
    ),
    (
        "Geofabrik, other countries",
        "https://download.geofabrik.de/",
        "the same elsewhere; fyren basemap import",
    ),
    (
        "Trafikverket Lastkajen",
        "https://lastkajen.trafikverket.se/",
        "NVDB by municipality or county, as one table (homogeniserad): roads with names, limits and \
         who keeps them (CC0); fyren basemap import",
    ),
    (
        "Lantmäteriet Geotorget",
        "https://geotorget.lantmateriet.se/",
        "Byggnad, Marktäcke, Hydrografi, Topografi 50 (GeoPackage); fyren basemap import",
    ),
    (
        "OpenStreetMap land polygons",
        "https://osmdata.openstreetmap.de/data/land-polygons.html",
        "the true coast, WGS 84 (Shapefile, ODbL); fyren basemap import",
    ),
];

async fn fetch(
    code: &MunicipalityCode,
    from: Option<&str>,
    (out, json): (&Path, bool),
) -> Result<(), Failure> {
    let swedish = code.as_str().len() == 4 && code.as_str().bytes().all(|b| b.is_ascii_digit());
    let address = from.or(swedish.then_some(SWEDEN)).ok_or_else(|| {
        WrongUsage(format!(
            "{code} is no municipality of Sweden: name a file with --from ADDRESS; --list tells \
             where there are some"
        ))
    })?;
    let file = download(address, out).await?;
    let bytes = std::fs::metadata(&file)?.len();
    if json {
        let file = file.display().to_string();
        return print_json(&serde_json::json!({"address": address, "file": file, "bytes": bytes}));
    }
    print_line(&format!("{}\t{bytes} bytes", file.display()))?;
    print_line(&format!("then: fyren basemap import {} --municipality {code}", file.display()))
}

fn list(code: &MunicipalityCode, json: bool) -> Result<(), Failure> {
    if json {
        let sources = SOURCES.iter().map(|(name, address, holds)| {
            serde_json::json!({"name": name, "address": address, "holds": holds})
        });
        let sources: Vec<_> = sources.collect();
        return print_json(&serde_json::json!({"municipality": code.as_str(), "sources": sources}));
    }
    for (name, address, holds) in SOURCES {
        print_line(&format!("{name}\t{address}\t{holds}"))?;
    }
    print_line(&format!("then: fyren basemap import FILE --municipality {code}"))
}
