/** Files that exhaust a decoder or are not what they seem, and bytes that are not text. Nothing of them is kept. */
import { expect } from 'vitest';
import { uploadForm } from '../support/upload.ts';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import type { HostileInput } from './hostile-input.ts';
import { commentedGif, FILES_OF_OTHER_KINDS, gif, hugeFrameGif, jpeg, png, pngChunk, webp } from './upload-files.ts';

const MANY_FRAMES = 'must have at most 1000 frames; it has more. Send one picture of the animation.';
const MUCH_METADATA = 'must have at most 16000000 bytes of metadata; it has more. Save it without metadata.';
const MANY_BLOCKS = 'must have at most 1000 blocks of metadata; it has more. Save it without metadata.';
const DAMAGED =
  'is damaged or breaks off: it cannot be decoded to its end. Open it in an image editor and save it again.';
const SVG = 'is an SVG or another XML file; the upstream accepts pixels only. Send it as PNG, WEBP, JPEG or GIF.';
const OTHER = expect.stringMatching(/^is not a PNG, WEBP, JPEG or GIF picture, whatever its name says/u);
const PREFLIGHT = { 'x-requested-with': 'test' };
/** What the files themselves take while they arrive, and the heap of the decoders. */
const UPLOAD_GROWTH_BYTES = 150_000_000;

/** A file that is refused, with the message of its field. */
function file(
  name: string,
  bytes: Buffer | undefined,
  message: unknown,
  more: Partial<HostileInput> = {},
): HostileInput {
  if (bytes === undefined) throw new Error(`there is no file for ${name}`);
  return {
    maxGrowthBytes: UPLOAD_GROWTH_BYTES,
    ...more,
    name,
    request: () => ({
      path: '/graphql',
      init: { method: 'POST', headers: PREFLIGHT, body: uploadForm(bytes, { name: 'cat.png', type: 'image/png' }) },
    }),
    status: 200,
    body: {
      data: {
        uploadImage: {
          __typename: 'InvalidInputError',
          code: 'INVALID_INPUT',
          message: expect.any(String),
          fields: [{ field: 'file', message }],
        },
      },
    },
  };
}

/** A request that is refused as a whole. */
function request(name: string, init: RequestInit, status: number, message: unknown, path = '/graphql'): HostileInput {
  const extensions = expect.objectContaining({ code: expect.any(String) });
  return {
    name,
    request: () => ({ path, init: { ...init, headers: { ...PREFLIGHT, ...init.headers } } }),
    status,
    body: { errors: [{ message, extensions }] },
  };
}

