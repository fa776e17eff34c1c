/** The browser's random token, by which several reports of one browser count as one source. */

/** The token: made at the first sending, not before. */
export function sourceToken(): string {
  const kept = "fyren-source";
  try {
    const known = localStorage.getItem(kept);
    if (known) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    const token = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
    localStorage.setItem(kept, token);
    return token;
  } catch {
    return "";
  }
}
