/** What the public would see of a year, and letting it. */

import { failure } from "./layers";

/** One window of a year. */
export interface ReleaseWindow {
  kind: "year_cells" | "quarter_districts" | "month_total";
  from: string;
  to: string;
  status: "due" | "not_before" | "published" | "not_chosen";
  notBefore: string | null;
  cells: number;
  districts: number;
  outcomes: { face: "cells" | "districts" | "total"; shown: number; hidden: Record<string, number> }[];
}

/** A year as it would be published today. */
export interface ReleasePreview {
  year: number;
  volumeBefore: number;
  windows: ReleaseWindow[];
}

/** What would be published of a year today, what stays hidden, and why. */
export async function previewRelease(code: string, year: number): Promise<ReleasePreview> {
  const response = await fetch(`/api/v1/municipalities/${code}/releases/${year}/preview`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as ReleasePreview;
}

/** Publishes every window of a year that is due; answers how many. */
export async function publishRelease(code: string, year: number): Promise<number> {
  const response = await fetch(`/api/v1/municipalities/${code}/releases/${year}`, { method: "POST" });
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as unknown[]).length;
}
