/** The text of `keys --help`. */
export const KEYS_HELP = `Manages API keys. Works beside a running server, and before its first start.

  npm run -s keys -- create --principal anna --name "web" --scopes read,generate --expires 90d
  npm run -s keys -- list
  npm run -s keys -- rotate <id> --grace 24h
  npm run -s keys -- revoke <id>
  npm run -s keys -- adopt --principal anna

create                prints the new key alone on standard output. It cannot be shown again.
  --principal <id>    required; who owns all that the key creates. Keys of one principal share it.
  --name <text>       a name for the list
  --scopes <list>     read, generate, upload, delete, cost, admin; default: all but admin
  --expires <time>    how long the key works: 90d, 12h or 30m; default: until it is revoked
list                  shows all keys, without their secrets
rotate <id>           prints the key with a new secret
  --grace <time>      how long the old secret works; default: 24h
revoke <id>           ends the key: within 5 seconds no server accepts it, and its subscriptions end
adopt                 gives what was stored without authentication to a principal; stop the server
  --principal <id>    required; the new owner, which may have rows already

<id> is the part between dk_ and the second _; a whole key works too.
DATA_DIR names the data, as for the server.

Exit codes: 0 success, 1 failure, 2 invalid command line or configuration.`;
