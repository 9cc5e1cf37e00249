/** Planted secrets, and the search for them in everything that leaves a server or stays on its disk. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets that look like nothing in particular, with characters that encodings change. */
export const CANARIES = {
  apiKey: 'canary+Key/with=8 signs',
  header: 'canary"Header\\value',
  token: 'canaryTokenOfAHeader',
  urlPassword: 'canary:pass@word',
  organization: 'org-canaryOrganisation',
  project: 'proj_canaryProject',
};

/** A secret as the forms in which it can be repeated. Written apart from the scrubber, so that both cannot be wrong alike. */
export function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const inBase64 = ['', 'x', 'xx'].map((before) => {
    const encoded = Buffer.from(`${before}${secret}`).toString('base64').replace(/=+$/u, '');
    // Four characters stand for three bytes: the first group has the bytes before, the last one may have those behind.
    return encoded.slice(before === '' ? 0 : 4, -4);
  });
  return [secret, encodeURIComponent(secret), json, JSON.stringify(json).slice(1, -1), ...inBase64];
}

/** Everything that an upstream could repeat, in one line. */
export function echo(secrets: Readonly<Record<string, string>> = CANARIES): string {
  const every = Object.values(secrets).flatMap((secret) => [
    ...formsOf(secret).slice(0, 4),
    ...['', 'x', 'xx', 'user:'].map((before) => Buffer.from(`${before}${secret} and more`).toString('base64')),
    Buffer.from(secret).toString('base64url'),
  ]);
  return every.join(' ');
}

/** Which canaries are in the text, each with some of what is around it. */
export function canariesIn(text: string, secrets: Readonly<Record<string, string>> = CANARIES): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form) => {
      const at = text.toLowerCase().indexOf(form.toLowerCase());
      return at === -1 ? [] : [`${name} as ${form}: ${text.slice(Math.max(0, at - 60), at + form.length + 20)}`];
    }),
  );
}

/** The same for every file below a folder, byte by byte. */
export async function canariesInFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1');
    found.push(...canariesIn(text).map((what) => `${entry.name}: ${what}`));
  }
  return found;
}
