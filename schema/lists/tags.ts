/** The list of tags in use, for filters and completion. */
import { type FieldError, InvalidInputError } from '../../src/domain/errors.ts';
import { ILL_FORMED } from '../../src/domain/generation/generation-input.ts';
import { normalTag, TAG_ORDERS, type TagCount, type TagOrder } from '../../src/domain/images/image-tags.ts';
import { builder } from '../builder.ts';
import { pagePrice } from '../prices.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../relay/connection.ts';
import { enumOf } from '../types/images/image-settings.ts';

const TagOrderRef = enumOf<TagOrder>('TagOrder', 'The order of a list of tags.', TAG_ORDERS, {
  USE: 'The tags of the most images first.',
  NAME: 'By name.',
});

const TagRef = builder.objectRef<TagCount>('Tag').implement({
  description: 'A tag that images have.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The tag, in lower case, as in `Image.tags`.' }),
    imageCount: t.exposeInt('imageCount', { description: 'How many images have it, without those in the trash.' }),
  }),
});

builder.queryField('tags', (t) =>
  t.field({
    type: [TagRef],
    authScopes: { READ: true },
    description:
      'The tags of all images that are not in the trash, those of the most images first unless `orderBy` says otherwise. To ' +
      'complete what somebody types, give it as the prefix.',
    complexity: pagePrice,
    args: {
      prefix: t.arg.string({ description: 'Returns only tags that begin with this text, in any letter case.' }),
      first: t.arg.int({ description: 'The number of tags: 0 to 100. Defaults to 20.' }),
      orderBy: t.arg({ type: TagOrderRef, description: 'The order of the list. Defaults to the most used first.' }),
    },
    resolve: async (_, { prefix, first, orderBy }, { reader }) => {
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const errors: FieldError[] = [];
      if (limit < 0 || limit > MAX_PAGE_SIZE) {
        errors.push({ field: 'first', message: `must be 0 to ${MAX_PAGE_SIZE}, not ${limit}.` });
      }
      if (prefix?.isWellFormed() === false) errors.push({ field: 'prefix', message: ILL_FORMED });
      if (errors.length > 0) throw new InvalidInputError(errors);
      return [...(await reader.tags({ prefix: normalTag(prefix ?? ''), order: orderBy ?? 'USE', limit }))];
    },
  }),
);
