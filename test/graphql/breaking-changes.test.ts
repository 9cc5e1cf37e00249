/** A breaking change of the schema fails the check unless the changelog names it. */
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { unnamedBreakingChanges, withoutDescriptions } from '../../schema/tools/breaking-changes.ts';

const SDL = withoutDescriptions(printSchema(lexicographicSortSchema(schema)));
const changelog = (unreleased: string) =>
  `# Changelog\n\n## [Unreleased]\n${unreleased}\n## [0.1.0]\n\n### Breaking\n\n- \`Image.url\`\n`;
const NOTHING = changelog('\n### Added\n\n- `Image.url` is better.\n');
const coordinates = (released: string, current: string, text = NOTHING) =>
  unnamedBreakingChanges(released, buildSchema(current), text).map(({ coordinate }) => coordinate);

/** The same schema with a change that is planted in its SDL. @throws {Error} when there is nothing to change */
function planted(pattern: RegExp, replacement: string): string {
  const changed = SDL.replace(pattern, replacement);
  if (changed === SDL) throw new Error(`${pattern} is not in the schema`);
  return changed;
}

describe('a breaking change', () => {
  const withoutField = planted(/(?<=^type Image implements[^}]*)^ {2}revisedPrompt: String$/mu, '');

  it('of the real schema is found, and named by its coordinate', () => {
    expect(coordinates(SDL, withoutField)).toContain('Image.revisedPrompt');
  });

  it('passes once the changelog names it below "Breaking" of the unreleased version', () => {
    const named = changelog('\n### Breaking\n\n- `Image.revisedPrompt` is gone: use `prompt`.\n');
    expect(coordinates(SDL, withoutField, named)).not.toContain('Image.revisedPrompt');
  });

  it('does not pass when an older version, or another section, names it', () => {
    expect(coordinates(SDL, planted(/^ {2}url\(format: ImageFormat, /mu, '  url('))).toContain('Image.url(format:)');
    const elsewhere = changelog('\n### Removed\n\n- `Image.revisedPrompt`\n').replace(
      '`Image.url`',
      '`Image.revisedPrompt`',
    );
    expect(coordinates(SDL, withoutField, elsewhere)).toContain('Image.revisedPrompt');
  });

  it('of any kind has a coordinate', () => {
    const type = (rest: string) => `type Query { a(first: Int): String } ${rest}`;
    const changes: readonly (readonly [before: string, after: string, coordinate: string])[] = [
      [type('type Gone { a: Int }'), type(''), 'Gone'],
      [type('enum E { A B }'), type('enum E { A }'), 'E.B'],
      [
        type('union U = A | B type A { a: Int } type B { a: Int }'),
        type('union U = A type A { a: Int } type B { a: Int }'),
        'U.B',
      ],
      [type('input I { a: Int }'), type('input I { a: Int b: Int! }'), 'I.b'],
      [type('type A { a: Int! }'), type('type A { a: Int }'), 'A.a'],
      ['type Query { a(first: Int): Int }', 'type Query { a: Int }', 'Query.a(first:)'],
      ['type Query { a(first: Int): String }', 'type Query { a(first: Int!): String }', 'Query.a(first:)'],
      ['type Query { a: String }', 'type Query { a(first: Int!): String }', 'Query.a(first:)'],
    ];
    expect(changes.map(([before, after]) => coordinates(before, after))).toEqual(changes.map(([, , name]) => [name]));
  });
});

it('additions and better descriptions are no breaking changes', () => {
  expect(coordinates('type Query { a: Int }', 'type Query { "Better." a: Int! b: Int }')).toEqual([]);
});
