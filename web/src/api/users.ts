/** Users of a municipality, as whoever manages them sees them. */

import { failure } from "./layers";

/** A token of a program. */
export interface UserToken {
  id: string;
  label: string;
  endsOn: string | null;
  lastUsedOn: string | null;
}

/** A user. */
export interface User {
  id: string;
  name: string;
  active: boolean;
  roles: { role: string; area: string | null }[];
  elsewhere: boolean;
  oneTime: boolean;
  passkeys: number;
  tokens: UserToken[];
}

/** The users and what can be chosen for them. */
export interface Users {
  items: User[];
  roles: string[];
  areas: string[];
  secondFactor: string[];
}

/** Roles, and the area for which they hold. */
export interface Roles {
  roles: string[];
  area: string | null;
}

async function send(code: string, method: string, path: string, body?: unknown): Promise<Response> {
  const rest = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/api/v1/municipalities/${code}${path}`, { method, ...rest });
  if (!response.ok) throw await failure(response);
  return response;
}

/** Every user with a role here. */
export async function listUsers(code: string): Promise<Users> {
  return (await send(code, "GET", "/users")).json() as Promise<Users>;
}

/** Makes a user; gives the first password, which is told once. */
export async function createUser(code: string, name: string, draft: Roles): Promise<string> {
  const made = (await (await send(code, "POST", "/users", { name, ...draft })).json()) as { password: string };
  return made.password;
}

/** Replaces what a user may be here. */
export async function changeUser(code: string, id: string, draft: Roles, active: boolean): Promise<void> {
  await send(code, "PUT", `/users/${id}`, { ...draft, active });
}

/** Gives a user a fresh first password, told once, and takes every other proof away. */
export async function resetUser(code: string, id: string): Promise<string> {
  const made = (await (await send(code, "POST", `/users/${id}/reset`)).json()) as { password: string };
  return made.password;
}

/** Ends every session of a user. */
export async function endSessions(code: string, id: string): Promise<void> {
  await send(code, "DELETE", `/users/${id}/sessions`);
}

/** Issues a token, told once. */
export async function issueToken(code: string, id: string, label: string, days: number): Promise<string> {
  const made = (await (await send(code, "POST", `/users/${id}/tokens`, { label, days })).json()) as { token: string };
  return made.token;
}

/** Takes a token back. */
export async function revokeToken(code: string, id: string, token: string): Promise<void> {
  await send(code, "DELETE", `/users/${id}/tokens/${token}`);
}

/** Sets which roles demand a second factor here. */
export async function demandSecondFactor(code: string, roles: string[]): Promise<void> {
  await send(code, "PUT", "/access-policy", { secondFactor: roles });
}
