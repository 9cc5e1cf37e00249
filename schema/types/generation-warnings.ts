/** What goes through and should be known all the same. */
import { modelStatus } from '../../src/domain/models/catalogue.ts';
import type { CatalogueModel } from '../../src/domain/models/table.ts';
import { builder } from '../builder.ts';
import { enumOf } from './image-settings.ts';

const WARNING_CODES = ['MODEL_RETIRING'] as const;
type WarningCode = (typeof WARNING_CODES)[number];

interface GenerationWarning {
  readonly code: WarningCode;
  readonly message: string;
}

const GenerationWarningCodeRef = enumOf<WarningCode>(
  'GenerationWarningCode',
  'What a warning is about, for programs.',
  WARNING_CODES,
  { MODEL_RETIRING: 'The image model will be shut down; the message says when, and what comes after it.' },
);

export const GenerationWarningRef = builder.objectRef<GenerationWarning>('GenerationWarning').implement({
  description: 'Something that the maker of a call should know, though it goes through.',
  fields: (t) => ({
    code: t.expose('code', { type: GenerationWarningCodeRef, description: 'For programs.' }),
    message: t.exposeString('message', { description: 'For people.' }),
  }),
});

/** @param at when the call was made, RFC 3339 */
export function warningsOf(model: CatalogueModel | null, at: string): readonly GenerationWarning[] {
  if (model === null || model.retiresAt === null || modelStatus(model, new Date(at)) !== 'RETIRING') return [];
  const next = model.successor === null ? '' : ` Use ${model.successor} instead.`;
  const message = `The model ${model.name} will be shut down on ${model.retiresAt.slice(0, 10)}.${next}`;
  return [{ code: 'MODEL_RETIRING', message }];
}
