/** What staff do with one report. */

import { failure } from "./layers";
import type { Message } from "./threads";

/** A report within 100 m and 90 days. */
export interface Neighbour {
  id: string;
  category: string;
  status: string;
  metres: number;
  receivedAt: string;
  quarantined: boolean;
  merged: boolean;
  duplicate: boolean;
}

/** One report as staff read it. */
export interface Report {
  id: string;
  category: string;
  status: string;
  next: string[];
  longitude: number | null;
  latitude: number | null;
  precisionM: number;
  district: string | null;
  factors: string[];
  /** Answers to what the category asks. */
  details: string[];
  /** How many photos it has. */
  photos: number;
  /** What the text should be looked at for. */
  flags: string[];
  feeling: string | null;
  text: string | null;
  channel: string;
  voices: number;
  published: boolean;
  /** Whether it tells of a defect that may be published. */
  publishable: boolean;
  quarantine: "burst" | "same_text" | "staff" | null;
  duplicateOf: string | null;
  mergedInto: string | null;
  /** Reports that were merged into it. */
  merged: string[];
  /** Reports that repeat it. */
  repeats: string[];
  neighbours: Neighbour[];
  foreignCategory: string | null;
  when: { from?: string; to?: string; precision: string; hours?: number[]; weekdays?: string[]; seasons?: string[] };
  receivedAt: string;
  history: { status: string; at: string }[];
  answers: { at: string; organisation: string; text: string }[];
  /** What its sender and staff have written to each other. */
  thread: Message[];
}

function address(code: string, id: string, rest = ""): string {
  return `/api/v1/municipalities/${code}/reports/${id}${rest}`;
}

async function send(method: string, url: string, body?: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
}

/** Reads a report with its text; the read is noted in the audit log. */
export async function readReport(code: string, id: string): Promise<Report> {
  const response = await fetch(address(code, id));
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Report;
}

/** Moves a report on its way, with an answer to the resident if there is one. */
export function changeStatus(code: string, id: string, status: string, answer: string): Promise<void> {
  return send("POST", address(code, id, "/status"), answer === "" ? { status } : { status, answer });
}

/** Keeps a report out of rankings and releases, or lets it back in with `null`. */
export function quarantineReport(code: string, id: string, reason: "staff" | null): Promise<void> {
  return send("POST", address(code, id, "/quarantine"), { reason });
}

/** Merges a report into an other one. */
export function mergeReport(code: string, id: string, into: string): Promise<void> {
  return send("POST", address(code, id, "/merge"), { into });
}

/** Says that a report repeats an earlier one, or with `null` none. */
export function markDuplicate(code: string, id: string, of: string | null): Promise<void> {
  return send("POST", address(code, id, "/duplicate"), { of });
}

/** Publishes the defect that a report tells of, as a fact about a place. */
export function publishDefect(code: string, id: string, owner: string): Promise<void> {
  return send("PUT", address(code, id, "/defect"), { owner });
}

/** Takes a published defect back. */
export function withdrawDefect(code: string, id: string): Promise<void> {
  return send("DELETE", address(code, id, "/defect"));
}
