/** The schema: imports every type for its side effect and exports the result. Importing it opens no database. */
import { builder } from './builder.ts';
import './scalars.ts';
import './errors.ts';
import './types/images/image-settings.ts';
import './types/images/image.ts';
import './types/conversation.ts';
import './types/export.ts';
import './types/calls/generation-failure.ts';
import './types/calls/generation-call.ts';
import './types/calls/call-times.ts';
import './types/images/lineage.ts';
import './lists/images.ts';
import './lists/conversations.ts';
import './lists/generation-calls.ts';
import './lists/tags.ts';
import './types/log-events.ts';
import './types/calls/generation-events.ts';
import './operations/subscriptions.ts';
import './operations/generate.ts';
import './operations/retry.ts';
import './operations/cancel.ts';
import './operations/upload.ts';
import './operations/archive/images.ts';
import './operations/archive/image-lists.ts';
import './operations/archive/conversations.ts';
import './operations/client-token.ts';
import './types/cost.ts';
import './types/budget.ts';
import './operations/approvals.ts';
import './types/models.ts';
import './operations/estimate.ts';
import './types/viewer.ts';
import './types/rate-limits.ts';
import './types/api-key.ts';
import './operations/api-keys.ts';

export const schema = builder.toSchema();

// The schema builder has no option for it.
schema.description =
  'Darkroom makes images from prompts, and keeps them. A mutation returns at once with a `GenerationCall`; a subscription ' +
  'shows its partial images and its result, and resumes after a `cursor` without losing or repeating an event. Ids and lists ' +
  'follow the Relay specifications. The result of a mutation is a union: select `... on Error { code message }` in each. ' +
  'PROTOCOL.md in the repository says what clients can rely on.';
