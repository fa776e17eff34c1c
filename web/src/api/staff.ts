/** What the staff app asks of the server. */

import type { FeatureCollection, Geometry, MultiPolygon, Point, Polygon } from "geojson";
import { failure, fetchLayer } from "./layers";
import type { SpotVeto } from "./vetoes";

/** A report as staff see it. */
export interface ReportProperties {
  category: string;
  status: string;
  source: string;
  district: string | null;
  precisionM: number;
  start: string | null;
  receivedHour: string;
  hours: number[] | null;
  weekdays: string[] | null;
  voices: number;
  quarantined: boolean;
  merged: boolean;
  duplicate: boolean;
  published: boolean;
  safePlace: boolean;
  synthetic: boolean;
}

/** An imported incident. */
export interface IncidentProperties {
  category: string;
  district: string | null;
  precisionM: number;
  start: string | null;
  policeInitiated: boolean;
}

/** A logged visit. */
export interface VisitProperties {
  unitKind: string;
  purpose: string;
  district: string | null;
  precisionM: number;
  startedAt: string;
  minutes: number;
  corrected: boolean;
}

/** A band of the heat map. */
export interface HeatProperties {
  from: number;
  to: number | null;
  unit: string;
  reports: number;
  sources: number;
}

/** A hot spot, merged and ranked. */
export interface HotspotProperties {
  rank: number | null;
  /** The cell that stands out most, by which the spot is known again. */
  key: string;
  name: string | null;
  district: string | null;
  count: number;
  sources: number;
  expected: number;
  low: number;
  high: number;
  ratio: number;
  p: number;
  q: number;
  llr: number | null;
  clusterId: number | null;
  shareEvents: number;
  shareArea: number;
  visits: number;
  presenceMinutes: number;
  daysSinceVisit: number | null;
  status: "confirmed" | "watch" | "too_few" | string;
  reason: string;
  /** The chance that a doubled risk would stand out here in such a period. */
  power: number;
  /** Chance alone shows as much less than once in so many years; `null` where it does so oftener. */
  onceInYears: number | null;
  veto: SpotVeto | null;
}

/** Presence beside need, per district. */
export interface CoverageProperties {
  district: string;
  name: string;
  reports: number;
  presenceMinutes: number;
  visits: number;
  daysSinceVisit: number | null;
}

/** A hot spot of a signed summary: one cell, as coarse as the file has it. */
export interface ToldSpotProperties {
  context: "police" | "municipal";
  /** When the summary was made. */
  made: string;
  /** The last week that it tells of, by ISO 8601. */
  week: number | null;
  rank: number;
  cellM: number;
  name: string | null;
  district: string | null;
  status: string;
}

type Members = Record<string, unknown>;

/** Everything that one look at the picture rests on. */
export interface Picture {
  reports: FeatureCollection<Point | null, ReportProperties> & Members;
  incidents: FeatureCollection<Point | null, IncidentProperties> & Members;
  visits: FeatureCollection<Point | null, VisitProperties> & Members;
  heat: FeatureCollection<MultiPolygon, HeatProperties> & Members;
  hotspots: FeatureCollection<Polygon | MultiPolygon, HotspotProperties> & Members;
  coverage: FeatureCollection<Geometry, CoverageProperties> & Members;
  /** Hot spots that the other context tells in its signed summary. */
  "summary-hotspots": FeatureCollection<Polygon, ToldSpotProperties> & Members;
  /** What is drawn from tiles, because there is too much of it to be drawn one by one. */
  many: Partial<Record<EventLayer, Many>>;
}

/** The layers of stored events. */
export type EventLayer = "reports" | "incidents" | "visits";

/** A layer of many events: how many match, and where its tiles are. */
export interface Many {
  matched: number;
  /** Template of the tiles' addresses, filters included. */
  tiles: string;
  /** Generations of the events: another one means other tiles. */
  generation: string;
}

/** Events beyond which a layer is drawn from tiles. */
export const MANY = 5000;

/** Width in pixels of the squares in which many are counted. */
const SQUARE = "32";

