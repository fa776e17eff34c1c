/** Who reports and who is not heard: reports of districts beside what a safety survey found there. */

import { ask } from "./presence";

/** How one district is heard. */
export interface Voice {
  code: string;
  name: string;
  reports: number;
  reportsPer1000: number;
  /** Reports that its residents and the survey would lead one to expect. */
  expected: number | null;
  ratio: number | null;
  ratioLow: number | null;
  ratioHigh: number | null;
  /** Days until a new defect is reported, by its duplicates; nothing where too few came. */
  delayDays: number | null;
  /** Share that feels unsafe, 0 to 1, with its 95 % interval. */
  unsafe: number | null;
  unsafeLow: number | null;
  unsafeHigh: number | null;
  asked: number | null;
  /** Whether it is silent; nothing without a survey to be silent against. */
  silent: boolean | null;
}

/** The survey that stands beside the reports. */
export interface Survey {
  name: string;
  year: number;
  mode: "probability" | "open";
  districts: number;
}

/** The districts with the window and the survey that they speak of. */
export interface Voices {
  rows: Voice[];
  from: string;
  to: string;
  survey: Survey | null;
  limits: string[];
}

/** Fetches how the districts are heard, beside `shares` (district to 0–1) where some are typed in. */
export async function fetchVoices(code: string, shares: Record<string, number> = {}): Promise<Voices> {
  const typed = Object.entries(shares).map(([district, share]) => `${district}:${share}`);
  const asked = typed.length ? `?${new URLSearchParams({ survey: typed.join(",") })}` : "";
  const answer = await ask(`/api/v1/municipalities/${code}/analytics/bias${asked}`);
  const window = (answer["window"] ?? {}) as { from?: string; to?: string };
  const params = (answer["params"] ?? {}) as { survey?: Survey | null };
  return {
    rows: answer.features.map((feature) => voice(feature.properties)),
    from: window.from ?? "",
    to: window.to ?? "",
    survey: params.survey ?? null,
    limits: ((answer["limits"] ?? []) as { rule: string }[]).map((limit) => limit.rule),
  };
}

function voice(of: Record<string, unknown>): Voice {
  const maybe = (name: string) => (typeof of[name] === "number" ? (of[name] as number) : null);
  return {
    code: String(of["area"] ?? ""), name: String(of["name"] ?? ""), reports: maybe("reports") ?? 0, reportsPer1000: maybe("reportsPer1000") ?? 0,
    expected: maybe("expected"), ratio: maybe("ratio"), ratioLow: maybe("ratioLow"), ratioHigh: maybe("ratioHigh"), delayDays: maybe("delayDays"),
    unsafe: maybe("surveyUnsafeShare"), unsafeLow: maybe("surveyLow"), unsafeHigh: maybe("surveyHigh"), asked: maybe("surveyAsked"),
    silent: typeof of["silentArea"] === "boolean" ? (of["silentArea"] as boolean) : null,
  };
}
