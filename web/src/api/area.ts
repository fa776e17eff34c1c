/** Areas of several municipalities, for who has a role in all of them. */

import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";
import { fetchBase, type Base } from "./base";
import { ApiError, failure, fetchLayer } from "./layers";
import type { HotspotProperties } from "./staff";

/** An area in the list. */
export interface AreaHead {
  name: string;
  municipalities: string[];
}

/** A municipality within the picture of an area. */
export interface AreaMember {
  code: string;
  name: string;
  /** First day of the numbers; the last is today. */
  from: string;
  reports: number;
  visits: number;
  presenceMinutes: number;
  daysSinceVisit: number | null;
  /** Districts without any visit in these days. */
  unvisited: number;
  districts: number;
  residents: number | null;
}

/** An area as one picture. */
export interface AreaPicture {
  name: string;
  municipalities: AreaMember[];
}

/** Hot spots of one municipality. */
export type Spots = FeatureCollection<Polygon | MultiPolygon, HotspotProperties>;

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as T;
}

/** The areas that the reader has all of. */
export function listAreas(): Promise<AreaHead[]> {
  return json<AreaHead[]>("/api/v1/areas");
}

/** The picture of the first of them that `code` is in. */
export async function fetchArea(code: string): Promise<AreaPicture> {
  const found = (await listAreas()).find((area) => area.municipalities.length > 1 && area.municipalities.includes(code));
  if (!found) throw new ApiError(404, "");
  return json<AreaPicture>(`/api/v1/areas/${encodeURIComponent(found.name)}`);
}

/** The ground of each municipality. */
export function fetchGrounds(codes: string[]): Promise<Base[]> {
  return Promise.all(codes.map((code) => fetchBase(`/${code}/base.json`)));
}

/** The hot spots of one municipality, by its own test; none for who may not see them. */
export async function fetchSpots(code: string): Promise<Spots> {
  try {
    return await fetchLayer<HotspotProperties, Polygon | MultiPolygon>(`/api/v1/municipalities/${code}/layers/hotspots`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return { type: "FeatureCollection", features: [] };
    throw error;
  }
}
