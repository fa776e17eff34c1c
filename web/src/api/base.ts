/** The base map document of a municipality. */

import type { Feature, FeatureCollection, MultiPolygon, Point } from "geojson";

/** What is known of a named place. */
export interface PlaceProperties {
  id: string;
  name: string;
  kind: "town" | "village" | "hamlet" | "locality" | "stop" | "harbour" | "amenity";
  weight: number;
  district: string | null;
}

/** A named place on the map. */
export type Place = Feature<Point, PlaceProperties>;

/** Tiles of an imported base map, and whom to name for them. */
export interface Tiles {
  version: string;
  attribution: string;
  /** Whether they have land and coast: the document's are then for the still picture alone. */
  coast: boolean;
  minZoom: number;
  maxZoom: number;
}

/** Land, boundary, districts, places and the first view. */
export interface Base {
  code: string;
  name: string;
  view: [number, number, number, number] | null;
  boundary: Feature<MultiPolygon>;
  land: Feature<MultiPolygon> | null;
  basemap: Tiles | null;
  districts: FeatureCollection<MultiPolygon, { code: string; name: string }>;
  places: FeatureCollection<Point, PlaceProperties>;
}

/** Fetches the document at `url`. */
export async function fetchBase(url: string): Promise<Base> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as Base;
}
