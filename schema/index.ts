/** The schema: imports every type for its side effect and exports the result. Importing it opens no database. */
import { builder } from './builder.ts';
import './scalars.ts';
import './errors.ts';
import './types/image-settings.ts';
import './types/image.ts';
import './types/conversation.ts';
import './types/export.ts';
import './types/generation-failure.ts';
import './types/generation-call.ts';
import './types/log-events.ts';
import './types/generation-events.ts';
import './operations/subscriptions.ts';
import './operations/generate.ts';
import './operations/retry.ts';
import './operations/cancel.ts';
import './operations/upload.ts';
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
