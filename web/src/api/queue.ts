/** What waits for a moderator, and what moderators do beside a report's status. */

import { failure } from "./layers";

/** The parts of the queue in the order in which they are offered. */
export const PARTS = ["all", "new", "flagged", "alike", "quarantined", "answered"] as const;

/** A part of the queue. */
export type Part = (typeof PARTS)[number];

/** Why something is made unreadable, in the order in which it is offered. */
export const MASK_REASONS = ["personal_data", "accusation", "dwelling", "secret", "offence"] as const;

/** Why something is made unreadable. */
export type MaskReason = (typeof MASK_REASONS)[number];

/** A report that may tell of the same. */
export interface Alike {
  id: string;
  category: string;
  status: string;
  receivedAt: string;
  metres: number;
  text: string | null;
  likeness: number;
  byPlace: number;
  byTime: number;
  byText: number | null;
}

/** An owner who was asked by a link. */
export interface Forward {
  id: string;
  owner: string;
  question: string | null;
  by: string;
  sentAt: string;
  expiresAt: string;
  openedAt: string | null;
  answer: { reply: "done" | "planned" | "not_ours"; byDay: string | null; note: string | null; at: string } | null;
  closedAt: string | null;
}

/** A report that waits. */
export interface Waiting {
  id: string;
  category: string;
  status: string;
  receivedAt: string;
  longitude: number | null;
  latitude: number | null;
  precisionM: number;
  district: string | null;
  channel: string;
  text: string | null;
  flags: string[];
  photos: number;
  voices: number;
  quarantine: string | null;
  quarantineNote: string | null;
  duplicateOf: string | null;
  publishable: boolean;
  mergeable: boolean;
  alike: Alike[];
  forwards: Forward[];
}

/** A page of the queue. */
export interface Queue {
  items: Waiting[];
  total: number;
  counts: Record<Part, number>;
}

/** One action on many reports. */
export interface Bulk {
  ids: string[];
  action: "status" | "put_aside" | "let_in" | "merge" | "repeat" | "publish";
  into?: string;
  status?: string;
  answer?: string;
  owner?: string;
}

/** One masking. */
export interface Redaction {
  step: number;
  at: string;
  by: string;
  part: "text" | "photo";
  photo: number | null;
  reason: MaskReason;
  hasOriginal: boolean;
}

/** Every masking of a report, and what in its text may still point out a person. */
export interface Redactions {
  items: Redaction[];
  findings: { from: number; to: number; flag: string }[];
}

/** What is to be unreadable. */
export type Masking = { reason: MaskReason } & (
  | { spans: { from: number; to: number }[] }
  | { photo: number; areas: { x: number; y: number; width: number; height: number }[] }
);

/** An answer that is written often. */
export interface Template {
  id: string;
  category: string | null;
  status: string | null;
  title: string;
  textSv: string;
  textEn: string;
}

const root = (code: string) => `/api/v1/municipalities/${code}`;

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as T;
}

async function send(method: string, url: string, body?: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
  return response;
}

/** The first of what waits in a part. */
export function readQueue(code: string, part: Part, limit: number): Promise<Queue> {
  return ask(`${root(code)}/queue?part=${part}&limit=${limit}`);
}

/** Does one action to many reports; what was refused comes back with its reason. */
export async function actOnReports(code: string, bulk: Bulk): Promise<{ done: string[]; refused: { id: string; reason: string }[] }> {
  const response = await send("POST", `${root(code)}/queue/actions`, bulk);
  return (await response.json()) as { done: string[]; refused: { id: string; reason: string }[] };
}

/** Every masking of a report. */
export function listRedactions(code: string, id: string): Promise<Redactions> {
  return ask(`${root(code)}/reports/${id}/redactions`);
}

/** Makes a part of a report unreadable. */
export async function redactReport(code: string, id: string, masking: Masking): Promise<void> {
  await send("POST", `${root(code)}/reports/${id}/redactions`, masking);
}

/** Every owner who was asked about a report. */
export function listForwards(code: string, id: string): Promise<Forward[]> {
  return ask(`${root(code)}/reports/${id}/forwards`);
}

/** Asks an owner, and gives the link that is told once. */
export async function forwardReport(code: string, id: string, ask: { owner: string; question: string | null; days: number }): Promise<{ url: string; expiresAt: string }> {
  const response = await send("POST", `${root(code)}/reports/${id}/forwards`, ask);
  return (await response.json()) as { url: string; expiresAt: string };
}

/** Takes a link back, or says that its answer was dealt with. */
export async function closeForward(code: string, id: string, forward: string): Promise<void> {
  await send("DELETE", `${root(code)}/reports/${id}/forwards/${forward}`);
}

/** The answers that are written often. */
export function listTemplates(code: string): Promise<Template[]> {
  return ask(`${root(code)}/answer-templates`);
}

/** Stores an answer that is written often. */
export async function saveTemplate(code: string, { id, ...template }: Template): Promise<void> {
  await send("PUT", `${root(code)}/answer-templates/${id}`, template);
}

/** Forgets an answer that is written often. */
export async function deleteTemplate(code: string, id: string): Promise<void> {
  await send("DELETE", `${root(code)}/answer-templates/${id}`);
}
