/** `npm run generate` as a user runs it, against a real server. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop } from '../api/orders.ts';
import { picture } from '../api/steps.ts';
import { startServerAt } from '../api/upstreams.ts';
import { startServerHere } from '../support/app.ts';
import { jsonReply, recordedEvents, startScriptedUpstream, streamReply } from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { freePort, generate, newFolder, picturesIn, type Run, startGenerate } from './run.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServerHere({ env: { RETRY_BASE_DELAY_MS: '10' } });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const names = (pictures: readonly { readonly name: string }[]) => pictures.map(({ name }) => name);

/** The value behind a label of the report. */
function reported(label: string, { stdout }: Run): string {
  const [, value] = new RegExp(`^${label} {2,}(\\S+)`, 'mu').exec(stdout) ?? [];
  if (value === undefined) throw new Error(`no ${label} in:\n${stdout}`);
  return value;
}

describe('a picture', () => {
  it('is saved in every stage, whole and different from the others', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox in the snow', '--url', server.url, '--out', 'fox'], { cwd: folder.path });
    expect(run).toMatchObject({ code: 0 });
    const pictures = await picturesIn(join(folder.path, 'fox'));
    expect(names(pictures)).toEqual(['final.png', 'partial-0.png', 'partial-1.png']);
    for (const picture of pictures) expect(picture).toMatchObject({ format: 'png', width: 1024, height: 1024 });
    expect(new Set(pictures.map(({ look }) => look)).size).toBe(3);
  });

  it('is told in lines: ids, revised prompt, paths, and how to change it', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox in the snow', '--url', server.url, '--out', 'fox'], { cwd: folder.path });
    const imageId = reported('Image', run);
    expect(Buffer.from(imageId, 'base64').toString()).toMatch(/^Image:/u);
    expect(Buffer.from(reported('Call', run), 'base64').toString()).toMatch(/^GenerationCall:/u);
    expect(Buffer.from(reported('Conversation', run), 'base64').toString()).toMatch(/^Conversation:/u);
    expect(run.stdout).toMatch(/^Revised prompt {2}.*a fox in the snow/mu);
    expect(run.stdout).toContain(`fox/final.png  (1024 × 1024)\n${' '.repeat(16)}fox/partial-0.png\n`);
    expect(run.stdout).toContain(`npm run generate -- --refine ${imageId} "now make it snow"`);
  });

  it('shows its stages on standard error, each once and in order', async () => {
    await using folder = await newFolder();
    const { stderr } = await generate(['a fox', '--url', server.url, '--out', 'fox'], { cwd: folder.path });
    const stages = [...stderr.matchAll(/^ +\d+\.\d s +(\d+%) {2}(.*)$/gmu)].map(([, ...parts]) => parts.join(' '));
    expect(stages).toEqual([
      '2% queued',
      '10% asking the upstream',
      '38% partial 1 of 2: partial-0.png',
      '67% partial 2 of 2: partial-1.png',
      '95% finished: final.png',
      '100% done',
    ]);
    expect(stderr).not.toContain('\u001b');
  });

  it('goes by default to pictures/<prompt>-<id> below the working folder', async () => {
    await using folder = await newFolder();
    const run = await generate(['Ein Fuchs, grün & schlau!', '--url', server.url], { cwd: folder.path });
    expect(run).toMatchObject({ code: 0 });
    const [directory = '', ...more] = await readdir(join(folder.path, 'pictures'));
    expect(more).toEqual([]);
    expect(directory).toMatch(/^ein-fuchs-grun-schlau-[0-9a-f]{6}$/u);
    expect(await readdir(join(folder.path, 'pictures', directory))).toHaveLength(3);
  });

  it('is made as the options say, in lower-case words', async () => {
    await using folder = await newFolder();
    const options = '--size 1536x1024 --quality high --format webp --compression 60 --background opaque --partials 1';
    const run = await generate(['a fox', ...options.split(' '), '--url', `${server.url}/graphql`, '--out', '.'], {
      cwd: folder.path,
    });
    expect(run).toMatchObject({ code: 0 });
    const pictures = await picturesIn(folder.path);
    expect(names(pictures)).toEqual(['final.webp', 'partial-0.webp']);
    for (const picture of pictures) expect(picture).toMatchObject({ format: 'webp', width: 1536, height: 1024 });
  });

  it('is a GIF of as many frames as asked, or an SVG by a chosen author, and says so to the upstream', async () => {
    await using folder = await newFolder();
    await using shop = await openShop();
    const make = (options: string) =>
      generate(['a fox', ...options.split(' '), '--url', shop.url, '--out', '.'], { cwd: folder.path });
    expect(await make('--format gif --frames 3 --frame-ms 50 --complexity low')).toMatchObject({ code: 0 });
    expect(shop.creates().at(-1)?.body).toMatchObject({
      tools: [{ output_format: 'gif', frame_count: 3, frame_duration_ms: 50, complexity: 'low' }],
    });
    expect(JSON.stringify(shop.creates().at(-1)?.body)).not.toContain('partial_images');
    expect(await make('--format svg --svg-model gpt-5.5 --svg-effort high --partials 0')).toMatchObject({ code: 0 });
    expect(shop.creates().at(-1)?.body).toMatchObject({
      tools: [{ output_format: 'svg', svg: { model: 'gpt-5.5', reasoning: { effort: 'high' } } }],
    });
    expect(names(await picturesIn(folder.path))).toEqual(expect.arrayContaining(['final.gif', 'final.svg']));
  });

  it('within hours says from the start that it may take so long', async () => {
    await using folder = await newFolder();
    await using shop = await openShop({ COMPLETION_POLL_FIRST_MS: '10', COMPLETION_POLL_MAX_MS: '10' });
    const run = await generate(['a fox', '--window', '8h', '--url', shop.url, '--out', '.'], { cwd: folder.path });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toMatch(/10% {2}asking the upstream for an image within 8 hours$/mu);
    expect(names(await picturesIn(folder.path))).toEqual(['final.png']);
  });

  it('without an option that the upstream does not know says so', async () => {
    await using folder = await newFolder();
    const bytes = await picture('rgb(20, 90, 160)');
    const refusal = jsonReply({ detail: "Unknown parameter: 'tools[0].complexity'" }, { status: 400 });
    const upstream = await startScriptedUpstream(({ body }) =>
      JSON.stringify(body).includes('complexity')
        ? refusal
        : streamReply(recordedEvents({ responseId: 'resp_1', pictures: [{ bytes, itemId: 'ig_1' }] })),
    );
    await using ending = new AsyncDisposableStack();
    ending.defer(upstream.close);
    await using place = await startServerAt(upstream);
    const make = (...more: string[]) =>
      generate(['a fox', '--complexity', 'low', '--url', place.url, '--out', '.', ...more], { cwd: folder.path });
    const run = await make();
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toMatch(/^Warning {9}.* the option complexity /mu);
    expect(JSON.parse((await make('--json')).stdout)).toMatchObject({ warnings: [{ code: 'OPTION_LEFT_OUT' }] });
  });

  it('of several has a number', async () => {
    await using folder = await newFolder();
    // From a compatible service: others are asked for one image only.
    await using shop = await openShop();
    const args = ['a fox [sim:two-images]', '--partials', '1', '--url', shop.url, '--out', '.'];
    const run = await generate(args, { cwd: folder.path });
    expect(run).toMatchObject({ code: 0 });
    expect(names(await picturesIn(folder.path))).toEqual([
      'final-0.png',
      'final-1.png',
      'image-1-partial-0.png',
      'partial-0.png',
    ]);
    expect(reported('Image 0', run)).not.toBe(reported('Image 1', run));
  });

  it('is one JSON object with --json, with absolute paths', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox', '--json', '--url', server.url, '--out', 'fox'], { cwd: folder.path });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout.trim().split('\n')).toHaveLength(1);
    const result = JSON.parse(run.stdout);
    expect(result).toEqual({
      status: 'COMPLETED',
      callId: expect.any(String),
      conversationId: expect.any(String),
      imageId: expect.any(String),
      revisedPrompt: expect.stringContaining('a fox'),
      images: [
        {
          id: result.imageId,
          path: expect.stringMatching(/^\/.*\/fox\/final\.png$/u),
          format: 'PNG',
          width: 1024,
          height: 1024,
        },
      ],
      partials: [expect.stringMatching(/partial-0\.png$/u), expect.stringMatching(/partial-1\.png$/u)],
      warnings: [],
      failure: null,
    });
    for (const path of [result.images[0].path, ...result.partials]) expect((await stat(path)).size).toBeGreaterThan(0);
  });

  it('is refined with --refine, in the same conversation', async () => {
    await using folder = await newFolder();
    const { path: cwd } = folder;
    const first = JSON.parse((await generate(['a fox', '--json', '--url', server.url], { cwd })).stdout);
    const refined = await generate(
      ['--refine', first.imageId, 'now make it snow', '--json', '--url', server.url, '--out', 'snow'],
      { cwd },
    );
    expect(refined).toMatchObject({ code: 0 });
    const second = JSON.parse(refined.stdout);
    expect(second.conversationId).toBe(first.conversationId);
    expect(second.imageId).not.toBe(first.imageId);
    const [before] = await picturesIn(join(first.images[0].path, '..'));
    const [after] = await picturesIn(join(cwd, 'snow'));
    expect(after?.look).not.toBe(before?.look);
  });

  it('goes on in a conversation with --conversation', async () => {
    await using folder = await newFolder();
    const { path: cwd } = folder;
    const first = JSON.parse((await generate(['a fox', '--json', '--url', server.url], { cwd })).stdout);
    const next = await generate(['a den', '--conversation', first.conversationId, '--json', '--url', server.url], {
      cwd,
    });
    expect(JSON.parse(next.stdout).conversationId).toBe(first.conversationId);
  });

  it('can be looked at again with --watch, into the same folder', async () => {
    await using folder = await newFolder();
    const { path: cwd } = folder;
    const first = await generate(['a fox', '--json', '--url', server.url], { cwd });
    const again = await generate(['--watch', JSON.parse(first.stdout).callId, '--json', '--url', server.url], { cwd });
    expect(again).toMatchObject({ code: 0, stdout: first.stdout });
  });
});

