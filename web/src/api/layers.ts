/** Layers as the server gives them; the only fetch of features. */

import type { FeatureCollection, Geometry } from "geojson";

/** A failed request, with its status: 401, 403, 503, … */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly violations: { field: string; message: string }[] = [],
  ) {
    super(detail || String(status));
  }
}

/** Turns a failed response into what the page can say. */
export async function failure(response: Response): Promise<ApiError> {
  const kind = response.headers.get("content-type") ?? "";
  if (!kind.includes("json")) return new ApiError(response.status, "");
  const problem = (await response.json()) as { detail?: string; violations?: { field: string; message: string }[] };
  return new ApiError(response.status, problem.detail ?? "", problem.violations ?? []);
}

/** Features at `url`, with what the collection itself says. */
export async function fetchLayer<P = Record<string, unknown>, G extends Geometry = Geometry>(
  url: string,
  signal?: AbortSignal,
): Promise<FeatureCollection<G, P> & Record<string, unknown>> {
  const response = await fetch(url, { headers: { accept: "application/geo+json" }, ...(signal ? { signal } : {}) });
  if (!response.ok) throw await failure(response);
  return (await response.json()) as FeatureCollection<G, P> & Record<string, unknown>;
}
