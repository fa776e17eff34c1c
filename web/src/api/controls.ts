/** Traffic controls: which ones the picture calls for, and what became of each. */

import { failure } from "./layers";

export const KINDS = ["speed", "sobriety", "belt_phone", "vehicle"] as const;
export const WHY_HERE = ["over_limit", "sources", "crashes", "school", "request", "local_knowledge"] as const;
export const WHY_NOW = ["days_since", "school_start", "hot_hours", "event", "follow_up"] as const;
export const NOT_DONE = ["no_unit", "weather", "road", "no_longer_called", "measure_first", "other"] as const;
export const BREACHES = ["speeding", "alcohol", "drugs", "licence", "belt", "phone", "vehicle", "other"] as const;

/** A site with what the rules say of it. */
export interface Candidate {
  key: string;
  name: string;
  district: string | null;
  call: "called" | "measure_first" | "listed" | "resting";
  whyHere: string[];
  whyNow: string[];
  overKmh: number | null;
  sources: number;
  daysSince: number | null;
  v85Kmh: number | null;
  limitKmh: number | null;
  crashes: number;
}

/** The rules by which the picture calls. */
export interface Rules {
  overKmh: number;
  sources: number;
  crashes: number;
  restDays: number;
  schoolDays: number;
}

/** What came of a control. */
export interface ControlResult {
  on: string;
  minutes: number;
  vehicles: number;
  checked: number;
  breaches: Record<string, number>;
  v85BeforeKmh: number | null;
  v85AfterKmh: number | null;
}

/** A control. */
export interface Control {
  id: string;
  kind: string;
  site: string;
  district: string | null;
  state: "due" | "moved" | "lapsed" | "done";
  day: string | null;
  calledFor: string | null;
  whyHere: string[];
  whyNow: string[];
  overKmh: number | null;
  sources: number;
  daysSince: number | null;
  steps: { at: string; by: string; act: string; day: string | null; reason: string | null }[];
  result: ControlResult | null;
}

/** Output beside outcome. */
export interface ControlReport {
  output: { called: number; done: number; moved: number; lapsed: number; open: number; beside: number };
  minutes: number;
  vehicles: number;
  checked: number;
  breaches: Record<string, number>;
  comparedDays: number;
  outcome: { site: string; district: string | null; kind: string; on: string; v85BeforeKmh: number | null; v85AfterKmh: number | null; changeKmh: number | null; sourcesBefore: number; sourcesAfter: number | null }[];
}

/** What came of a control, as it is sent. */
export interface NewResult {
  unit: string;
  unitKind: string;
  mode: string;
  startedAt: string;
  minutes: number;
  vehicles: number;
  checked: number;
  breaches: Record<string, number>;
  v85BeforeKmh: number | null;
  v85AfterKmh: number | null;
}

const root = (code: string) => `/api/v1/municipalities/${code}/controls`;

/** Every site with a sign of need; nothing for a role that plans no controls. */
export async function fetchCandidates(code: string): Promise<{ items: Candidate[]; rules: Rules }> {
  return get(`${root(code)}/candidates`);
}

/** The controls, the latest first. */
export async function listControls(code: string): Promise<Control[]> {
  return (await get<{ items: Control[] }>(`${root(code)}?limit=1000`)).items;
}

/** Output beside outcome, from a day on. */
export async function fetchControlReport(code: string, from: string): Promise<ControlReport> {
  return get(`${root(code)}/report?from=${from}`);
}

/** Calls for a control, or notes one that was done; the same key does it once. */
export async function createControl(code: string, control: object, key: string): Promise<void> {
  await send(root(code), control, { "idempotency-key": key });
}

/** Says what became of a control. */
export async function addControlStep(code: string, id: string, step: object): Promise<void> {
  await send(`${root(code)}/${id}/steps`, step, {});
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as T;
}

async function send(url: string, body: object, more: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
}
