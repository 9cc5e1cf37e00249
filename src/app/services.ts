/** What the API can do: images, uploads, masks, validation, estimates and the engine, each built from what it needs. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { type Budgets, createBudgets } from '../billing/budgets.ts';
import { createLedger } from '../billing/ledger.ts';
import { createUpperEstimate } from '../billing/upper-estimate.ts';
import { type ApiKeyCommands, createApiKeyCommands } from '../commands/api-keys.ts';
import type { ArchiveCommands } from '../commands/archive/commands.ts';
import { createConversationCommands } from '../commands/archive/conversations.ts';
import { createImageCommands } from '../commands/archive/images.ts';
import { createEstimates, type Estimates } from '../commands/estimate.ts';
import { createAdmission } from '../commands/start/admission.ts';
import { createRequestValidator, type RequestValidator } from '../commands/start/validate.ts';
import { createUploads, type Uploads } from '../commands/upload.ts';
import type { Config } from '../config/config.ts';
import { modelFor } from '../domain/models/catalogue.ts';
import { createInProcessNotifier } from '../events/drivers/in-process/notifier.ts';
import type { Notifier } from '../events/notifier.ts';
import { costOf } from '../graphql/plugins/documents/operation-cost.ts';
import { createClientAddresses } from '../http/admission/client-address.ts';
import { toMarkup } from '../images/markup.ts';
import { createMarkupService, type MarkupService } from '../images/markup-service.ts';
import { toAlphaMask } from '../images/mask.ts';
import { createMaskService, type MaskService } from '../images/mask-service.ts';
import { inspect, NotAPictureError, probeImage, thumbhash, toPng } from '../images/probe.ts';
import { createImageService, type ImageService } from '../images/service.ts';
import { validateUpload } from '../images/validate.ts';
import { renderVariant } from '../images/variants/render.ts';
import { createVariantService, type VariantService } from '../images/variants/variant-service.ts';
import { createVariantStore } from '../images/variants/variant-store.ts';
import { createFairLimiter, type FairLimiter } from '../lib/fair-limiter.ts';
import { createVariantSpace, type VariantSpace } from '../maintenance/variant-space.ts';
import { createInProcessQueue } from '../queue/drivers/in-process/work-queue.ts';
import { timestamp } from '../runner/clock.ts';
import { type Archive, createArchive } from '../state/archive.ts';
import { createEngine, type Engine } from './engine.ts';
import { type ClientLimits, createClientLimits } from './limits.ts';
import type { OpenStorage } from './storage.ts';
import type { OpenUpstream } from './upstream.ts';

/** How long a lost notification can stay unnoticed. */
const NOTIFIER_POLL_MS = 5_000;

export interface Services {
  readonly imageService: ImageService;
  readonly variants: VariantService;
  readonly variantSpace: VariantSpace;
  readonly uploads: Uploads;
  readonly archive: ArchiveCommands;
  readonly validator: RequestValidator;
  readonly estimates: Estimates;
  readonly apiKeys: ApiKeyCommands;
  readonly budgets: Budgets;
  readonly engine: Engine;
  /** Records what is deleted for good. */
  readonly archiveChanges: Archive;
  /** What each client may do in a minute, and have open at once. */
  readonly limits: ClientLimits;
}

export interface ServicesOptions {
  readonly config: Config;
  readonly storage: OpenStorage;
  readonly upstream: OpenUpstream;
  readonly logger: Logger;
}

const clock = { nowMs: Date.now, newId: uuidv7, random: Math.random };
const now = () => timestamp(clock.nowMs());

export function createServices(options: ServicesOptions): Services {
  const { config, storage, upstream, logger } = options;
  const { db } = storage;
  const { models, forRunner } = upstream;
  const limits = createClientLimits({
    config: config.rates,
    addressOf: createClientAddresses(config.network.trustedProxies).addressOf,
    costOf: (args) => costOf(args).points,
    nowMs: clock.nowMs,
  });
  const notifier = createInProcessNotifier({ pollMs: NOTIFIER_POLL_MS });
  const archive = createArchive({ db, notifier, now });
  const pictures = createPictureServices(options, limits, archive);
  const { imageService, variants, variantSpace, masks, markups, uploads } = pictures;
  const validator = createRequestValidator({
    db,
    masks,
    markups,
    modelFor: (name) => modelFor(upstream.info, name),
    upstreamTraits: {
      upstream: forRunner.identity,
      retainsResponses: forRunner.retainsResponses,
      policy: forRunner.apiPolicy,
    },
    files: forRunner.files,
    now,
  });
  const estimates = createEstimates({ db, prices: config.prices, models, policy: forRunner.apiPolicy, validator });
  const budgets = createBudgets(config.budgets);
  const engine = openEngine(options, { imageService, masks, markups, validator, limits, budgets, notifier });
  const { cancellations } = engine;
  const { newId } = clock;
  return {
    imageService,
    variants,
    variantSpace,
    uploads,
    archive: {
      images: createImageCommands(archive),
      conversations: createConversationCommands({ archive, cancellations, newId, logger }),
    },
    validator,
    estimates,
    apiKeys: createApiKeyCommands({ db, nowMs: clock.nowMs, randomBytes }),
    budgets,
    engine,
    archiveChanges: archive,
    limits,
  };
}