type LayerOfPicture = Exclude<keyof Picture, "many">;

/** The layers of a picture; `true` where all filters hold, `false` where only the period does. */
const LAYERS: Record<LayerOfPicture, boolean> = {
  reports: true,
  incidents: false,
  visits: false,
  heat: true,
  hotspots: true,
  coverage: true,
  "summary-hotspots": false,
};

/** Layers of which the table shows a part where there are many; the brush and the clock need each report. */
const IN_PART: readonly string[] = ["incidents", "visits"];

const EMPTY = { type: "FeatureCollection", features: [] };

/** What was chosen to look at; empty means everything. */
export interface Question {
  from: string;
  to: string;
  category: string;
  source: string;
  hours: string;
  weekdays: string;
  district: string;
  /** A saved patrol area. */
  area: string;
  /** What hot spots are measured against: `ownHistory`, or empty for residents. */
  expected: string;
}

/** Fetches the picture. A layer that the role may not see comes empty; other failures are thrown. */
export async function fetchPicture(code: string, question: Question, signal: AbortSignal): Promise<Picture> {
  const root = `/api/v1/municipalities/${code}/layers/`;
  const { expected, ...filters } = question;
  const wide = { ...filters, category: "", source: "", hours: "", weekdays: "" };
  const asked = (name: string, more: Record<string, string> = {}) => {
    const own = LAYERS[name as LayerOfPicture] ? filters : wide;
    return parameters({ ...own, ...(name === "hotspots" ? { expected } : {}), ...more });
  };
  const parts = await Promise.all(
    Object.keys(LAYERS).map(async (name) => {
      try {
        const part = IN_PART.includes(name) ? { limit: String(MANY) } : {};
        return [name, await fetchLayer(root + name + asked(name, part), signal)] as const;
      } catch (error) {
        const status = (error as { status?: number }).status;
        if (status === 403 || status === 404) return [name, EMPTY] as const;
        throw error;
      }
    }),
  );
  const picture = Object.fromEntries(parts) as unknown as Picture;
  picture.many = {};
  for (const name of ["reports", "incidents", "visits"] as const) {
    const matched = Number(picture[name]["numberMatched"] ?? 0);
    if (matched <= MANY) continue;
    const tiles = `${location.origin}/tiles/${code}/${name}/{z}/{x}/{y}.mvt${asked(name, { square: SQUARE })}`;
    picture.many[name] = { matched, tiles, generation: JSON.stringify(picture[name]["generation"]) };
  }
  return picture;
}

/** The reports alone. */
export function fetchReports(code: string, question: Question, signal: AbortSignal): Promise<Picture["reports"]> {
  return fetchLayer(`/api/v1/municipalities/${code}/layers/reports${parameters({ ...question, expected: "" })}`, signal) as Promise<Picture["reports"]>;
}

function parameters(question: object): string {
  const set = Object.entries(question).filter(([, value]) => value !== "");
  return set.length ? `?${new URLSearchParams(set)}` : "";
}

/** A visit as it is logged. */
export interface NewVisit {
  unit: string;
  unitKind: string;
  place: { longitude: number; latitude: number } | { localityId: string } | { districtCode: string };
  startedAt: string;
  endedAt: string;
  mode: string;
  purpose: string;
  seen?: string;
}

/** Logs a visit; the same key logs it once. */
export async function logVisit(code: string, visit: NewVisit, key: string): Promise<void> {
  const response = await fetch(`/api/v1/municipalities/${code}/visits`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(visit),
  });
  if (!response.ok) throw await failure(response);
}

/** A category with its names. */
export interface CategoryName {
  code: string;
  /** What of the kind may become public. */
  publicity: string;
  /** Whether only the district of such a report is kept. */
  districtOnly: boolean;
  name: { sv: string; en: string };
}

/** The list of categories. */
export async function fetchCategories(code: string): Promise<CategoryName[]> {
  const response = await fetch(`/api/v1/municipalities/${code}/categories`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as CategoryName[];
}
