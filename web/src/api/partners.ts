/** Partners: organisations that report by a link of their own. */

import { failure } from "./layers";

/** Kinds of organisation, in the order in which they are offered. */
export const PARTNER_KINDS = ["housing", "school", "guards", "care", "harbour", "trade", "other"] as const;

/** A partner. */
export interface Partner {
  id: string;
  name: string;
  kind: (typeof PARTNER_KINDS)[number];
  madeAt: string;
  revokedAt: string | null;
}

/** Every partner, the latest first. */
export async function listPartners(code: string): Promise<Partner[]> {
  const response = await fetch(`/api/v1/municipalities/${code}/partners`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Partner[];
}

/** Makes the link of a partner, which is told this once. */
export async function addPartner(code: string, name: string, kind: string): Promise<{ partner: Partner; link: string }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`/api/v1/municipalities/${code}/partners`, { method: "POST", headers, body: JSON.stringify({ name, kind }) });
  if (!response.ok) throw await failure(response);
  const made = (await response.json()) as { partner: Partner; link: string };
  return { ...made, link: new URL(made.link, location.origin).href };
}

/** Revokes the link of a partner. */
export async function revokePartner(code: string, id: string): Promise<void> {
  const response = await fetch(`/api/v1/municipalities/${code}/partners/${id}`, { method: "DELETE" });
  if (!response.ok) throw await failure(response);
}