describe('a failure', () => {
  it('of the generation is told with its code, and ends with 1', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox [sim:moderation-input]', '--url', server.url], { cwd: folder.path });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^darkroom: the generation failed with MODERATION_BLOCKED: \S/mu);
    expect(run.stderr).toMatch(/^ {2}call \S+, request req_\w+$/mu);
    expect(run.stderr).not.toMatch(/^\s+at /mu);
  });

  it('of the generation is in the JSON too', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox [sim:http-503]', '--json', '--url', server.url], { cwd: folder.path });
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'FAILED',
      imageId: null,
      images: [],
      failure: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    });
  });

  it('to reach the server of --url is one line, and ends with 1', async () => {
    await using folder = await newFolder();
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await generate(['a fox', '--url', url], { cwd: folder.path })).toEqual({
      code: 1,
      stdout: '',
      stderr: `darkroom: no server answers at ${url} (connection refused)\n`,
    });
  });

  it('to find GraphQL behind --url is one line, and ends with 1', async () => {
    await using folder = await newFolder();
    const other = createServer((_, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    // A server that listens on a port has an address with a port.
    const { port } = other.address() as AddressInfo;
    const run = await generate(['a fox', '--url', `http://127.0.0.1:${port}`], { cwd: folder.path });
    other.close();
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(
      /^darkroom: http:\S+\/graphql answered 404 Not Found, which is not a GraphQL response\n$/u,
    );
  });

  it('to save is one line, told before a picture is asked for, and ends with 1', async () => {
    await using folder = await newFolder();
    await writeFile(join(folder.path, 'taken'), '');
    const run = await generate(['a fox', '--url', server.url, '--out', 'taken'], { cwd: folder.path });
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: 'darkroom: cannot save images in taken: it is a file, not a folder\n',
    });
  });

  // Root can write everywhere except in the kernel's file systems.
  it('to write is one line, and ends with 1', async () => {
    await using folder = await newFolder();
    const locked = process.getuid?.() === 0 ? '/sys/locked' : join(folder.path, 'locked');
    if (!locked.startsWith('/sys')) await mkdir(locked, { mode: 0o555 });
    const run = await generate(['a fox', '--url', server.url, '--out', locked], { cwd: folder.path });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('permission denied') });
  });
});

