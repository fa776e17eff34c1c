//! Tiles that were cut elsewhere: a `PMTiles` archive (version 3), of which
//! those near the box are taken as they are.

use crate::import::ImportError;
use fyren_core::domain::Position;
use fyren_core::plane::Tile;
use geo_types::Rect;
use pmtiles::{AsyncPmTilesReader, MmapBackend, TileCoord, TileType};
use std::path::Path;

/// Most bytes of all tiles of a municipality, unpacked.
const MAX_BYTES: usize = 1 << 30;

/// What is taken of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CutTiles {
    /// Vector tiles, not packed.
    pub tiles: Vec<(Tile, Vec<u8>)>,
    /// The first and the last zoom.
    pub zooms: [u8; 2],
    /// The names of the layers in them, where the archive tells.
    pub layers: Vec<String>,
    /// Whom the archive says that a map has to name.
    pub credit: Option<String>,
}

/// The vector tiles of an archive that touch `frame`, of the zooms from `least`
/// to `most` that it has. Costs a look-up for each tile of the frame.
///
/// # Errors
/// [`ImportError::Packed`] for a file that is no such archive, holds other
/// tiles than vector tiles, or would take more than 1 GiB.
pub async fn read_pmtiles(
    path: &Path,
    frame: Rect,
    [least, most]: [u8; 2],
) -> Result<CutTiles, ImportError> {
    let archive = AsyncPmTilesReader::<MmapBackend>::new_with_path(path).await.map_err(told)?;
    let header = archive.get_header();
    if header.tile_type != TileType::Mvt {
        return Err(ImportError::Packed("the archive holds no vector tiles".to_owned()));
    }
    let zooms = [header.min_zoom.max(least), header.max_zoom.min(most)];
    let metadata = archive.get_metadata().await.map_err(told)?;
    let (layers, credit) = described(&metadata);
    let (mut tiles, mut bytes) = (Vec::new(), 0);
    for tile in (zooms[0]..=zooms[1]).flat_map(|z| over(frame, z)) {
        let place = TileCoord::new(tile.z(), tile.x(), tile.y()).map_err(told)?;
        let Some(data) = archive.get_tile_decompressed(place).await.map_err(told)? else {
            continue;
        };
        bytes += data.len();
        if bytes > MAX_BYTES {
            return Err(ImportError::Packed("the tiles of this place take over 1 GiB".to_owned()));
        }
        tiles.push((tile, data.to_vec()));
    }
    Ok(CutTiles { tiles, zooms, layers, credit })
}

/// The tiles of a zoom that touch a box.
fn over(frame: Rect, z: u8) -> impl Iterator<Item = Tile> {
    let at = |longitude, latitude| Tile::at(z, Position { longitude, latitude });
    let first = at(frame.min().x, frame.max().y);
    let last = at(frame.max().x, frame.min().y);
    let row = move |y| (first.x()..=last.x()).filter_map(move |x| Tile::new(z, x, y).ok());
    (first.y()..=last.y()).flat_map(row)
}

/// The names of the layers, and whom to name, without its markup.
fn described(metadata: &str) -> (Vec<String>, Option<String>) {
    let metadata: serde_json::Value = serde_json::from_str(metadata).unwrap_or_default();
    let layers = metadata["vector_layers"].as_array().into_iter().flatten();
    let layers = layers.filter_map(|layer| Some(layer["id"].as_str()?.to_owned())).collect();
    let credit = metadata["attribution"].as_str().map(plain).filter(|text| !text.is_empty());
    (layers, credit)
}

/// A text without the tags of HTML.
fn plain(text: &str) -> String {
    let mut within = false;
    let kept = text.chars().filter(|letter| {
        let outside = !within && *letter != '<';
        within = if within { *letter != '>' } else { *letter == '<' };
        outside
    });
    kept.collect::<String>().trim().to_owned()
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn told(error: pmtiles::PmtError) -> ImportError {
    ImportError::Packed(format!("this is no PMTiles archive that can be read ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribution_is_text() {
        let (layers, credit) = described(
            r#"{"attribution":"<a href=\"https://x\">© Somebody</a>","vector_layers":[{"id":"roads"}]}"#,
        );
        assert_eq!((layers, credit.as_deref()), (vec!["roads".to_owned()], Some("© Somebody")));
        assert_eq!(described("no JSON"), (Vec::new(), None));
    }
}
