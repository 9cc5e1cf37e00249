/** The scalars: what they look like on the wire. Values come from the domain and are right by construction. */
import { GraphQLError } from 'graphql';
import { IncomingFile } from '../src/domain/incoming-file.ts';
import { sizeProblem } from '../src/domain/models/sizes.ts';
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
    '`auto`, or `<width>x<height>` in pixels. `1024x1024`, `1536x1024` and `1024x1536` work with every model; newer ones ' +
    'take any size within their rules (`models`).',
  serialize: (value) => value,
  // Only the type is judged here: what is wrong with a size is told by the mutation, along with everything else.
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`An ImageSize is a string: ${sizeProblem('')}`);
  },
});

builder.scalarType('Decimal', {
  description: 'A decimal number as a string, exact to the last digit: `"0.053010"`. Money is never a float.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/u.test(value)) return value;
    throw new GraphQLError('A Decimal is a string such as "0.05".');
  },
});

builder.scalarType('SafeInt', {
  description:
    'A whole number that is exact as a JSON number: 9,007,199,254,740,991 (2^53 - 1) at most. For sums that outgrow an ' +
    'Int, which ends at 2,147,483,647.',
  serialize: (value) => {
    if (Number.isSafeInteger(value)) return value;
    throw new GraphQLError('A SafeInt ends at 9007199254740991.');
  },
  parseValue: (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw new GraphQLError('A SafeInt is a whole number such as 3000000000, up to 9007199254740991.');
  },
});

builder.scalarType('Upload', {
  description:
    'A file, sent along as the GraphQL multipart request specification says: `null` in the variables, and the file in ' +
    'the third field of a `multipart/form-data` body. One file a request.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  serialize: () => {
    throw new GraphQLError('An Upload goes in only.');
  },
  parseValue: (value) => {
    if (value instanceof IncomingFile) return value;
    throw new GraphQLError(
      'An Upload is a file of a multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec): ' +
        'a JSON request cannot carry one.',
    );
  },
});