describe('a command line that is not understood', () => {
  it.each([
    [[], 'a prompt is required'],
    [['  '], 'a prompt is required'],
    [['a', 'fox'], 'put the prompt in quotes: "a fox"'],
    [['a fox', '--sise', 'auto'], "unknown option '--sise'"],
    [['a fox', '--size'], '--size needs a value'],
    [['a fox', '--frames', '--out', 'fox'], '--frames needs a value'],
    [['a fox', '--out', ''], '--out needs a value'],
    [['a fox', '--quality', 'best'], '--quality must be one of auto, low, medium, high, xhigh, max; it is "best"'],
    [['a fox', '--partials', 'two'], '--partials must be a whole number; it is "two"'],
    [['a fox', '--complexity', 'none'], '--complexity must be one of low, medium, high; it is "none"'],
    [['a fox', '--frames', 'some'], '--frames must be a whole number; it is "some"'],
    [['a fox', '--svg-effort', 'some'], '--svg-effort must be one of none, minimal, low, medium, high, xhigh, max'],
    [['a fox', '--window', '3h'], '--window must be one of soonest, 2h, 8h; it is "3h"'],
    [['a fox', '--url', 'localhost:4000'], '--url must be a URL such as http://127.0.0.1:4000'],
    [['a fox', '--refine', 'x', '--conversation', 'y'], '--conversation cannot be combined with --refine'],
    [['--watch', 'x', 'a fox'], 'it takes no prompt'],
    [['--watch', 'x', '--size', 'auto'], 'it cannot be combined with --size'],
  ])('ends with 2 and one line: %j', async (args, words) => {
    await using folder = await newFolder();
    const run = await generate(args, { cwd: folder.path });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`darkroom: `);
    expect(run.stderr).toContain(words);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('to the server names every option that is wrong', async () => {
    await using folder = await newFolder();
    const wrong = '--size large --partials 7 --frames 17 --frame-ms 5'.split(' ');
    const run = await generate(['a fox', ...wrong, '--url', server.url], { cwd: folder.path });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^darkroom: the server rejected this request:$/mu);
    expect(run.stderr).toMatch(/^ {2}--size must be "auto" or/mu);
    expect(run.stderr).toMatch(/^ {2}--partials must be 0 to 3, not 7\.$/mu);
    expect(run.stderr).toMatch(/^ {2}--frames must be 2 to 16, not 17\.$/mu);
    expect(run.stderr).toMatch(/^ {2}--frame-ms must be 10 to 655350, not 5\.$/mu);
  });

  it('to the server names the option that the model does not take', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox', '--size', '1000x1000', '--url', server.url], { cwd: folder.path });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^darkroom: --size: .* 1000x1000 .*divisible by 16; .*1008x1008\.\n$/u);
  });

  it.each([
    [['now make it snow', '--refine', 'nothing'], /^darkroom: --refine is not an id of this API/u],
    [['a fox', '--conversation', 'nothing'], /^darkroom: --conversation is not an id of this API/u],
    [['--watch', 'nothing'], /^darkroom: --watch: .*is not an id of this API/u],
    [['snow', '--refine', globalId('Image')], /^darkroom: --refine: There is no image with this id\.\n$/u],
    [['--watch', globalId('GenerationCall')], /^darkroom: --watch: There is no generation call with this id\.\n$/u],
  ])('names an id that is not there: %j', async (args, words) => {
    await using folder = await newFolder();
    const run = await generate([...args, '--url', server.url], { cwd: folder.path });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(words);
  });

  it('is answered by --help, on standard output', async () => {
    await using folder = await newFolder();
    const run = await generate(['--help'], { cwd: folder.path });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--refine', '--size', '--quality', '--format', '--background', '--compression', '--partials'])
      expect(run.stdout).toContain(option);
    expect(run.stdout).toContain('npm run generate -- "');
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
    expect(await generate(['-h'], { cwd: folder.path })).toEqual(run);
  });
});