const isNotAPicture = (error: unknown) => error instanceof NotAPictureError;

/** Everything that decodes pictures. */
function createPictureServices(options: ServicesOptions, { rates }: ClientLimits, archive: Archive) {
  const { config, storage, logger } = options;
  const { db, blobs } = storage;
  // One placeholder at a time: they are not urgent, and the same threads store the next partial images.
  const placeholderLimiter = createFairLimiter();
  const decodeLimiter = createFairLimiter();
  const decoder = {
    probe: probeImage,
    thumbhash: (path: string, principal: string) => placeholderLimiter(principal, () => thumbhash(path)),
    inspect,
    toPng: (path: string, principal: string) => decodeLimiter(principal, () => toPng(path)),
    isNotAPicture,
  };
  const { keepsMetadata } = config.upstream;
  const imageService = createImageService({ db, blobs, decoder, keepsMetadata, logger });
  const overlays = { blobs, decodeLimiter, keepsMetadata };
  const masks = createMaskService({ ...overlays, decoder: { convert: toAlphaMask, isNotAPicture } });
  const markups = createMarkupService({ ...overlays, decoder: { convert: toMarkup, isNotAPicture } });
  const uploads = createUploads({
    db,
    archive,
    blobs,
    imageService,
    validate: validateUpload,
    decodeLimiter,
    maxBytes: config.maxUploadBytes,
    countUpload: (client) => rates.takeFor('UPLOADS', client, 1),
    now,
    newId: clock.newId,
  });
  return { imageService, masks, markups, uploads, ...createVariants(options, rates, decodeLimiter) };
}

function createVariants(
  { config, storage, logger }: ServicesOptions,
  rates: ClientLimits['rates'],
  decodeLimiter: FairLimiter,
): Pick<Services, 'variants' | 'variantSpace'> {
  const { db, blobs: originals, variantBlobs: blobs } = storage;
  const { nowMs, newId } = clock;
  const variantSpace = createVariantSpace({ db, blobs, maxBytes: config.maxVariantBytes, logger });
  const variants = createVariantService({
    originals,
    store: createVariantStore({ db, blobs, onStored: variantSpace.add, nowMs, newId }),
    blobs,
    render: renderVariant,
    isNotAPicture,
    // Together with a placeholder, three of the four threads that sharp and the file system share: one stays free to store
    // what arrives.
    limiters: { small: createFairLimiter(), large: decodeLimiter },
    countVariant: (id) => rates.takeFor('VARIANTS', { id, credential: null }, 1),
    nowMs,
    logger,
  });
  return { variants, variantSpace };
}

function openEngine(
  { config, storage, upstream, logger }: ServicesOptions,
  services: Pick<Services, 'imageService' | 'validator' | 'limits' | 'budgets'> & {
    readonly masks: MaskService;
    readonly markups: MarkupService;
    readonly notifier: Notifier;
  },
): Engine {
  const { concurrency, perMinute, retry, completionPolls, timeoutMs, leaseMs, drainTimeoutMs, prices } = config;
  const { imageService, masks, markups, validator, limits, budgets, notifier } = services;
  const { approvalTimeoutMs, unpricedImage } = config.budgets;
  const { models } = upstream;
  const usesImageApiOnly = upstream.forRunner.apiPolicy === 'IMAGES';
  return createEngine({
    storage: { db: storage.db, imageService, masks, markups },
    upstream: upstream.forRunner,
    services: {
      validator,
      admission: createAdmission({
        budgets,
        upperEstimate: createUpperEstimate({ prices, models, usesImageApiOnly, unpricedImage }),
        maxOpenCalls: config.limits.maxOpenCalls,
        approvalTimeoutMs,
      }),
      ledger: createLedger({ prices, models }),
      notifier,
      countImages: (spender, images) => limits.rates.takeFor('IMAGES', spender, images),
    },
    createQueue: (run) => createInProcessQueue({ concurrency, perMinute, run, nowMs: clock.nowMs }),
    limits: { timeoutMs, retry, completionPolls, adoptIntervalMs: leaseMs, drainTimeoutMs, approvalTimeoutMs },
    clock,
    instanceId: storage.lease.id,
    logger,
  });
}
