/**
 * Validators for the schemas in OpenAI's published API description. It is large and not part of this repository: tests
 * that need it are skipped unless it lies beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { patched } from './description-patch.ts';

const BESIDE = path.resolve(import.meta.dirname, '../../../shared/openai/openapi.json');
/** The path of the description, if it lies elsewhere. */
const DESCRIPTION = process.env['OPENAI_DESCRIPTION'] ?? BESIDE;

/** Empty when the description is there. */
export const SKIPPED_BECAUSE = existsSync(DESCRIPTION)
  ? ''
  : ' (skipped: the description is not beside the repository)';

type Validators = (name: string) => ValidateFunction;

/** The validator of a schema, by its name. */
export function loadSchemas(): Validators {
  return validatorsOf(readDescription());
}

/** The same for requests, with the options that the SDK knows and the description does not (description-patch.ts). */
export function loadRequestSchemas(): Validators {
  return validatorsOf(patched(readDescription()));
}

export function readDescription(): Parameters<typeof patched>[0] {
  return JSON.parse(readFileSync(DESCRIPTION, 'utf8'));
}

function validatorsOf(document: unknown): Validators {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addFormat('unixtime', true);
  // Checking the format of a data URL of a megabyte would take seconds.
  ajv.addFormat('uri', true);
  // SAFETY: the description is a JSON object.
  ajv.addSchema({ $id: 'openai', ...(adapted(document) as object) });
  return (name) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (validate === undefined) throw new Error(`the description has no ${name}`);
    return validate;
  };
}

/**
 * OpenAPI's `nullable` is not JSON Schema. A `oneOf` with a discriminator becomes `anyOf`: several of its branches accept
 * the same plain message, which `oneOf` forbids without the discriminator.
 */
function adapted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(adapted);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, discriminator, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, adapted(value)]),
  );
  const { oneOf, ...others } = rest;
  const schema = discriminator !== undefined && oneOf !== undefined ? { ...others, anyOf: oneOf } : rest;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}