function multipart(parts: readonly (readonly [string, Buffer | string, string?])[]): RequestInit {
  const pieces = parts.flatMap(([name, body, fileName]) => [
    Buffer.from(
      `--edge\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n\r\n`,
    ),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  const body = Buffer.concat([...pieces, Buffer.from('--edge--\r\n')]);
  return { method: 'POST', body, headers: { 'content-type': 'multipart/form-data; boundary=edge' } };
}

const NOT_UTF8 = Buffer.from('{"query":"{ __typename }","variables":{"a":"\xff\xfe"}}', 'latin1');
const OVERLONG = Buffer.from('{"query":"{ __typename }","variables":{"a":"\xc0\xaf"}}', 'latin1');
const SURROGATE = Buffer.from('{"query":"{ __typename }","variables":{"a":"\xed\xa0\x80"}}', 'latin1');
const JSON_TYPE = { 'content-type': 'application/json' };
const BODY_MESSAGE = 'The request body must be UTF-8; it contains bytes that are not.';
const OPERATIONS = JSON.stringify({
  query: 'mutation ($file: Upload!) { uploadImage(input: { file: $file }) { __typename } }',
  variables: { file: null },
});
const MAP = '{"0":["variables.file"]}';
const PICTURE = png(8, 8);
const SMALL_JPEG = jpeg(1);

const FILES: readonly HostileInput[] = [
  file('a GIF of a million frames', gif(1_000_000), MANY_FRAMES),
  file('a GIF of one frame more than is allowed', gif(1_001), MANY_FRAMES),
  file(
    'a GIF whose frame is as large as can be',
    hugeFrameGif(),
    'must have at most 64000000 pixels in all; its first 1 frames have 4294836225.',
  ),
  file('a GIF with a comment of 17 MB', commentedGif(17_000_000), MUCH_METADATA),
  file('a GIF that breaks off', gif(3).subarray(0, 40), DAMAGED),
  file('a WEBP of a thousand and one frames', webp(1_001), MANY_FRAMES),
  file('a WEBP with 17 MB of EXIF', webp(1, 17_000_000), MUCH_METADATA),
  file('a WEBP of empty frames', webp(1), DAMAGED),
  file('a PNG with 17 MB of text', png(8, 8, [pngChunk('tEXt', Buffer.alloc(17_000_000, 'x'))]), MUCH_METADATA),
  file(
    'a PNG with 1001 texts',
    png(
      8,
      8,
      Array.from({ length: 1_001 }, () => pngChunk('tEXt', Buffer.from('a\0b'))),
    ),
    MANY_BLOCKS,
  ),
  file(
    'a PNG of 60,000 pixels a side',
    png(60_000, 60_000, [], Buffer.alloc(64)),
    'must have no edge longer than 16383 pixels; it has 60000x60000.',
  ),
  file(
    'a PNG of 256 megapixels',
    png(16_000, 16_000, [], Buffer.alloc(64)),
    'must have at most 64000000 pixels in all; it has 16000x16000.',
  ),
  file('a PNG without pixels', png(8_000, 8_000, [], Buffer.alloc(0)), DAMAGED),
  file('a PNG that breaks off', PICTURE.subarray(0, -10), DAMAGED),
  file('a PNG with a wrong checksum', Buffer.from(PICTURE).fill(0, 29, 33), DAMAGED),
  file(
    'a PNG that claims a chunk of 4 GB',
    Buffer.concat([PICTURE.subarray(0, 33), Buffer.from('\xff\xff\xff\xfftEXt', 'latin1')]),
    MUCH_METADATA,
  ),
  file(
    'a JPEG of a hundred and one scans',
    jpeg(101),
    'must have at most 100 scans; it has more. Save it again as a usual JPEG.',
  ),
  file('a JPEG with 17 MB of EXIF', jpeg(1, 17_000_000), MUCH_METADATA),
  file('a JPEG without a frame', SMALL_JPEG, DAMAGED),
  file('a JPEG of its first bytes', SMALL_JPEG.subarray(0, 4), DAMAGED),
  file('nothing', Buffer.alloc(0), 'is empty: it has no bytes.'),
  file('a single byte', Buffer.from([0x89]), OTHER),
  file('an SVG', FILES_OF_OTHER_KINDS['svg'], SVG),
  file('an SVG with a million entities', FILES_OF_OTHER_KINDS['entities'], SVG),
  file('a page with a script', FILES_OF_OTHER_KINDS['html'], OTHER),
  file('a TIFF', FILES_OF_OTHER_KINDS['tiff'], 'is a TIFF picture. Send it as PNG, WEBP, JPEG or GIF.'),
  file('an AVIF', FILES_OF_OTHER_KINDS['avif'], 'is a HEIC or AVIF picture. Send it as PNG, WEBP, JPEG or GIF.'),
  file('a BMP', FILES_OF_OTHER_KINDS['bmp'], 'is a BMP picture. Send it as PNG, WEBP, JPEG or GIF.'),
];

const TEXTS: readonly HostileInput[] = [
  request('a JSON body that is not UTF-8', { method: 'POST', headers: JSON_TYPE, body: NOT_UTF8 }, 400, BODY_MESSAGE),
  request(
    'a JSON body with an overlong slash',
    { method: 'POST', headers: JSON_TYPE, body: OVERLONG },
    400,
    BODY_MESSAGE,
  ),
  request(
    'a JSON body with a surrogate in UTF-8',
    { method: 'POST', headers: JSON_TYPE, body: SURROGATE },
    400,
    BODY_MESSAGE,
  ),
  request(
    'a long JSON body that is not UTF-8',
    { method: 'POST', headers: JSON_TYPE, body: Buffer.concat([NOT_UTF8, Buffer.alloc(200_000, ' ')]) },
    400,
    BODY_MESSAGE,
  ),
  request(
    'a URL that is not UTF-8',
    { headers: { accept: 'application/json' } },
    400,
    'The URL must be UTF-8; it contains bytes that are not.',
    '/graphql?query={__typename}&variables={%22a%22:%22%ff%22}',
  ),
  request(
    'a form field that is not UTF-8',
    multipart([
      ['operations', Buffer.concat([Buffer.from(OPERATIONS), Buffer.from([0x20, 0xff])])],
      ['map', MAP],
      ['0', PICTURE, 'a.png'],
    ]),
    400,
    'The field "operations" must be UTF-8; it contains bytes that are not.',
  ),
  request(
    'a file before its operation',
    multipart([
      ['0', PICTURE, 'a.png'],
      ['operations', OPERATIONS],
      ['map', MAP],
    ]),
    400,
    expect.stringMatching(/^A file came first\./u),
  ),
  request(
    'a file for a prototype',
    multipart([
      ['operations', OPERATIONS],
      ['map', '{"0":["variables.__proto__.file"]}'],
      ['0', PICTURE, 'a.png'],
    ]),
    400,
    expect.stringMatching(/^"map" names "variables\.__proto__\.file"/u),
  ),
  ...(['prompt', 'idempotencyKey', 'model'] as const).map((field): HostileInput => {
    const half = 'a cat \ud800';
    const input =
      field === 'model' ? { prompt: 'a cat', options: { model: half } } : { prompt: 'a cat', [field]: half };
    const path = field === 'model' ? 'options.model' : field;
    const message = 'must be well-formed Unicode; it contains half of a surrogate pair.';
    return {
      name: `half of a surrogate pair in ${path}`,
      over: ['small JSON POST', 'large POST', 'WebSocket mutation'],
      operation: () => ({
        query:
          'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename ... on InvalidInputError { fields { field message } } } }',
        variables: { input },
      }),
      status: 200,
      payloads: [{ data: { generateImage: { __typename: 'InvalidInputError', fields: [{ field: path, message }] } } }],
    };
  }),
];

checkHostileInputs('uploads', FILES);
checkHostileInputs('text that is not Unicode', TEXTS);
