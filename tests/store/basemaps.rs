//! Base maps: tiles, parts and names, replaced whole.

use crate::support::*;
use fyren::store::{Basemap, BasemapHead, BasemapTile, PlaceName, StoreError};
use fyren_core::domain::*;

fn name(text: &str, weight: u32, words: &[&str]) -> (PlaceName, Vec<String>) {
    let position = Position { longitude: 11.25, latitude: 58.36 };
    let place = PlaceName { name: text.into(), kind: "street".into(), position, weight };
    (place, words.iter().map(|word| (*word).to_owned()).collect())
}

fn basemap(version: &str) -> Basemap {
    let tile = |x: u32| BasemapTile { z: 14, x, y: 4900, data: vec![31, 139, 8] };
    Basemap {
        head: BasemapHead {
            version: version.into(),
            source: "a.osm.pbf".into(),
            attribution: "© somebody".into(),
            imported_at: "2026-11-22T12:00:00Z".parse().unwrap(),
            summary: "{}".into(),
        },
        tiles: (8700..8900).map(tile).collect(),
        parts: vec![("roads".into(), vec![1, 2, 3])],
        names: vec![
            name("Storgatan", 100, &["storgatan"]),
            name("Stora vägen", 300, &["stora", "vagen"]),
            name("Österlånggatan", 200, &["osterlanggatan"]),
        ],
    }
}

contract! {
    async fn a_base_map_is_read_as_it_was_stored_and_replaced_whole(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        assert_eq!(store.basemap(&code()).await.unwrap(), None);
        let first = store.save_basemap(&code(), basemap("one"), entry("import_basemap")).await;
        assert_eq!(first.unwrap(), Seq(2));
        let owners = ("owners".to_owned(), vec![9]);
        store.save_basemap_part(&code(), owners, entry("save_owners")).await.unwrap();
        let again = Basemap { tiles: basemap("two").tiles[..1].to_vec(), ..basemap("two") };
        store.save_basemap(&code(), again, entry("import_basemap")).await.unwrap();
        assert_eq!(store.basemap(&code()).await.unwrap(), Some(basemap("two").head));
        let here = code();
        let tile = |x| store.basemap_tile(&here, (14, x, 4900));
        assert_eq!(tile(8700).await.unwrap(), Some(vec![31, 139, 8]));
        assert_eq!(tile(8701).await.unwrap(), None, "a tile of the map before");
        let part = |name: &'static str| async move { store.basemap_part(&code(), name).await.unwrap() };
        assert_eq!(part("roads").await, Some(vec![1, 2, 3]));
        assert_eq!(part("owners").await, Some(vec![9]), "what else is known stays");
        assert_eq!(part("nothing").await, None);
    }

    async fn names_are_found_by_the_beginning_of_any_word(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_basemap(&code(), basemap("one"), entry("import_basemap")).await.unwrap();
        for (word, limit, expected) in [
            ("stor", 9, &["Stora vägen", "Storgatan"][..]),
            ("stor", 1, &["Stora vägen"]),
            ("vag", 9, &["Stora vägen"]),
            ("osterlanggatan", 9, &["Österlånggatan"]),
            ("gatan", 9, &[]),
        ] {
            let found = store.names_with(&code(), word, limit).await.unwrap();
            let names: Vec<_> = found.iter().map(|place| place.name.as_str()).collect();
            assert_eq!(names, expected, "{word}");
        }
    }

    async fn a_base_map_of_nowhere_is_refused(world: World) {
        let saved = world.store.save_basemap(&code(), basemap("one"), entry("x")).await;
        assert!(matches!(saved, Err(StoreError::NotFound(_))), "{saved:?}");
    }
}
