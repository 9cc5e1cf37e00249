/** Checks of single fields that need no database. */

import type { FieldError } from '../../domain/errors.ts';
import { ILL_FORMED, requestErrors } from '../../domain/generation/generation-input.ts';
import { IDEMPOTENCY_KEY_MAX_LENGTH } from './idempotency.ts';
import type { CommonInput } from './inputs.ts';

/** The upstream accepts no more images with one request. */
const MAX_SOURCES = 16;

/** Every invalid field that `generate` and `refine` share. */
export function commonErrors({ request, idempotencyKey, errors }: CommonInput): readonly FieldError[] {
  return [...errors, ...requestErrors(request), ...overlayErrors(request), ...keyErrors(idempotencyKey)];
}

function overlayErrors({ maskImageId, markupImageId }: CommonInput['request']): FieldError[] {
  if (maskImageId === null || markupImageId === null) return [];
  return [{ field: 'markupImageId', message: 'cannot be combined with `maskImageId`: omit one of them.' }];
}

/** The problems of an idempotency key. */
export function keyErrors(key: string | null): FieldError[] {
  if (key !== null && !key.isWellFormed()) return [{ field: 'idempotencyKey', message: ILL_FORMED }];
  if (key === null || (key !== '' && key.length <= IDEMPOTENCY_KEY_MAX_LENGTH)) return [];
  const message = `must have 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} characters, not ${key.length}.`;
  return [{ field: 'idempotencyKey', message }];
}

/** The problems of the number of source images, and of a mask or markup without one. */
export function sourceErrors(
  sourceImageIds: readonly string[],
  { maskImageId, markupImageId }: CommonInput['request'],
): FieldError[] {
  const errors: FieldError[] = [];
  if (sourceImageIds.length > MAX_SOURCES) {
    const message = `names ${sourceImageIds.length} images; the upstream accepts at most ${MAX_SOURCES}.`;
    errors.push({ field: 'sourceImageIds', message });
  }
  for (const [field, id] of Object.entries({ maskImageId, markupImageId })) {
    if (id === null || sourceImageIds.length > 0) continue;
    errors.push({ field, message: 'needs a source image: name it in `sourceImageIds`, or refine an image.' });
  }
  return errors;
}
