/** One's own account: what proves who somebody is. */

import { failure } from "./layers";

/** A passkey of the account. */
export interface Passkey {
  id: string;
  label: string;
  madeOn: string;
  lastUsedOn: string | null;
}

/** What the account has. */
export interface Account {
  name: string;
  password: boolean;
  oneTime: boolean;
  recoveryLeft: number;
  passkeys: Passkey[];
  passkeysPossible: boolean;
  demanded: boolean;
  strong: boolean;
  fresh: boolean;
}

/** One-time codes that hold once a code of them has been shown. */
export interface StartedCodes {
  secret: string;
  uri: string;
  qr: string;
}

const ACCOUNT = "/api/v1/account";

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const rest = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(ACCOUNT + path, { method, ...rest });
  if (!response.ok) throw await failure(response);
  return response;
}

/** What the account has. */
export async function showAccount(): Promise<Account> {
  return (await send("GET", "")).json() as Promise<Account>;
}

/** Changes the password. */
export async function changePassword(present: string, fresh: string): Promise<void> {
  await send("PUT", "/password", { present, new: fresh });
}

/** Begins to set up one-time codes. */
export async function startOneTime(): Promise<StartedCodes> {
  return (await send("POST", "/one-time")).json() as Promise<StartedCodes>;
}

/** Sets up one-time codes; gives the recovery codes, which are told once. */
export async function setOneTime(code: string): Promise<string[]> {
  const answer = (await (await send("PUT", "/one-time", { code })).json()) as { recoveryCodes: string[] };
  return answer.recoveryCodes;
}

/** Removes one-time codes. */
export async function removeOneTime(): Promise<void> {
  await send("DELETE", "/one-time");
}

/** Fresh recovery codes, told once. */
export async function renewRecoveryCodes(): Promise<string[]> {
  const answer = (await (await send("POST", "/recovery-codes")).json()) as { recoveryCodes: string[] };
  return answer.recoveryCodes;
}

/** Removes a passkey. */
export async function removePasskey(id: string): Promise<void> {
  await send("DELETE", `/passkeys/${encodeURIComponent(id)}`);
}

/** Ends every session of the account. */
export async function signOutEverywhere(): Promise<void> {
  await send("DELETE", "/sessions");
}
