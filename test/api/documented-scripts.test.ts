/** The scripts of the documentation's tasks, run as they stand against a server: TypeScript, Python and curl. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { DOCUMENTED_SCRIPTS, runScript, TASK_PAGES, writeScripts } from '../support/documented-files.ts';
import { isAbsent } from '../support/programs.ts';
import type { RunningServer } from '../support/server.ts';
import { archiveClient } from './archive-client.ts';

const PROGRAMS = { ts: 'node', python: 'python3', sh: 'curl' } as const;

let server: RunningServer;
let folder: string;
let env: Readonly<Record<string, string>>;
const hostOf = (url: string) => new URL(url).host;

beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '100' } });
  folder = await writeScripts(hostOf(server.url));
  const { callId, imageId, images } = await archiveClient(server.url, 'none').make({ options: { format: 'PNG' } });
  const { width = 1024, height = 1024 } = await sharp(await (await fetch(images[0].url)).bytes()).metadata();
  const canvas = (alpha: number) =>
    sharp({ create: { width, height, channels: 4, background: { r: 90, g: 60, b: 30, alpha } } }).png();
  await canvas(1).toFile(join(folder, 'picture.png'));
  await canvas(0).toFile(join(folder, 'mask.png'));
  env = { CALL_ID: callId, IMAGE_ID: imageId };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Those that only define functions for others print nothing. */
const LIBRARIES: ReadonlySet<string> = new Set(['darkroom.ts', 'darkroom.py']);

describe.each(['ts', 'python', 'sh'] as const)('documented scripts in %s', (language) => {
  const scripts = DOCUMENTED_SCRIPTS.filter((script) => script.language === language);
  it.skipIf(isAbsent(PROGRAMS[language])).each(scripts)('$page: $name', async (script) => {
    const output = await runScript(script, folder, hostOf(server.url), env);
    if (!LIBRARIES.has(script.name) && script.page !== 'getting-started') expect(output).not.toBe('');
    // Of the errors in an answer that curl prints.
    expect(output).not.toContain('"errors"');
    expect(output).not.toContain('"code":"');
  });
});

it('getting started ends in a picture', async () => {
  const picture = await sharp(join(folder, 'lighthouse.png')).metadata();
  expect(picture).toMatchObject({ format: 'png' });
  expect(await readdir(folder)).toContain('picture-from-darkroom.png');
});

it('every task has scripts, and one that fails is noticed', async () => {
  expect(new Set(DOCUMENTED_SCRIPTS.map(({ page }) => page))).toEqual(new Set(TASK_PAGES));
  await writeFile(join(folder, 'wrong.ts'), "import { run } from './darkroom.ts';\nawait run('{ nothing }');\n");
  const wrong = { page: 'none', name: 'wrong.ts', language: 'ts', code: '' } as const;
  await expect(runScript(wrong, folder, hostOf(server.url), env)).rejects.toThrow('nothing');
});
