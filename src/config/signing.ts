/** The environment variables that say how image URLs and client tokens are signed, and which pages may show images. */
import * as v from 'valibot';
import { integerOr, oneOf, orNull, partsOf } from './values.ts';

export interface SigningConfig {
  /** The first one signs, and all verify; null to keep one in the data directory. */
  readonly secrets: readonly [string, ...string[]] | null;
  /** The shortest time that a signed image URL works, in milliseconds. */
  readonly imageUrlTtlMs: number;
  /** Which pages may show images; `auto` depends on how the server is reached. */
  readonly imageResourcePolicy: (typeof RESOURCE_POLICIES)[number];
}

const RESOURCE_POLICIES = ['auto', 'same-origin', 'same-site', 'cross-origin'] as const;

/** In characters. Base64 of 32 random bytes has 44. */
const MIN_SECRET_LENGTH = 32;
/** Fewer different characters are a pattern, not a random secret. */
const MIN_DIFFERENT_CHARACTERS = 12;

const EXPECTED =
  `must be secrets of at least ${MIN_SECRET_LENGTH} random characters, separated by commas, for example the output of ` +
  '`openssl rand -base64 32`';

// The message tells which secret is weak and never what it is.
const secretList = v.pipe(
  v.string(),
  v.transform(partsOf),
  v.rawTransform(({ dataset: { value: secrets }, addIssue, NEVER }) => {
    const weak = secrets.findIndex((secret) => !isStrong(secret));
    if (weak !== -1) addIssue({ message: `${EXPECTED}; number ${weak + 1} of ${secrets.length} is too weak` });
    const [first, ...others] = secrets;
    return weak !== -1 || first === undefined ? NEVER : ([first, ...others] as const);
  }),
);

export const SIGNING_ENVIRONMENT = {
  SIGNING_KEY: orNull(secretList),
  IMAGE_URL_TTL_MS: integerOr(43_200_000, 60_000, 2_592_000_000),
  IMAGE_RESOURCE_POLICY: oneOf(RESOURCE_POLICIES, 'auto'),
};

type Values = v.InferOutput<v.ObjectSchema<typeof SIGNING_ENVIRONMENT, undefined>>;

export function signingConfig(values: Values): SigningConfig {
  return {
    secrets: values.SIGNING_KEY,
    imageUrlTtlMs: values.IMAGE_URL_TTL_MS,
    imageResourcePolicy: values.IMAGE_RESOURCE_POLICY,
  };
}

function isStrong(secret: string): boolean {
  return secret.length >= MIN_SECRET_LENGTH && new Set(secret).size >= MIN_DIFFERENT_CHARACTERS;
}
