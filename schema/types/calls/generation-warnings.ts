/** GenerationWarning: notes about a request that was accepted. */
import { modelStatus } from '../../../src/domain/models/catalogue.ts';
import type { CatalogueModel } from '../../../src/domain/models/table.ts';
import { builder } from '../../builder.ts';
import { enumOf } from '../images/image-settings.ts';

const WARNING_CODES = ['MODEL_RETIRING', 'OPTION_LEFT_OUT'] as const;
type WarningCode = (typeof WARNING_CODES)[number];

interface GenerationWarning {
  readonly code: WarningCode;
  readonly message: string;
}

const GenerationWarningCodeRef = enumOf<WarningCode>('GenerationWarningCode', 'The kind of a warning.', WARNING_CODES, {
  MODEL_RETIRING: 'The image model will be shut down within 90 days. The message gives the date and the successor.',
  OPTION_LEFT_OUT:
    'The upstream does not support an option, so the image is made without it. The message names the option.',
});

export const GenerationWarningRef = builder.objectRef<GenerationWarning>('GenerationWarning').implement({
  description: 'A warning about a call that was accepted.',
  fields: (t) => ({
    code: t.expose('code', { type: GenerationWarningCodeRef, description: 'The kind of the warning, for programs.' }),
    message: t.exposeString('message', { description: 'An explanation of the warning, for people.' }),
  }),
});

/** What the warnings of a call depend on. */
interface WarnedCall {
  readonly model: CatalogueModel | null;
  /** The time the call was made, RFC 3339. */
  readonly createdAt: string;
  /** The options that the upstream does not support. */
  readonly leftOut: readonly string[];
}

export function warningsOf({ model, createdAt, leftOut }: WarnedCall): readonly GenerationWarning[] {
  return [...retirementOf(model, createdAt), ...leftOut.map(leftOutWarning)];
}

function leftOutWarning(option: string): GenerationWarning {
  const message = `The upstream does not support the option ${option} here, so the image is made without it.`;
  return { code: 'OPTION_LEFT_OUT', message };
}

function retirementOf(model: CatalogueModel | null, at: string): readonly GenerationWarning[] {
  if (model === null || model.retiresAt === null || modelStatus(model, new Date(at)) !== 'RETIRING') return [];
  const next = model.successor === null ? '' : ` Use ${model.successor} instead.`;
  const message = `The model ${model.name} will be shut down on ${model.retiresAt.slice(0, 10)}.${next}`;
  return [{ code: 'MODEL_RETIRING', message }];
}
