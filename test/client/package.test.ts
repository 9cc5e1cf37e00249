/** The package as a frontend gets it: built, packed, unpacked into a project, and used as client/README.md says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'darkroom-package-'));
const installed = join(project, 'node_modules/@darkroom/client');

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });

beforeAll(() => {
  run('npm', ['run', 'build:client'], ROOT);
  run('npm', ['pack', './client', '--pack-destination', project], ROOT);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', 'darkroom-client-0.1.0.tgz', '--strip-components', '1', '-C', installed], project);
  // What the project has installed beside the package.
  for (const name of [
    '@apollo',
    '@graphql-typed-document-node',
    '@types',
    '@urql',
    'graphql',
    'react',
    'rxjs',
    'wonka',
  ]) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  }
}, 60_000);

afterAll(() => rmSync(project, { recursive: true }));

it.each(['nodenext', 'bundler'])(
  'has types for the examples of its README in strict projects (%s)',
  (resolution) => {
    const readme = readFileSync(join(ROOT, 'client/README.md'), 'utf8');
    const examples = [...readme.matchAll(/^```tsx?\n\/\/ (?<name>[\w.]+)\n(?<code>.*?)^```$/gmsu)];
    expect(examples.map(({ groups }) => groups?.['name'])).toEqual(['Watch.tsx', 'urql.ts', 'apollo.ts']);
    for (const { groups: { name = '', code = '' } = {} } of examples) writeFileSync(join(project, name), code);
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    const compilerOptions = {
      target: 'es2023',
      lib: ['ES2023', 'DOM'],
      module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
      moduleResolution: resolution,
      resolveJsonModule: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      jsx: 'react-jsx',
      types: [],
      skipLibCheck: true,
      noEmit: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }));
    const tsc = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(tsc.stdout).toBe('');
    expect(tsc.status).toBe(0);
  },
  60_000,
);

it('can be imported in Node as it is packed, with the files for caches and code generators', () => {
  const script = `
    import { createDarkroomClient, webSocket } from '@darkroom/client';
    import { DarkroomLink } from '@darkroom/client/apollo';
    import { darkroomExchange } from '@darkroom/client/urql';
    import { useGenerationCall } from '@darkroom/client/react';
    import types from '@darkroom/client/possible-types.json' with { type: 'json' };
    import rules from '@darkroom/client/cache-rules.json' with { type: 'json' };
    import scalars from '@darkroom/client/codegen-scalars.json' with { type: 'json' };
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    const schema = readFileSync(fileURLToPath(import.meta.resolve('@darkroom/client/schema.graphql')), 'utf8');
    console.log([createDarkroomClient, webSocket, DarkroomLink, darkroomExchange, useGenerationCall].map((part) => typeof part).join(),
      types.Error.length > 0, rules.keylessTypes.length > 0, scalars.DateTime, schema.includes('type Query'));`;
  writeFileSync(join(project, 'use.mjs'), script);
  expect(run(process.execPath, ['use.mjs'], project)).toBe(
    'function,function,function,function,function true true string true\n',
  );
});
