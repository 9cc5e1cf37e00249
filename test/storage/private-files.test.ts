/** Who may read what a server, a backup and a restore write, and what an operator is told about a folder that is open to others. */
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateToEnd } from '../api/steps.ts';
import { startDevelopingUpstream, startServerAt } from '../api/upstreams.ts';
import { startServerHere } from '../support/app.ts';
import { runCommandHere } from '../support/command.ts';
import { newDataDir } from '../support/server.ts';

let parent: string;
beforeEach(async () => {
  parent = await newDataDir();
});
afterEach(() => rm(parent, { recursive: true }));

async function modeOf(...path: readonly string[]): Promise<string> {
  return ((await stat(join(...path))).mode & 0o777).toString(8);
}

describe('the files of a server', () => {
  it('are for its own user only, and so are those of a backup and a restore', async () => {
    const [dataDir, folder, restored] = ['new/data', 'backups/one', 'restored'].map((name) => join(parent, name)) as [
      string,
      string,
      string,
    ];
    {
      await using server = await startServerHere({ dataDir });
      for (const name of ['darkroom.sqlite', 'darkroom.sqlite-wal', 'safety-identifier.key']) {
        expect([name, await modeOf(dataDir, name)]).toEqual([name, '600']);
      }
      expect(server.output()).not.toContain('chmod');
    }
    expect(await modeOf(dataDir)).toBe('700');
    expect(await runCommandHere(['backup', folder], { DATA_DIR: dataDir })).toMatchObject({ code: 0, stderr: '' });
    expect([await modeOf(folder), await modeOf(folder, 'darkroom.sqlite')]).toEqual(['700', '600']);
    expect(await runCommandHere(['restore', folder], { DATA_DIR: restored })).toMatchObject({ code: 0, stderr: '' });
    expect([await modeOf(restored), await modeOf(restored, 'darkroom.sqlite')]).toEqual(['700', '600']);
  });

  it('are for its own user only when a command makes them before the first start', async () => {
    const commands = [
      ['keys', 'create', '--principal', 'anna'],
      ['budgets', 'set', '--principal', 'anna', '--per', 'day', '--amount', '5'],
    ];
    for (const [name = '', ...args] of commands) {
      const dataDir = join(parent, name);
      expect(await runCommandHere([name, ...args], { DATA_DIR: dataDir })).toMatchObject({ code: 0, stderr: '' });
      expect([name, await modeOf(dataDir), await modeOf(dataDir, 'darkroom.sqlite')]).toEqual([name, '700', '600']);
    }
  });

  it('are for its own user only, when the first command makes them in a folder that is open to others', async () => {
    const dataDir = join(parent, 'made-by-another');
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    const created = await runCommandHere(['keys', 'create', '--principal', 'anna'], { DATA_DIR: dataDir });
    expect(created).toMatchObject({ code: 0 });
    expect(await modeOf(dataDir, 'darkroom.sqlite')).toBe('600');
  });

  it('are pictures that only its own user may read, also in a folder that is open to others', async () => {
    const dataDir = join(parent, 'open');
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    await using server = await startServerHere({ dataDir });
    await generateToEnd(server.url, { prompt: 'a cat' });
    const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    // Besides pictures there is a file that says how the folder is laid out.
    const files = entries.filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/u.test(entry.name));
    const modes = await Promise.all(files.map(({ parentPath, name }) => modeOf(parentPath, name)));
    expect(modes).not.toEqual([]);
    expect(new Set(modes)).toEqual(new Set(['600']));
  });

  it('stay as they are where others may read them, and the log says once how to change that', async () => {
    const dataDir = join(parent, 'shared');
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    await using server = await startServerHere({ dataDir });
    const told = server.output().match(/other users of this machine can reach DATA_DIR \(mode 755\)[^"]*/gu);
    expect(told).toEqual([`other users of this machine can reach DATA_DIR (mode 755). Run: chmod 700 '${dataDir}'`]);
    expect(await modeOf(dataDir)).toBe('755');
    const folder = join(parent, 'backup');
    await mkdir(folder);
    await chmod(folder, 0o750);
    const { code, stderr } = await runCommandHere(['backup', folder], { DATA_DIR: dataDir });
    expect([code, stderr]).toEqual([
      0,
      `darkroom: other users of this machine can reach the backup (mode 750). Run: chmod 700 '${folder}'\n`,
    ]);
  });
});

describe('what the upstream is told of a principal', () => {
  async function identifierIn(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const upstream = await startDevelopingUpstream();
    await using server = await startServerAt(upstream, { dataDir, env });
    await generateToEnd(server.url, { prompt: 'a cat' });
    await upstream.close();
    return upstream.requests[0]?.body['safety_identifier'];
  }

  it('is an HMAC: the same after a restart, another for another installation, and none when it is switched off', async () => {
    const first = await identifierIn(parent);
    const [key = ''] = (await readFile(join(parent, 'safety-identifier.key'), 'utf8')).split('\n');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(first).toMatch(/^[0-9a-f]{64}$/u);
    expect(await identifierIn(parent)).toBe(first);
    const other = join(parent, 'other');
    expect(await identifierIn(other)).not.toBe(first);
    expect(await identifierIn(parent, { UPSTREAM_SAFETY_IDENTIFIER: 'off' })).toBeUndefined();
  });

  it('is not guessed when its key is damaged: the server does not start', async () => {
    await writeFile(join(parent, 'safety-identifier.key'), 'short\n');
    await expect(startServerHere({ dataDir: parent })).rejects.toThrow(/safety-identifier\.key is damaged/u);
  });
});
