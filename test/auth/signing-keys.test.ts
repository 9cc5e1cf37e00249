/** The secrets that sign what the server hands out: derived for each purpose, rotated, and kept in a file. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecret } from '../../src/app/kept-secret.ts';
import { createSigningKeys } from '../../src/auth/signing-keys.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, runMain, startServer } from '../support/server.ts';

const CONSEQUENCE = 'what it signed ends';
const MODULE = join(import.meta.dirname, '../../src/app/kept-secret.ts');

describe('signing keys', () => {
  const keys = createSigningKeys(['a secret', 'an older secret']);

  it('are different for each purpose, and the same at each start', () => {
    const derived = [...keys.deriveKeys('image-url'), ...keys.deriveKeys('client-token')];
    expect(new Set(derived.map((key) => key.toString('hex'))).size).toBe(4);
    expect(derived.map(({ byteLength }) => byteLength)).toEqual([32, 32, 32, 32]);
    const [signing] = keys.deriveKeys('image-url');
    expect(createSigningKeys(['a secret']).deriveKeys('image-url')).toEqual([signing]);
  });

  it('sign with the first secret and verify with all', () => {
    const older = createSigningKeys(['an older secret']);
    expect(keys.deriveKeys('image-url')[1]).toEqual(older.deriveKeys('image-url')[0]);
  });
});

describe('the secret of a server', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await newDataDir();
    file = join(directory, 'signing.key');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is made once, for the eyes of its user only', async () => {
    const secret = keepSecret(file, CONSEQUENCE);
    expect(secret).toMatch(/^[\w-]{43}$/u);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(keepSecret(file, CONSEQUENCE)).toBe(secret);
  });

  it('is the same for processes that ask for it at the same time', async () => {
    const program = `import(${JSON.stringify(MODULE)}).then((m) => process.stdout.write(m.keepSecret(process.argv[1], "nothing")))`;
    const ask = promisify(execFile);
    const asked = Array.from({ length: 6 }, () => ask(process.execPath, ['-e', program, file]));
    const secrets = (await Promise.all(asked)).map(({ stdout }) => stdout);
    expect(new Set(secrets)).toEqual(new Set([keepSecret(file, CONSEQUENCE)]));
    expect(await readdir(directory)).toEqual(['signing.key']);
  });

  it('survives a restart, and is no part of a backup', async () => {
    await (await startServer({ dataDir: directory })).stop();
    const secret = await readFile(file, 'utf8');
    const backup = join(directory, 'backup');
    expect(await runMain(['backup', backup], { DATA_DIR: directory })).toMatchObject({ code: 0 });
    expect(await readdir(backup)).not.toContain('signing.key');
    await (await startServer({ dataDir: directory })).stop();
    expect(await readFile(file, 'utf8')).toBe(secret);
  });

  it('stops the start when it is damaged, without showing it', async () => {
    await writeFile(file, 'half of a sec');
    const { code, stderr } = await runMain([], { PORT: '0', DATA_DIR: directory });
    expect(code).toBe(1);
    expect(stderr).toContain(`${file} is damaged.`);
    expect(stderr).not.toContain('half of a sec');
  });

  it('is not made when SIGNING_KEY is set', async () => {
    await using server = await startServerHere({ env: { SIGNING_KEY: 'tK3r9vQbZ0yW5uXn8cLmP1sJ4hGfD7eA' } });
    await expect(stat(join(server.dataDir, 'signing.key'))).rejects.toThrow('ENOENT');
  });
});

describe('SIGNING_KEY', () => {
  it.each([
    ['is too short', 'tK3r9vQbZ0yW5uXn8cLmP1sJ', 1],
    ['repeats itself', 'abcabcabcabcabcabcabcabcabcabcabcabc', 1],
    ['is missing between commas', 'tK3r9vQbZ0yW5uXn8cLmP1sJ4hGfD7eA,', 2],
  ])('is refused with all other problems when it %s, and never shown', async (_, secret, number) => {
    const { code, stderr } = await runMain([], { PORT: 'x', SIGNING_KEY: secret });
    expect(code).toBe(2);
    expect(stderr).toContain('PORT must be');
    expect(stderr).toMatch(new RegExp(`SIGNING_KEY must be secrets of at least 32 .* number ${number} of`, 'u'));
    expect(stderr).not.toContain(secret.slice(0, 10));
  });
});
