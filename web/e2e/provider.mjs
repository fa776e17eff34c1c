// An identity provider of its own: `node provider.mjs PORT REDIRECT`. Anybody may sign in; the groups stand in the
// name before its dot, `planners+board.kim`.
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "fyren", token_endpoint_auth_method: "none", redirect_uris: [redirect], grant_types: ["authorization_code"], response_types: ["code"] }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], groups: ["groups"] },
  scopes: ["openid", "groups"],
  conformIdTokenClaims: false,
  cookies: { keys: ["a key of a test"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, groups: id.split(".")[0].split("+") }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
