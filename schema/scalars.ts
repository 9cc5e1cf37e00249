/** The scalars: what they look like on the wire. Values come from the domain and are right by construction. */
import { GraphQLError } from 'graphql';
import { sizeProblem } from '../src/domain/generation-input.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'A moment as RFC 3339 writes it, in UTC: `2026-11-23T15:04:05.678Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString();
    throw new GraphQLError('A DateTime is a string such as "2026-11-23T15:04:05Z".');
  },
});

builder.scalarType('URL', {
  description: 'An absolute URL (RFC 3986).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3986',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && URL.canParse(value)) return value;
    throw new GraphQLError('A URL is a string such as "https://example.com/picture.png".');
  },
});

builder.scalarType('ImageSize', {
  description:
    '`auto`, or `<width>x<height>` in pixels: edges divisible by 16 and at most 3840, a ratio between 1:3 and 3:1, ' +
    '655,360 to 8,294,400 pixels in all. `1024x1024`, `1536x1024` and `1024x1536` work with every model.',
  serialize: (value) => value,
  // Only the type is judged here: what is wrong with a size is told by the mutation, along with everything else.
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`An ImageSize is a string: ${sizeProblem('')}`);
  },
});
