/** What the page needs to open without a net. */

/** Paths of everything of ours that this page has loaded, itself and the base map included. */
export function keptPaths(): string[] {
  const code = location.pathname.split("/")[1] ?? "";
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const ours = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith("/assets/"));
  return [...new Set([`/${code}/base.json`, ...ours.map((url) => url.pathname)])];
}
