/** `npm run budgets`: what an operator types, and what a running server makes of it. */
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { Spend, ViewerBudgets } from '../support/budget-documents.ts';
import { data } from '../support/client.ts';
import { runCommandHere } from '../support/command.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await newDataDir();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function run(line: string, env: Readonly<Record<string, string>> = {}) {
  return runCommandHere(['budgets', ...line.split(' ')], { DATA_DIR: dataDir, ...env });
}

/** @returns the whole key, or its id */
async function createKey(part: 'id' | 'key' = 'id'): Promise<string> {
  const { stdout } = await runCommandHere(['keys', 'create', '--principal', 'anna'], { DATA_DIR: dataDir });
  return part === 'id' ? stdout.slice(3, 15) : stdout.trim();
}

describe('npm run budgets', () => {
  it('sets, lists, replaces and removes budgets, also before the first start of a server', async () => {
    expect(await run('set --principal anna --per day --amount 5.00')).toEqual({
      code: 0,
      stdout: 'Set: principal anna may spend 5 USD a day.\n',
      stderr: '',
    });
    const id = await createKey();
    expect((await run(`set --key ${id} --per month --amount 20 --on-exceed ask`)).code).toBe(0);
    expect((await run('set --principal anna --per day --amount 7.5')).code).toBe(0);
    const { stdout } = await run('list', { BUDGET_PER_MONTH: '100' });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/u));
    expect(rows).toMatchObject([
      ['OF', 'PER', 'LIMIT', 'SPENT', 'RESERVED', 'REMAINING', 'ON EXCEED', 'RESETS AT'],
      [`key ${id}`, 'month', '20', '0', '0', '20', 'ask', expect.stringMatching(/-01T00:00:00.000Z$/u)],
      ['principal anna', 'day', '7.5', '0', '0', '7.5', 'refuse', expect.stringMatching(/T00:00:00.000Z$/u)],
      ['every other principal', 'month', '100', 'refuse'],
    ]);
    expect(await run('remove --principal anna --per day')).toMatchObject({ code: 0 });
    expect(await run('remove --principal anna --per day')).toMatchObject({
      code: 1,
      stderr: 'darkroom: principal anna has no budget of its own for a day\n',
    });
    expect((await run(`remove --key ${id} --per month`)).code).toBe(0);
    expect((await run('list')).stdout).toBe('There are no budgets.\n');
  });

  it('takes a whole key for its id, and stores nothing of its secret', async () => {
    const key = await createKey('key');
    const { stdout } = await run(`set --key ${key} --per day --amount 5`);
    expect(stdout).toBe(`Set: key ${key.slice(3, 15)} may spend 5 USD a day.\n`);
    expect((await run('list')).stdout).not.toContain(key.slice(16));
  });

  it('sets no budget for a key that does not exist: it would limit nothing', async () => {
    await createKey();
    expect(await run('set --key aaaaaaaaaaaa --per day --amount 5')).toMatchObject({
      code: 1,
      stderr: 'darkroom: there is no API key with the id aaaaaaaaaaaa; npm run keys -- list shows all of them\n',
    });
  });

  it.each([
    ['set --key abc --per day --amount 5', 'the id of a key has twelve lower-case letters and digits'],
    ['set --principal an\tna --per day --amount 5', '--principal must have 1 to 255 characters'],
    ['set --per day --amount 5', 'either --principal or --key is required'],
    ['set --principal anna --key abc --per day --amount 5', 'either --principal or --key is required'],
    ['set --principal anna --per week --amount 5', '--per must be day or month'],
    ['set --principal anna --per day', '--amount must be US dollars'],
    ['set --principal anna --per day --amount -5', 'amount'],
    ['set --principal anna --per day --amount 5,00', '--amount must be US dollars as a decimal such as "5.00"'],
    ['set --principal anna --per day --amount 0.0000001', 'at most 6 decimals'],
    ['set --principal anna --per day --amount 5 --on-exceed wait', '--on-exceed must be refuse or ask; it is "wait"'],
    ['remove --principal anna --per day --amount 5', 'the budgets are changed with one of'],
    ['list --principal anna', 'the budgets are changed with one of'],
    ['raise --principal anna', 'the budgets are changed with one of'],
    ['set --who anna', "Unknown option '--who'"],
  ])('%s is a wrong command line', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('says that there is no database to list', async () => {
    expect(await run('list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no database in DATA_DIR'),
    });
  });

  it('takes effect on a running server at once', async () => {
    await using server = await startServerHere({ dataDir, env: { SIMULATOR_DURATION_MS: '0' } });
    const spend = async () => (await data(server.url, Spend, { input: { prompt: 'a kite' } })).generateImage.__typename;
    expect(await spend()).toBe('GenerateImageSuccess');
    await run('set --principal local --per day --amount 0.01');
    expect(await spend()).toBe('BudgetExceededError');
    const { viewer } = await data(server.url, ViewerBudgets, {});
    expect(viewer.budgets).toMatchObject([{ limit: '0.01', isDefault: false }]);
    await run('remove --principal local --per day');
    expect(await spend()).toBe('GenerateImageSuccess');
  });

  it('knows what was spent before the budget was set', async () => {
    await using server = await startServerHere({ dataDir, env: { SIMULATOR_DURATION_MS: '0' } });
    await data(server.url, Spend, { input: { prompt: 'a kite' } });
    await run('set --principal local --per month --amount 100');
    const [budget] = (await data(server.url, ViewerBudgets, {})).viewer.budgets;
    expect(Number(budget?.spent) + Number(budget?.reserved)).toBeGreaterThan(0.01);
  });
});

describe('budgets of the environment', () => {
  it('that are wrong are reported together', async () => {
    const { code, stderr } = await runCommandHere(['serve'], {
      DATA_DIR: dataDir,
      BUDGET_PER_DAY: '5 USD',
      BUDGET_PER_MONTH: '1e3',
      BUDGET_ON_EXCEED: 'warn',
      MAX_OPEN_CALLS: '0',
    });
    expect(code).toBe(2);
    for (const name of ['BUDGET_PER_DAY', 'BUDGET_PER_MONTH', 'BUDGET_ON_EXCEED', 'MAX_OPEN_CALLS']) {
      expect(stderr).toContain(`  ${name} must be`);
    }
  });
});
