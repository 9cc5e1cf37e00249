/** What `--help` says of the commands that have no folder of their own. */

export const SERVE_HELP = `Runs the server: the API, Studio and GraphiQL. Ctrl+C stops it, when the running calls have ended.

  npm start
  PORT=4100 DATA_DIR=/var/lib/darkroom npm start

It takes no arguments. Environment variables set it up, or the file .env for the commands of npm:
the README describes every variable under "Configuration", and .env.example names the usual ones.

Exit codes: 0 stopped, 1 failure, 2 invalid command line or configuration.`;

export const SIMULATE_HELP = `Runs the simulator alone: a stand-in for the upstream, which draws pictures without a key. It lists
its scenarios, and says how a server or another client uses it. Ctrl+C stops it.

  npm run simulate
  SIMULATOR_PORT=4010 SIMULATOR_SCENARIO=quota npm run simulate

A marker in a prompt selects a scenario for one request: "a boat [sim:quota]".

It takes no arguments. Environment variables set it up:
  SIMULATOR_PORT         the port
  SIMULATOR_DURATION_MS  how long a picture takes; [sim:duration=800] sets it for one request
  SIMULATOR_SCENARIO     a scenario for every request
  SIMULATOR_ART          detailed, or plain: coloured squares, which are made faster

Exit codes: 0 stopped, 1 failure, 2 invalid command line or configuration.`;

export const BACKUP_HELP = `Copies the database as of one moment, and every image file that it refers to, while a server runs.

  npm run backup -- <folder>

<folder> is new, empty, or an earlier backup, to which only new files are copied.
DATA_DIR names the data, as for the server.

Exit codes: 0 success, 1 failure, 2 invalid command line or configuration.`;

export const RESTORE_HELP = `Restores a backup into DATA_DIR, after it has checked every file. Until then DATA_DIR is unchanged.

  npm run restore -- <folder> [--force] [--incomplete]

  --force       replace the database that is in DATA_DIR; no server may be running on it
  --incomplete  restore what is there, although files of the backup are lost

Exit codes: 0 success, 1 failure, 2 invalid command line or configuration.`;

export const BUDGETS_HELP = `Sets what principals and API keys may spend. Works beside a running server, which notices at once.

  npm run budgets -- set --principal <id> --per day --amount 5.00
  npm run budgets -- set --key <id> --per month --amount 50.00 --on-exceed ask
  npm run budgets -- remove --principal <id> --per day
  npm run budgets -- list

set                    sets a budget, or replaces it
  --principal <id>     whose budget it is; or, in its place,
  --key <id>           the API key: the part between dk_ and the second _
  --per <word>         day, month
  --amount <dollars>   how much may be spent in that time, such as 5.00
  --on-exceed <word>   refuse what would cost more, or ask an administrator; default: refuse
remove                 removes one of --principal or --key, and --per
list                   shows all budgets, with what is spent, reserved and left

DATA_DIR names the data, as for the server. BUDGET_PER_DAY and BUDGET_PER_MONTH set the defaults.

Exit codes: 0 success, 1 failure, 2 invalid command line or configuration.`;
