/** The rows, in the order in which they are measured and written. */
import type { Row } from '../harness/row.ts';
import { auth } from './auth.ts';
import { bytesLatency } from './bytes-latency.ts';
import { churn } from './churn.ts';
import { eventLatency } from './event-latency.ts';
import { fanOut } from './fan-out.ts';
import { fanOutDataUri } from './fan-out-data-uri.ts';
import { gallery } from './gallery.ts';
import { growth } from './growth.ts';
import { imageBytes } from './image-bytes.ts';
import { imageLatency } from './image-latency.ts';
import { limits } from './limits.ts';
import { memoryCall } from './memory-call.ts';
import { memorySubscriber } from './memory-subscriber.ts';
import { readStream } from './read-stream.ts';
import { start } from './start.ts';
import { typename } from './typename.ts';
import { variants } from './variants.ts';

export const rows: readonly Row[] = [
  readStream,
  eventLatency,
  bytesLatency,
  imageLatency,
  fanOut,
  fanOutDataUri,
  gallery,
  typename,
  auth,
  limits,
  imageBytes,
  variants,
  memoryCall,
  memorySubscriber,
  churn,
  growth,
  start,
];