function globalId(type: string): string {
  return Buffer.from(`${type}:01980000-0000-7000-8000-000000000001`).toString('base64');
}

describe('the server', () => {
  it('is the one of HOST and PORT when one answers there', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox'], { cwd: folder.path, env: { PORT: new URL(server.url).port } });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).not.toContain('Starting a server');
    expect(await readdir(folder.path)).toEqual(['pictures']);
  });

  it('is started for the picture when none answers, and says so; what it made is still there afterwards', async () => {
    await using folder = await newFolder();
    const env = { PORT: String(await freePort()), DATA_DIR: 'kept', SIMULATOR_DURATION_MS: '300' };
    const first = await generate(['a fox', '--json'], { cwd: folder.path, env });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain(`No server answers at http://127.0.0.1:${env.PORT}. Starting a server`);
    expect(first.stderr).toContain('data: kept');
    expect(first.stderr).not.toContain('"level"');
    const { imageId, images } = JSON.parse(first.stdout);
    expect(names(await picturesIn(join(images[0].path, '..')))).toHaveLength(3);
    const second = await generate(['--refine', imageId, 'in the rain'], { cwd: folder.path, env });
    expect(second).toMatchObject({ code: 0 });
  });

  it('must not be told nonsense by the environment: that ends with 2', async () => {
    await using folder = await newFolder();
    const run = await generate(['a fox'], { cwd: folder.path, env: { PORT: 'many' } });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('PORT must be');
  });
});

describe('a reader that has seen enough', () => {
  it('is no failure', async () => {
    await using folder = await newFolder();
    const running = startGenerate(['a fox', '--url', server.url], { cwd: folder.path });
    running.process.stdout?.destroy();
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /mu);
  });

  it('of standard error is no failure either', async () => {
    await using folder = await newFolder();
    const running = startGenerate(['a fox', '--url', server.url], { cwd: folder.path });
    running.process.stderr?.destroy();
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('final.png');
  });
});
