/** Passkeys: what the server asks, said to the browser, and the answer back. */

import { failure } from "./layers";

type Json = Record<string, unknown>;

/** Bytes from what JSON carries them as. */
function bytes(text: unknown): ArrayBuffer {
  const plain = atob(String(text).replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

/** Bytes as JSON carries them. */
function text(buffer: ArrayBuffer | null): string | null {
  if (!buffer) return null;
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function credentials(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list as Json[] | undefined) ?? []).map((known) => ({ type: "public-key", id: bytes(known["id"]) }));
}

async function send(url: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw await failure(response);
  return response;
}

/** Signs in by a passkey of this site; fails where nobody answers. */
export async function signInByPasskey(): Promise<void> {
  const asked = (await (await send("/api/v1/session/passkey/challenge")).json()) as { publicKey: Json };
  const options = asked.publicKey;
  const credential = (await navigator.credentials.get({
    publicKey: {
      challenge: bytes(options["challenge"]),
      rpId: String(options["rpId"]),
      timeout: Number(options["timeout"] ?? 60_000),
      userVerification: "required",
      allowCredentials: credentials(options["allowCredentials"]),
    },
  })) as PublicKeyCredential | null;
  if (!credential) throw new Error("no passkey");
  const answer = credential.response as AuthenticatorAssertionResponse;
  await send("/api/v1/session/passkey", {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    extensions: {},
    response: {
      authenticatorData: text(answer.authenticatorData),
      clientDataJSON: text(answer.clientDataJSON),
      signature: text(answer.signature),
      userHandle: text(answer.userHandle),
    },
  });
}

/** Makes a passkey for the account and keeps it under `label`. */
export async function addPasskey(label: string): Promise<void> {
  const asked = (await (await send("/api/v1/account/passkeys/challenge")).json()) as { publicKey: Json };
  const options = asked.publicKey;
  const user = options["user"] as Json;
  const credential = (await navigator.credentials.create({
    publicKey: {
      rp: options["rp"] as PublicKeyCredentialRpEntity,
      user: { id: bytes(user["id"]), name: String(user["name"]), displayName: String(user["displayName"]) },
      challenge: bytes(options["challenge"]),
      pubKeyCredParams: options["pubKeyCredParams"] as PublicKeyCredentialParameters[],
      timeout: Number(options["timeout"] ?? 60_000),
      attestation: "none",
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: credentials(options["excludeCredentials"]),
    },
  })) as PublicKeyCredential | null;
  if (!credential) throw new Error("no passkey");
  const answer = credential.response as AuthenticatorAttestationResponse;
  await send("/api/v1/account/passkeys", {
    label,
    answer: {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      extensions: {},
      response: {
        attestationObject: text(answer.attestationObject),
        clientDataJSON: text(answer.clientDataJSON),
        transports: answer.getTransports?.() ?? null,
      },
    },
  });
}
