/** Public records: requests for documents, and what is let go by decision. */

import { failure } from "./layers";

/** What a secrecy review comes to, in the order in which it is offered. */
export const VERDICTS = ["release", "mask", "withhold"] as const;

/** What a secrecy review comes to. */
export type Verdict = (typeof VERDICTS)[number];

/** A request for documents. */
export interface RecordRequest {
  id: string;
  reference: string;
  asked: string;
  openedBy: string;
  openedAt: string;
  closedAt: string | null;
  documents: number;
  unreviewed: number;
}

/** A document of a request. */
export interface RecordDocument {
  report: string;
  category: string;
  receivedAt: string;
  district: string | null;
  text: string | null;
  proposed: string | null;
  flags: string[];
  photos: number;
  verdict: Verdict | null;
  ground: string | null;
  handedOut: string | null;
  withPhotos: boolean;
  reviewedBy: string | null;
}

/** A protocol, of a run or of a dry run. */
export interface RetentionRun {
  class: string;
  number: string;
  decidedOn: string;
  days: number;
  before: string;
  at: string;
  by: string;
  count: number;
  rows: { category: string; month: string; count: number }[];
  heldOpen: number;
  heldRequested: number;
}

/** A class with its decisions and what a run would do now. */
export interface RetentionClass {
  class: string;
  decisions: { number: string; decidedOn: string; days: number; enteredBy: string; enteredAt: string }[];
  dryRun: RetentionRun | null;
}

const root = (code: string) => `/api/v1/municipalities/${code}`;

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as T;
}

async function send(method: string, url: string, body: unknown): Promise<Response> {
  const response = await fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
  return response;
}

/** Every request, open ones first. */
export function listRequests(code: string): Promise<RecordRequest[]> {
  return ask(`${root(code)}/record-requests`);
}

/** Opens a request with the reports that it asks for. */
export async function openRequest(code: string, asked: { reference: string; asked: string; from?: string; to?: string; categories?: string[]; districts?: string[] }): Promise<string> {
  const response = await send("POST", `${root(code)}/record-requests`, asked);
  return ((await response.json()) as { id: string }).id;
}

/** One request with its documents; the read is noted in the audit log. */
export function readRequest(code: string, id: string): Promise<{ request: RecordRequest; documents: RecordDocument[] }> {
  return ask(`${root(code)}/record-requests/${id}`);
}

/** Sets what the review of one document came to. */
export async function reviewRecord(code: string, id: string, report: string, verdict: { verdict: Verdict; ground: string | null; text: string | null; photos: boolean }): Promise<void> {
  await send("PUT", `${root(code)}/record-requests/${id}/documents/${report}`, verdict);
}

/** Closes a request. */
export async function closeRequest(code: string, id: string): Promise<void> {
  await send("POST", `${root(code)}/record-requests/${id}/close`, null);
}

/** Where the archive of a request is fetched. */
export function exportUrl(code: string, id: string): string {
  return `${root(code)}/record-requests/${id}/export`;
}

/** Every class, and the protocols. */
export function showRetention(code: string): Promise<{ classes: RetentionClass[]; runs: RetentionRun[] }> {
  return ask(`${root(code)}/retention`);
}

/** Enters a decision. */
export async function saveDecision(code: string, decision: { class: string; number: string; decidedOn: string; days: number }): Promise<void> {
  await send("POST", `${root(code)}/retention/decisions`, decision);
}

/** Lets go what the decision in force lets go, for good. */
export async function runRetention(code: string, name: string, number: string): Promise<RetentionRun> {
  const response = await send("POST", `${root(code)}/retention/runs`, { class: name, number });
  return (await response.json()) as RetentionRun;
}
