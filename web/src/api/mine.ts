/** The municipalities in which whoever has signed in has a role. */

/** A municipality that can be chosen. */
export interface Mine {
  code: string;
  name: string;
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

/** Those municipalities, by name. */
export async function listMine(): Promise<Mine[]> {
  const { grants } = await json<{ grants: { municipality: string }[] }>("/api/v1/session");
  const codes = [...new Set(grants.map((grant) => grant.municipality))];
  if (codes.length < 2) return [];
  const all = await Promise.all(codes.map((code) => json<Mine>(`/api/v1/municipalities/${code}`)));
  return all.map(({ code, name }) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name, "sv"));
}
