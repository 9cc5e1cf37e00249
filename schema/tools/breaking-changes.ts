/** Breaking changes of the schema since the last release, which CHANGELOG.md must name (docs/decisions/2026-11-28-breaking-changes.md). */
import { buildSchema, findBreakingChanges, type GraphQLSchema, parse, print, visit } from 'graphql';

export interface BreakingChange {
  /** What changed, as a coordinate of the schema: `Image`, `Image.url`, `Query.images(first:)`. */
  readonly coordinate: string;
  /** What happened to it, as GraphQL.js says it. */
  readonly description: string;
}

/**
 * The breaking changes that the section "Breaking" of the changelog's "Unreleased" does not name.
 * @param released the SDL of the last release
 * @param changelog the text of CHANGELOG.md
 */
export function unnamedBreakingChanges(
  released: string,
  schema: GraphQLSchema,
  changelog: string,
): readonly BreakingChange[] {
  const named = new Set([...breakingSection(changelog).matchAll(/`([^`]+)`/gu)].map(([, name]) => name));
  return findBreakingChanges(buildSchema(released), schema)
    .map(({ description }) => ({ coordinate: coordinateOf(description), description }))
    .filter(({ coordinate }) => !named.has(coordinate));
}

/** The SDL without descriptions: a better text is no change of the API. */
export function withoutDescriptions(sdl: string): string {
  const document = visit(parse(sdl, { noLocation: true }), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  });
  return `${print(document)}\n`;
}

/** The text below "## [Unreleased]", until the next version. */
export function unreleasedSection(changelog: string): string {
  return /^## \[Unreleased\]\n(?<text>.*?)(?=^## |$(?![\s\S]))/msu.exec(changelog)?.groups?.['text'] ?? '';
}

function breakingSection(changelog: string): string {
  const [, ...sections] = unreleasedSection(changelog).split(/^### /mu);
  return sections.filter((section) => section.startsWith('Breaking\n')).join('\n');
}

/** How GraphQL.js words its changes, and the coordinate of each. Other texts start with the name of what changed. */
const WORDINGS: readonly (readonly [pattern: RegExp, coordinate: string])[] = [
  [/^(\w+) was removed from (?:enum|union) type (\w+)\.$/u, '$2.$1'],
  [/^A required field (\w+) on input type (\w+) was added\.$/u, '$2.$1'],
  [/^A required arg (\w+) on ([\w.]+) was added\.$/u, '$2($1:)'],
  [/^([\w.]+) arg (\w+) (?:was removed|has changed type from .+)\.$/u, '$1($2:)'],
];

function coordinateOf(description: string): string {
  for (const [pattern, coordinate] of WORDINGS) {
    if (pattern.test(description)) return description.replace(pattern, coordinate);
  }
  return /^[\w.]+\w/u.exec(description)?.[0] ?? description;
}
