/** The schema: imports every type for its effect and exports the whole. Printing it opens nothing (print.ts). */
import { builder } from './builder.ts';
import './scalars.ts';
import './errors.ts';
import './image-settings.ts';
import './image.ts';
import './conversation.ts';
import './generation-failure.ts';
import './generation-call.ts';
import './generation-events.ts';
import './generate.ts';
import './retry.ts';
import './cancel.ts';
import './upload.ts';
import './cost.ts';
import './models.ts';
import './estimate.ts';
import './viewer.ts';

export const schema = builder.toSchema();
