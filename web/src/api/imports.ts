/** Files that staff import: upload, how they are understood, trying, storing, taking back. */

import type { FeatureCollection, Geometry } from "geojson";
import { failure } from "./layers";

/** Kinds of file. */
export const KINDS = ["reports", "incidents", "visits", "tracks", "areas", "exposure", "speeds", "surveys"] as const;
/** What a column can mean. */
export const TARGETS = ["id", "at", "from", "to", "category", "text", "longitude", "latitude", "x", "y", "precision", "area", "status", "source", "unit", "amount", "season", "site", "count", "mean", "v85", "limit", "survey", "year", "mode", "group", "low", "high", "note"] as const;

/** One of the first rows of a file. */
export interface SampleProperties {
  line: number;
  values: Record<string, string>;
  at: string | null;
  category: string | null;
  district: string | null;
  refused: { field: string; rule: string } | null;
}

/** A point with far more rows than others, or far from them. */
export interface PointPile {
  longitude: number;
  latitude: number;
  rows: number;
  share: number;
  line: number;
}

/** What a try or an import told. */
export interface ImportReport {
  read: number;
  stored: number;
  known: number;
  refused: number;
  refusals: { line: number; field: string; rule: string }[];
  refusedByRule: Record<string, number>;
  unusedColumns: string[];
  times: { zone: string; zoneAssumed: boolean; unknown: number; unreadable: number; lookLikeDefaults: { time: string; rows: number; expected: number; lines: number[] }[] };
  places: { coarse: number; onWater: number; outside: number; swapped: number; repeated: number; repeatedPoints: PointPile[]; outliers: number; outlyingPoints: PointPile[] };
}

/** An import. */
export interface Import {
  id: string;
  state: "waiting" | "checking" | "checked" | "running" | "done" | "failed" | "undoing" | "undone";
  kind: string;
  dataset: string;
  actor: string;
  file: string | null;
  bytes: number | null;
  beganAt: string | null;
  progress: { rows: number; read: number };
  rows: { read: number; stored: number; known: number; refused: number } | null;
  settings: { columns: Record<string, string>; timeZone: string | null; crs: string | null } | null;
  columns: { name: string; target: string | null }[];
  seen: { format: string; encoding: string; rows: number; crs: string; crsName: string; timeZone: string } | null;
  sample: FeatureCollection<Geometry | null, SampleProperties> | null;
  report: ImportReport | null;
  failure: string | null;
}

/** How a file is to be understood. */
export interface ImportSettings {
  kind: string;
  dataset: string;
  columns: Record<string, string>;
  timeZone?: string;
  crs?: string;
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw await failure(response);
  return response;
}

function root(code: string): string {
  return `/api/v1/municipalities/${code}/imports`;
}

/** Uploads a file; nothing of it is stored yet. */
export async function uploadFile(code: string, kind: string, file: File): Promise<Import> {
  const query = new URLSearchParams({ kind, name: file.name });
  return (await (await ask(`${root(code)}?${query}`, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file })).json()) as Import;
}

/** Imports and files that wait, the last first. */
export async function listImports(code: string): Promise<Import[]> {
  return (await (await ask(root(code))).json()) as Import[];
}

/** An import as it is now. */
export async function readImport(code: string, id: string): Promise<Import> {
  return (await (await ask(`${root(code)}/${id}`)).json()) as Import;
}

/** Says how a waiting file is to be understood. */
export async function setImport(code: string, id: string, settings: ImportSettings): Promise<Import> {
  const init = { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(settings) };
  return (await (await ask(`${root(code)}/${id}`, init)).json()) as Import;
}

/** Tries, starts or takes back an import. */
export async function actOnImport(code: string, id: string, act: "check" | "start" | "undo"): Promise<Import> {
  return (await (await ask(`${root(code)}/${id}/${act}`, { method: "POST" })).json()) as Import;
}

/** Gives a waiting file up. */
export async function discardImport(code: string, id: string): Promise<void> {
  await ask(`${root(code)}/${id}`, { method: "DELETE" });
}
