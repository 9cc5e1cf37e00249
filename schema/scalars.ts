/**
 * The scalars and their wire formats. Values from the domain are valid by construction, so output is not checked.
 * `codegenScalarType` is the TypeScript type that clients use for a scalar (`codegen-scalars.json`).
 */
import { GraphQLError } from 'graphql';
import { IncomingFile } from '../src/domain/images/incoming-file.ts';
import { sizeProblem } from '../src/domain/models/sizes.ts';
import { builder } from './builder.ts';

const LENGTH_OF_A_TIME = '2026-11-23T15:04:05.678Z'.length;

/** `Date` takes the 30th of February for a day in March. */
function isRealDay(text: string): boolean {
  const [day] = /^\d{4}-\d\d-\d\d/u.exec(text) ?? [];
  if (day === undefined) return true;
  const time = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day);
}

builder.scalarType('DateTime', {
  extensions: { codegenScalarType: 'string' },
  description: 'A date and time in UTC, as an RFC 3339 string: `2026-11-23T15:04:05.678Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value)) && isRealDay(value)) {
      const time = new Date(value).toISOString();
      // Other years have more digits. RFC 3339 has none of them, and times are compared as text.
      if (time.length === LENGTH_OF_A_TIME) return time;
    }
    throw new GraphQLError('A DateTime is a string such as "2026-11-23T15:04:05Z".');
  },
});

builder.scalarType('Date', {
  extensions: { codegenScalarType: 'string' },
  description: 'A day of the calendar in UTC, as an RFC 3339 string: `2026-11-23`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/local-date.html',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/u.test(value) && isRealDay(value)) return value;
    throw new GraphQLError('A Date is a day of the calendar, such as "2026-11-23".');
  },
});

builder.scalarType('URL', {
  extensions: { codegenScalarType: 'string' },
  description: 'An absolute URL (RFC 3986).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3986',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && URL.canParse(value)) return value;
    throw new GraphQLError('A URL is a string such as "https://example.com/picture.png".');
  },
});

builder.scalarType('ImageSize', {
  extensions: { codegenScalarType: 'string' },
  description:
    'An image size: `auto`, or `<width>x<height>` in pixels. Every model supports `1024x1024`, `1536x1024` and ' +
    '`1024x1536`. Newer models support any size within their rules (see `models`).',
  serialize: (value) => value,
  // Only the type is checked here. The mutation checks the value, to report it together with all other problems.
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`An ImageSize is a string: ${sizeProblem('')}`);
  },
});

builder.scalarType('Decimal', {
  extensions: { codegenScalarType: 'string' },
  description: 'An exact decimal number, as a string: `"0.053010"`. Money is never a float.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/u.test(value)) return value;
    throw new GraphQLError('A Decimal is a string such as "0.05".');
  },
});

builder.scalarType('SafeInt', {
  extensions: { codegenScalarType: 'number' },
  description:
    'An integer up to 9,007,199,254,740,991 (2^53 - 1), which a JSON number represents exactly. Used for sums that ' +
    'can exceed the 2,147,483,647 of an Int.',
  serialize: (value) => {
    if (Number.isSafeInteger(value)) return value;
    throw new GraphQLError('A SafeInt cannot be greater than 9007199254740991.');
  },
  parseValue: (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw new GraphQLError('A SafeInt is an integer such as 3000000000, at most 9007199254740991.');
  },
});

builder.scalarType('Upload', {
  extensions: { codegenScalarType: 'File' },
  description:
    'A file, sent as the GraphQL multipart request specification describes: the variable is `null`, and the file is ' +
    'the third field of the `multipart/form-data` body. One file per request. The request needs the header ' +
    '`apollo-require-preflight: true` or `Authorization`.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  serialize: () => {
    throw new GraphQLError('An Upload can only be used as an input.');
  },
  parseValue: (value) => {
    if (value instanceof IncomingFile) return value;
    throw new GraphQLError(
      'An Upload is a file of a multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec): ' +
        'a JSON request cannot carry one.',
    );
  },
});
