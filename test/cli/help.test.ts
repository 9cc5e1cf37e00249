/** `--help`, which every command of the command line answers, and does nothing else. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { newDataDir, runMain } from '../support/server.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAMES = Object.keys(commands);
/** Arguments that each command would act on, or refuse. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  generate: ['a pear'],
  backup: ['copies'],
  restore: ['copies', '--force'],
  budgets: ['list'],
  keys: ['create', '--principal', 'anna'],
};

describe.each(NAMES)('%s', (name) => {
  it.each([['--help'], ['-h']])('answers %s with its help, wherever it stands, and does nothing', async (help) => {
    const dataDir = await newDataDir();
    const env = { DATA_DIR: join(dataDir, 'data'), PORT: '0', SIMULATOR_PORT: '0' };
    try {
      const first = await runMain([name, help, ...(ARGUMENTS[name] ?? [])], env);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.stdout).toMatch(name === 'serve' ? /npm start/u : new RegExp(`npm run (?:-s )?${name}`, 'u'));
      for (const line of first.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
      expect(await runMain([name, ...(ARGUMENTS[name] ?? []), help], env)).toEqual(first);
      expect(await readdir(dataDir)).toEqual([]);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('says what it is for in one line of the help of all', async () => {
    const { code, stdout } = await runMain(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'mu'));
  });
});

it('npm start -- --help prints the help of all commands', async () => {
  const all = await runMain(['--help']);
  expect(await runMain(['help'])).toEqual(all);
  expect(await runMain(['-h'])).toEqual(all);
});

it('serve and simulate refuse arguments, which they would not follow', async () => {
  for (const name of ['serve', 'simulate']) {
    const { code, stderr } = await runMain([name, '--port=1'], { PORT: '0', SIMULATOR_PORT: '0' });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^darkroom: ${name} takes no arguments.*--help`, 'u')),
    });
  }
});

it('a prompt behind -- may say anything', async () => {
  const { stdout } = await runMain(['generate', '--url', 'http://127.0.0.1:1', '--', '--help']);
  expect(stdout).not.toContain('npm run generate');
}, 30_000);

it('package.json has a script for each command', async () => {
  // The file of this package.
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of NAMES) expect(scripts[name === 'serve' ? 'start' : name]).toContain('src/start.js');
});
