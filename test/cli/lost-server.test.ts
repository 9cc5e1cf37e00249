/**
 * `npm run generate` when the server goes away in the middle, and when the user stops it. The tests do little but wait,
 * so they run at the same time.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { freePort, generate, newFolder, picturesIn, startGenerate } from './run.ts';

async function address(durationMs = 2_000) {
  return { PORT: String(await freePort()), SIMULATOR_DURATION_MS: String(durationMs) };
}

/** The progress lines, without their times. */
function stages(stderr: string): string[] {
  return [...stderr.matchAll(/^ +\d+\.\d s +\d+% {2}(.*)$/gmu)].map(([, words = '']) => words);
}

describe.concurrent('a server that goes away', () => {
  it('and comes back having finished the picture is survived: nothing is missing, nothing comes twice', async () => {
    await using folder = await newFolder();
    // Long enough to stop the server before the picture is finished, on a busy machine too.
    const env = await address(4_000);
    await using data = await newFolder();
    const { path: dataDir } = data;
    await using before = await startServer({ env, dataDir });
    const running = startGenerate(['a fox', '--url', before.url, '--out', '.'], { cwd: folder.path });
    await running.untilSays(/partial 1 of 2/u);
    expect(await before.stop('SIGTERM')).toBe(0);
    await running.untilSays(/Connection lost/u);
    await using _after = await startServer({ env, dataDir });
    const { code, stderr, stdout } = await running.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stages(stderr)).toEqual([
      'queued',
      'asking the upstream',
      'partial 1 of 2: partial-0.png',
      'partial 2 of 2: partial-1.png',
      'finished: final.png',
      'done',
    ]);
    expect(stderr).toContain('Reconnected.');
    expect(stdout).toContain('final.png');
    expect(await picturesIn(folder.path)).toHaveLength(3);
  });

  it('by SIGKILL and comes back tells what became of the call', async () => {
    await using folder = await newFolder();
    const env = await address(10_000);
    await using data = await newFolder();
    const { path: dataDir } = data;
    await using before = await startServer({ env, dataDir });
    const running = startGenerate(['a fox', '--url', before.url, '--out', '.'], { cwd: folder.path });
    await running.untilSays(/partial 1 of 2/u);
    await before.stop('SIGKILL');
    await using _after = await startServer({ env, dataDir });
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stages(stderr)).toEqual(['queued', 'asking the upstream', 'partial 1 of 2: partial-0.png', 'failed']);
    expect(stderr).toContain('the generation failed with OUTCOME_UNKNOWN');
    expect(await picturesIn(folder.path)).toMatchObject([{ name: 'partial-0.png' }]);
  });

  it('for more than 10 s is given up, with a word on how to look again', async () => {
    await using folder = await newFolder();
    await using server = await startServer({ env: await address() });
    const running = startGenerate(['a fox', '--url', server.url, '--out', '.'], { cwd: folder.path });
    await running.untilSays(/asking the upstream/u);
    await server.stop('SIGKILL');
    const goneAt = performance.now();
    const { code, stderr, stdout } = await running.ended;
    const seconds = (performance.now() - goneAt) / 1000;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(seconds).toBeGreaterThan(9);
    expect(seconds).toBeLessThan(15);
    expect(stderr).toMatch(/^darkroom: the server at \S+ has been unreachable for 10 s\./mu);
    expect(stderr).toMatch(/^ {2}npm run generate -- --watch \S+$/mu);
    expect(stderr).not.toMatch(/^\s+at /mu);
  });

  it('but holds the line is noticed by its silence', async () => {
    await using folder = await newFolder();
    await using server = await startServer({ env: await address() });
    const running = startGenerate(['a fox', '--url', server.url, '--out', '.'], { cwd: folder.path });
    await running.untilSays(/asking the upstream/u);
    server.process.kill('SIGSTOP');
    await running.untilSays(/Connection lost/u);
    server.process.kill('SIGCONT');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await picturesIn(folder.path)).toHaveLength(3);
  });
});

describe.concurrent('Ctrl+C', () => {
  it('ends with 130 and says how to look again; the picture is made all the same', async () => {
    await using folder = await newFolder();
    await using server = await startServer({ env: await address() });
    const running = startGenerate(['a fox', '--url', server.url, '--out', 'first'], { cwd: folder.path });
    await running.untilSays(/partial 1 of 2/u);
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain(`The generation continues at ${server.url}.`);
    const [, callId = ''] = /--watch (\S+)/u.exec(stderr) ?? [];
    const again = await generate(['--watch', callId, '--url', server.url, '--out', 'again'], { cwd: folder.path });
    expect(again).toMatchObject({ code: 0 });
    expect(await picturesIn(join(folder.path, 'again'))).toHaveLength(3);
  });

  it('lets a server of its own finish what it has begun', async () => {
    await using folder = await newFolder();
    const env = await address();
    const running = startGenerate(['a fox'], { cwd: folder.path, env });
    await running.untilSays(/asking the upstream/u);
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('The server of this command stops too');
    const [, callId = ''] = /--watch (\S+)/u.exec(stderr) ?? [];
    const again = await generate(['--watch', callId, '--json'], { cwd: folder.path, env });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'COMPLETED' });
  });
});
