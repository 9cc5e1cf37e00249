/** A real browser for the tests: the installed Chromium. Nothing is downloaded. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Headless, and without requests of its own: only the page sends something. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The path of a Chromium: from the environment variable CHROMIUM, or found on this machine; null if there is none.
 * @throws {Error} when CHROMIUM names a file that does not exist
 */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, and there is no such file.`);
  }
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const candidates = onPath.flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [...candidates, ...ELSEWHERE].find((path) => existsSync(path)) ?? null;
}

/** Starts it with a new profile, which is removed with it. */
export function launchChromium(executablePath: string, args: readonly string[] = []): Promise<Browser> {
  // Without a locale, files are downloaded under names of ASCII alone.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...args], env });
}
