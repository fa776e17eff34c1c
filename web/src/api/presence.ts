/** Dose and gap: per district, and per hot spot. */

import { failure } from "./layers";

/** What was planned and given somewhere. */
export interface Dose {
  name: string | null;
  district: string | null;
  /** Visits that the goal asks for. */
  wanted: number;
  /** Visits in decided plans; nothing where there is no plan, or plans are not for us. */
  planned: number | null;
  /** Of these, how many were made. */
  given: number | null;
  missed: number | null;
  visits: number;
  /** Visits long enough to be felt. */
  felt: number;
  /** Of these, within the guide. */
  band: number;
  minutes: number;
  daysSince: number | null;
  longestGap: number;
  needShare: number;
  presenceShare: number;
  /** Nothing of a hot spot. */
  populationShare: number | null;
  gap: number;
  rank: number | null;
  /** How sure a hot spot is; nothing of a district. */
  status: string | null;
}

/** Doses with the window that they speak of. */
export interface Doses {
  rows: Dose[];
  from: string;
  to: string;
  goal: number;
  /** Days with a plan, of how many before today; nothing where plans are not for us. */
  plans: { days: number; ofDays: number } | null;
  misallocation: number | null;
  police: boolean;
}

/** What a method answers. */
export interface Answer {
  features: { properties: Record<string, unknown> }[];
  [member: string]: unknown;
}

/** The answer of a method; waits for a run that takes longer. */
export async function ask(url: string): Promise<Answer> {
  for (let next = url; ; ) {
    const response = await fetch(next);
    if (!response.ok) throw await failure(response);
    if (response.status !== 202) return (await response.json()) as Answer;
    next = ((await response.json()) as { statusUrl: string }).statusUrl;
  }
}

function dose(of: Record<string, unknown>): Dose {
  const n = (name: string) => Number(of[name] ?? 0);
  const maybe = (name: string) => (typeof of[name] === "number" ? (of[name] as number) : null);
  const text = (name: string) => (typeof of[name] === "string" ? (of[name] as string) : null);
  return {
    name: text("name"), district: text("district") ?? text("area"), wanted: n("wanted"), planned: maybe("planned"),
    given: maybe("given"), missed: maybe("missed"), visits: n("visits"), felt: n("visitsGe10"), band: n("visitsBand"), minutes: n("minutes"),
    daysSince: maybe("daysSinceLast"), longestGap: n("longestGap"), needShare: n("needShare"), presenceShare: n("presenceShare"),
    populationShare: maybe("populationShare"), gap: n("gap"), rank: maybe("rank"), status: text("status"),
  };
}

/** Fetches the doses of districts (`presence`) or hot spots (`dose`) of the last `days` days. */
export async function fetchDoses(code: string, method: "presence" | "dose", span: { from: string; to: string } | null): Promise<Doses> {
  const asked = span ? `?${new URLSearchParams(span)}` : "";
  const answer = await ask(`/api/v1/municipalities/${code}/analytics/${method}${asked}`);
  const window = (answer["doseWindow"] ?? answer["window"] ?? {}) as { from?: string; to?: string; goalAWeek?: number };
  const params = (answer["params"] ?? {}) as { goal?: number };
  const contexts = (answer["presenceOf"] ?? []) as string[];
  return {
    rows: answer.features.map((feature) => dose(feature.properties)),
    from: window.from ?? "",
    to: window.to ?? "",
    plans: (answer["plans"] ?? null) as Doses["plans"],
    goal: window.goalAWeek ?? params.goal ?? 1,
    misallocation: typeof answer["misallocation"] === "number" ? (answer["misallocation"] as number) : null,
    police: contexts.includes("police"),
  };
}
