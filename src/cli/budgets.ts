/**
 * `npm run budgets -- set | list | remove`: the budgets of principals and API keys. Works on the database directly, also
 * beside a running server, which reads budgets at each request.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openDatabaseBesideServer } from '../app/storage.ts';
import { withSpending } from '../billing/budgets.ts';
import { createApiKeyCommands, principalErrors } from '../commands/api-keys.ts';
import { AMOUNT_EXPECTED, isAmount } from '../config/budgets.ts';
import { type Config, parseConfig } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { reasonOf } from '../db/drivers/sqlite/connect.ts';
import { allBudgets, deleteBudget, putBudget } from '../db/queries/engine/budgets.ts';
import { apiKeyCredential } from '../domain/access/api-key.ts';
import { fromPicodollars, toPicodollars } from '../domain/cost/cost.ts';
import {
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetSubject,
  partsOf,
  remainingOf,
} from '../domain/limits/budget.ts';
import type { Command } from './command.ts';
import { keyIdOf } from './keys/arguments.ts';
import { tableOf } from './table.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `the budgets are changed with one of
  npm run budgets -- set --principal <id> | --key <id> --per day|month --amount 5.00 [--on-exceed refuse|ask]
  npm run budgets -- remove --principal <id> | --key <id> --per day|month
  npm run budgets -- list`;

const OPTIONS = {
  principal: { type: 'string' },
  key: { type: 'string' },
  per: { type: 'string' },
  amount: { type: 'string' },
  'on-exceed': { type: 'string' },
} as const;

type Options = { readonly [Name in keyof typeof OPTIONS]?: string | undefined };

export const budgets: Command = async (args, env) => {
  const { action, options } = argumentsOf(args);
  // Everything is checked before the database is opened.
  const work = workOf(action, options);
  const config = parseConfig(env);
  const db = await openDatabaseBesideServer(config, { create: action === 'set' });
  try {
    return await work(db, config);
  } finally {
    await db.destroy();
  }
};

type Work = (db: Database, config: Config) => Promise<number>;

function workOf(action: string, options: Options): Work {
  if (action === 'set') return setWork(options);
  if (action === 'remove') return removeWork(options);
  if (action === 'list' && Object.keys(options).length === 0) return list;
  throw new UsageError(USAGE);
}

function setWork(options: Options): Work {
  const { amount = '', 'on-exceed': onExceed = 'refuse' } = options;
  const [subject, period] = [subjectOf(options), periodOf(options)];
  if (!isAmount(amount)) throw new UsageError(`--amount must be ${AMOUNT_EXPECTED}; it is ${JSON.stringify(amount)}`);
  if (onExceed !== 'refuse' && onExceed !== 'ask') {
    throw new UsageError(`--on-exceed must be refuse or ask; it is ${JSON.stringify(onExceed)}`);
  }
  const budget = {
    subject,
    period,
    limit: toPicodollars(amount),
    onExceed: onExceed === 'ask' ? 'ASK' : 'REFUSE',
  } as const;
  return async (db) => {
    await requireSubject(db, subject);
    await putBudget(db, budget, new Date().toISOString());
    console.log(`Set: ${named(subject)} may spend ${fromPicodollars(budget.limit)} USD a ${period.toLowerCase()}.`);
    return 0;
  };
}

/** Whoever sets a budget for a key that does not exist believes that it limits something. Principals need no row anywhere. */
async function requireSubject(db: Database, subject: BudgetSubject): Promise<void> {
  const { kind, id } = partsOf(subject);
  if (kind === 'PRINCIPAL') return;
  const keys = await createApiKeyCommands({ db, nowMs: Date.now, randomBytes }).list();
  if (keys.some((key) => key.id === id)) return;
  throw new Error(`there is no API key with the id ${id}; npm run keys -- list shows all of them`);
}

function removeWork(options: Options): Work {
  if (options.amount !== undefined || options['on-exceed'] !== undefined) throw new UsageError(USAGE);
  const [subject, period] = [subjectOf(options), periodOf(options)];
  return async (db) => {
    if (!(await deleteBudget(db, subject, period))) {
      throw new Error(`${named(subject)} has no budget of its own for a ${period.toLowerCase()}`);
    }
    console.log(`Removed: ${named(subject)} has no budget of its own for a ${period.toLowerCase()} any more.`);
    return 0;
  };
}

async function list(db: Database, { budgets: { limits, onExceed } }: Config): Promise<number> {
  const stored = (await allBudgets(db)).map((budget) => ({ ...budget, isDefault: false }));
  const rows = (await withSpending(db, stored, new Date().toISOString())).map((budget) => [
    named(budget.subject),
    budget.period.toLowerCase(),
    ...[budget.limit, budget.spent, budget.reserved, remainingOf(budget)].map(fromPicodollars),
    budget.onExceed.toLowerCase(),
    budget.resetsAt,
  ]);
  // What a default allows is known; what is spent of it differs from principal to principal.
  const defaults = BUDGET_PERIODS.flatMap((period) => {
    const limit = limits[period];
    if (limit === null) return [];
    const spent = ['', '', ''];
    return [['every other principal', period.toLowerCase(), fromPicodollars(limit), ...spent, onExceed.toLowerCase()]];
  });
  const all = [...rows, ...defaults];
  console.log(all.length === 0 ? 'There are no budgets.' : tableOf(HEAD, all));
  return 0;
}

const HEAD = ['OF', 'PER', 'LIMIT', 'SPENT', 'RESERVED', 'REMAINING', 'ON EXCEED', 'RESETS AT'];

function argumentsOf(args: readonly string[]): { readonly action: string; readonly options: Options } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const [action, ...rest] = positionals;
    if (action === undefined || rest.length > 0) throw new UsageError(USAGE);
    return { action, options: values };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${reasonOf(error)}; ${USAGE}`);
  }
}

function subjectOf({ principal, key }: Options): BudgetSubject {
  if (principal !== undefined && principal !== '' && key === undefined) {
    const [problem] = principalErrors(principal);
    if (problem === undefined) return `principal:${principal}`;
    throw new UsageError(`--principal ${problem.message.replace(/\.$/u, '')}`);
  }
  // Never the whole key, which would be stored, and shown by `list`.
  if (key !== undefined && key !== '' && principal === undefined) return apiKeyCredential(keyIdOf(key));
  throw new UsageError(`either --principal or --key is required; ${USAGE}`);
}

function periodOf({ per }: Options): BudgetPeriod {
  const period = BUDGET_PERIODS.find((each) => each.toLowerCase() === per);
  if (period === undefined) throw new UsageError(`--per must be day or month; ${USAGE}`);
  return period;
}

function named(subject: BudgetSubject): string {
  const { kind, id } = partsOf(subject);
  return `${kind === 'KEY' ? 'key' : 'principal'} ${id}`;
}
