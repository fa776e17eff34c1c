/** What staff and the sender of a report write to each other. */

import { failure } from "./layers";

/** A message about a report. */
export interface Message {
  kind: "answer" | "question" | "reply" | "solved" | "not_solved" | "withdrawn";
  at: string;
  organisation: string | null;
  role: string | null;
  text: string | null;
  photos: number;
  firstPhoto: number;
  seen: boolean;
}

/** A report whose sender waits. */
export interface Waiting {
  id: string;
  category: string;
  district: string | null;
  status: string;
  waitsFor: "answer" | "reply" | "reopened";
  since: string;
  workingDays: number;
  overdue: boolean;
}

/** Who waits, and how long anybody may. */
export interface Unanswered {
  answerDays: number;
  overdue: number;
  items: Waiting[];
}

/** Answers the sender of a report, or asks back; `key` makes sending twice harmless. */
export async function writeMessage(code: string, id: string, key: string, kind: "answer" | "question", text: string): Promise<void> {
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const body = JSON.stringify({ kind, text });
  const response = await fetch(`/api/v1/municipalities/${code}/reports/${id}/messages`, { method: "POST", headers, body });
  if (!response.ok) throw await failure(response);
}

/** Says that what the sender of a report wrote has been read. */
export async function markRead(code: string, id: string): Promise<void> {
  const response = await fetch(`/api/v1/municipalities/${code}/reports/${id}/messages/read`, { method: "POST" });
  if (!response.ok) throw await failure(response);
}

/** Fetches who waits, whoever has waited longest first. */
export async function fetchUnanswered(code: string): Promise<Unanswered> {
  const response = await fetch(`/api/v1/municipalities/${code}/unanswered`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Unanswered;
}

/** Kinds of persons that a text seems to point out; none where nobody can tell. */
export async function personsIn(code: string, text: string): Promise<string[]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`/api/v1/municipalities/${code}/reports/check`, { method: "POST", headers, body: JSON.stringify({ text }) });
  return response.ok ? ((await response.json()) as { personal: string[] }).personal : [];
}
