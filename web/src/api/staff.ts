/** What the staff app asks of the server. */

import type { FeatureCollection, Geometry, MultiPolygon, Point, Polygon } from "geojson";
import { failure, fetchLayer } from "./layers";

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
  count: number;
  sources: number;
  expected: number;
  low: number;
  high: number;
  presenceMinutes: number;
  daysSinceVisit: number | null;
  status: "confirmed" | "watch" | "too_few" | string;
  reason: string | { sv: string; en: string } | null;
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

type Members = Record<string, unknown>;

/** Everything that one look at the picture rests on. */
export interface Picture {
  reports: FeatureCollection<Point | null, ReportProperties> & Members;
  incidents: FeatureCollection<Point | null, IncidentProperties> & Members;
  visits: FeatureCollection<Point | null, VisitProperties> & Members;
  heat: FeatureCollection<MultiPolygon, HeatProperties> & Members;
  hotspots: FeatureCollection<Polygon | MultiPolygon, HotspotProperties> & Members;
  coverage: FeatureCollection<Geometry, CoverageProperties> & Members;
}

/** The layers of a picture; `true` where all filters hold, `false` where only the period does. */
const LAYERS: Record<keyof Picture, boolean> = {
  reports: true,
  incidents: false,
  visits: false,
  heat: true,
  hotspots: true,
  coverage: true,
};

const EMPTY = { type: "FeatureCollection", features: [] };

/** What was chosen to look at; empty means everything. */
export interface Question {
  from: string;
  category: string;
  source: string;
  hours: string;
  weekdays: string;
  district: string;
}

/** Fetches the picture. A layer that the role may not see comes empty; other failures are thrown. */
export async function fetchPicture(code: string, question: Question, signal: AbortSignal): Promise<Picture> {
  const root = `/api/v1/municipalities/${code}/layers/`;
  const narrow = parameters(question);
  const wide = parameters({ ...question, category: "", source: "", hours: "", weekdays: "" });
  const parts = await Promise.all(
    Object.entries(LAYERS).map(async ([name, whole]) => {
      try {
        return [name, await fetchLayer(root + name + (whole ? narrow : wide), signal)] as const;
      } catch (error) {
        const status = (error as { status?: number }).status;
        if (status === 403 || status === 404) return [name, EMPTY] as const;
        throw error;
      }
    }),
  );
  return Object.fromEntries(parts) as unknown as Picture;
}

function parameters(question: Question): string {
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
  name: { sv: string; en: string };
}

/** The list of categories. */
export async function fetchCategories(code: string): Promise<CategoryName[]> {
  const response = await fetch(`/api/v1/municipalities/${code}/categories`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as CategoryName[];
}
