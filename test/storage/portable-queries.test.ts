/** Every query compiles for PostgreSQL to SQL without habits of SQLite. No server runs it here. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DummyDriver,
  Kysely,
  type LogEvent,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { expect, it } from 'vitest';
import * as apiKeys from '../../src/db/queries/api-keys.ts';
import * as approvals from '../../src/db/queries/approvals.ts';
import * as attempts from '../../src/db/queries/attempts.ts';
import * as calls from '../../src/db/queries/calls.ts';
import * as charged from '../../src/db/queries/charged-days.ts';
import { countItemsOfConversations, pageOfConversationItems } from '../../src/db/queries/conversation-items.ts';
import * as conversations from '../../src/db/queries/conversations.ts';
import * as costLines from '../../src/db/queries/cost-lines.ts';
import { hasDeletedInputs } from '../../src/db/queries/deleted-inputs.ts';
import * as engineAttempts from '../../src/db/queries/engine/attempts.ts';
import { blobReferences, variantReferences } from '../../src/db/queries/engine/blob-references.ts';
import * as budgets from '../../src/db/queries/engine/budgets.ts';
import * as engineCalls from '../../src/db/queries/engine/calls.ts';
import * as instances from '../../src/db/queries/engine/instances.ts';
import { ownerOfConversation, ownerOfPicture } from '../../src/db/queries/engine/picture-owners.ts';
import * as purgeConversations from '../../src/db/queries/engine/purge-conversations.ts';
import * as purgeDue from '../../src/db/queries/engine/purge-due.ts';
import * as purgeImages from '../../src/db/queries/engine/purge-images.ts';
import { addPurgedCosts } from '../../src/db/queries/engine/purged-costs.ts';
import * as reservations from '../../src/db/queries/engine/reservations.ts';
import * as reservedPlaces from '../../src/db/queries/engine/reserved-places.ts';
import * as spending from '../../src/db/queries/engine/spending.ts';
import * as upstreamDeletions from '../../src/db/queries/engine/upstream-deletions.ts';
import * as engineVariants from '../../src/db/queries/engine/variants.ts';
import * as events from '../../src/db/queries/events.ts';
import * as idempotencyKeys from '../../src/db/queries/idempotency-keys.ts';
import * as callSources from '../../src/db/queries/images/call-sources.ts';
import * as imageFiles from '../../src/db/queries/images/image-files.ts';
import * as imageTags from '../../src/db/queries/images/image-tags.ts';
import * as images from '../../src/db/queries/images/images.ts';
import * as lineage from '../../src/db/queries/images/lineage.ts';
import * as partialImages from '../../src/db/queries/images/partial-images.ts';
import * as refinements from '../../src/db/queries/images/refinements.ts';
import * as tagsInUse from '../../src/db/queries/images/tags-in-use.ts';
import * as uploadKeys from '../../src/db/queries/images/upload-keys.ts';
import * as uploads from '../../src/db/queries/images/uploads.ts';
import * as upstreamFiles from '../../src/db/queries/images/upstream-files.ts';
import * as variants from '../../src/db/queries/images/variants.ts';
import * as trash from '../../src/db/queries/trash.ts';
import type { FoundRow, SearchDriver, SearchingAdapter } from '../../src/db/search.ts';
import type { Tables } from '../../src/db/tables.ts';
import {
  AT,
  apiKeyOf,
  attemptOf,
  callOf,
  conversationOf,
  imageOf,
  instanceOf,
  PRINCIPAL,
  partialImageOf,
  requestOf,
} from '../contract/database-rows.ts';

type Run = (db: Kysely<Tables>) => Promise<unknown>;

const IDS = ['a', 'b', 'c'];
const EVERY_FILTER = {
  conversationId: 'c',
  callId: 'call',
  origin: 'GENERATED',
  favorite: true,
  tags: ['a', 'b'],
  createdAfter: AT,
  createdBefore: AT,
  deleted: false,
} as const;
const KEY = { callId: 'call', attempt: 1, task: 0 };
const WINDOW = { limit: 21, inverted: false, direction: 'DESC', after: 'k', before: 'a' } as const;
const BILLED = { key: KEY, principal: PRINCIPAL, conversationId: 'c', basis: 'REPORTED', isCounted: true } as const;
const LINE = { kind: 'IMAGE_OUTPUT', model: 'm', tokens: 1, pricePerMillion: '1', amount: '1' } as const;
const EVENT = {
  type: 'GenerationQueued',
  callId: 'call',
  conversationId: 'c',
  sequence: 1,
  position: 1,
  at: AT,
} as const;
const FILE = {
  principal: PRINCIPAL,
  upstream: 'u',
  content: 'hash',
  file_id: 'file',
  expires_at: null,
  created_at: AT,
};

const VARIANT = { principal: PRINCIPAL, sourceSha256: 'hash', width: 320, format: 'WEBP' } as const;

const SUM = { subject: 'principal:somebody', period: '2026-11' } as const;
const TAGS = { prefix: 'po', order: 'USE', limit: 10 } as const;
const CHARGES = { charged: 1n, chargedCalls: 1, estimatedCalls: 0, incompleteCalls: 0 } as const;
const RESERVATION = {
  callId: 'call',
  principal: PRINCIPAL,
  credential: 'key:abc',
  at: AT,
  reserved: 2n,
  cost: 1n,
  isOpen: true,
  charges: CHARGES,
} as const;

const OWNED = { id: 'c', principal: PRINCIPAL };
const PURGED = {
  ...OWNED,
  conversationId: 'c',
  callId: 'call',
  imageIndex: 0,
  sha256: 'hash',
  responseId: 'resp',
  deletedAt: AT,
};
const DELETION = { principal: PRINCIPAL, upstream: 'u', kind: 'FILE', upstreamId: 'file' } as const;
const PLACE = { deletedAt: AT, id: 'a' };

/** How the trash is emptied. */
const PURGES: Readonly<Record<string, Run>> = {
  addPurgedCosts: (db) => db.transaction().execute((transaction) => addPurgedCosts(transaction, OWNED)),
  callsOfConversation: (db) => purgeConversations.callsOfConversation(db, OWNED, 'a', 10),
  conversationsBeingPurged: (db) => purgeDue.conversationsBeingPurged(db, 10),
  deleteCallRows: (db) =>
    db.transaction().execute((transaction) => purgeConversations.deleteCallRows(transaction, OWNED)),
  deleteConversation: (db) => purgeConversations.deleteConversation(db, OWNED),
  deleteConversationEvents: (db) => purgeConversations.deleteConversationEvents(db, OWNED, 10),
  deleteImageRows: (db) => purgeImages.deleteImageRows(db, PURGED),
  deleteOldUpstreamDeletions: (db) => upstreamDeletions.deleteOldUpstreamDeletions(db, AT),
  deletePartials: (db) => purgeDue.deletePartials(db, IDS),
  deleteUpstreamDeletion: (db) => upstreamDeletions.deleteUpstreamDeletion(db, DELETION),
  detachFromCalls: (db) => purgeImages.detachFromCalls(db, PURGED),
  hasDeletedInputs: (db) => hasDeletedInputs(db, PRINCIPAL, 'call'),
  imagesOfConversation: (db) => purgeConversations.imagesOfConversation(db, OWNED, 'a', 10),
  insertUpstreamDeletions: (db) => upstreamDeletions.insertUpstreamDeletions(db, [DELETION], AT),
  isUsedByOpenCall: (db) => purgeImages.isUsedByOpenCall(db, PURGED),
  lockImage: (db) => db.transaction().execute((transaction) => purgeImages.lockImage(transaction, 'a')),
  pageOfExpiredPartials: (db) => purgeDue.pageOfExpiredPartials(db, AT, 10),
  pageOfTrashedConversations: (db) => purgeDue.pageOfTrashedConversations(db, AT, PLACE, 10),
  pageOfTrashedImages: (db) => purgeDue.pageOfTrashedImages(db, AT, PLACE, 10),
  pageOfUpstreamDeletions: (db) => upstreamDeletions.pageOfUpstreamDeletions(db, 'u', DELETION, 10),
  removeFromLog: (db) => purgeImages.removeFromLog(db, PURGED),
  responsesOfCall: (db) => purgeConversations.responsesOfCall(db, OWNED),
  skipReservedPlaces: (db) => reservedPlaces.skipReservedPlaces(db),
  startPurge: (db) =>
    db.transaction().execute((transaction) => purgeConversations.startPurge(transaction, OWNED, { until: AT, at: AT })),
  takeUploadedFiles: (db) => purgeImages.takeUploadedFiles(db, PURGED),
  upstreamOfLastImage: (db) => purgeImages.upstreamOfLastImage(db, PURGED),
};

const QUERIES: Readonly<Record<string, Run>> = {
  ...PURGES,
  allApiKeys: (db) => apiKeys.allApiKeys(db),
  abandonedCalls: (db) => engineCalls.abandonedCalls(db, 'server'),
  allInstances: (db) => instances.allInstances(db),
  apiKeysChangedSince: (db) => apiKeys.apiKeysChangedSince(db, AT),
  blobReferences: async (db) => {
    for await (const _ of blobReferences(db));
  },
  countCalls: (db) => engineCalls.countCalls(db, ['QUEUED', 'IN_PROGRESS']),
  chargedDays: (db) => charged.chargedDays(db, PRINCIPAL, { from: '2026-11-01', to: '2026-11-28' }),
  costOfCalls: (db) => costLines.costOfCalls(db, PRINCIPAL, IDS),
  costOfConversations: (db) => costLines.costOfConversations(db, PRINCIPAL, IDS),
  costOfPrincipal: (db) => costLines.costOfPrincipal(db, PRINCIPAL),
  deleteInstance: (db) => instances.deleteInstance(db, 'server'),
  eventsOfCall: (db) => events.eventsOfCall(db, PRINCIPAL, 'call', 1, 10),
  eventsOfConversation: (db) => events.eventsOfConversation(db, PRINCIPAL, 'c', 1, 10),
  findApiKeys: (db) => apiKeys.findApiKeys(db, IDS),
  findAttempt: (db) => engineAttempts.findAttempt(db, KEY),
  findAttemptTasks: (db) => engineAttempts.findAttemptTasks(db, 'call', 1),
  findCall: (db) => engineCalls.findCall(db, 'call'),
  findCalls: (db) => calls.findCalls(db, PRINCIPAL, IDS),
  findConversations: (db) => conversations.findConversations(db, PRINCIPAL, IDS),
  findIdempotencyKey: (db) => idempotencyKeys.findIdempotencyKey(db, PRINCIPAL, 'key'),
  findImages: (db) => images.findImages(db, PRINCIPAL, IDS),
  findImagesOfCalls: (db) => images.findImagesOfCalls(db, PRINCIPAL, IDS),
  findOpenRetry: (db) => calls.findOpenRetry(db, PRINCIPAL, 'call'),
  findPartialImagesOfCalls: (db) => partialImages.findPartialImagesOfCalls(db, PRINCIPAL, IDS),
  findPicture: (db) => imageFiles.findPicture(db, PRINCIPAL, 'image'),
  findRetriesOfCalls: (db) => calls.findRetriesOfCalls(db, PRINCIPAL, IDS),
  findDeletedSourcesOfCalls: (db) => lineage.findDeletedSourcesOfCalls(db, PRINCIPAL, IDS),
  countAncestors: async (db) => {
    await lineage.countAncestors(db, PRINCIPAL, IDS);
    await lineage.countAncestors(db, PRINCIPAL, IDS, { conversationId: 'c' });
  },
  findLineages: (db) => lineage.findLineages(db, PRINCIPAL, IDS),
  findUploadKey: (db) => uploadKeys.findUploadKey(db, PRINCIPAL, 'key'),
  insertImpliedSource: (db) => callSources.insertImpliedSource(db, PRINCIPAL, 'call', 'image'),
  insertUploadKey: (db) =>
    uploadKeys.insertUploadKey(db, { principal: PRINCIPAL, key: 'key', inputHash: 'h', imageId: 'image' }, AT),
  pageOfAncestors: async (db) => {
    await lineage.pageOfAncestors(db, PRINCIPAL, 'image', WINDOW);
    await lineage.pageOfAncestors(db, PRINCIPAL, 'image', { ...WINDOW, inverted: true }, { conversationId: 'c' });
  },
  findSourcesOfCalls: (db) => callSources.findSourcesOfCalls(db, PRINCIPAL, IDS),
  findUpstreamFile: (db) => upstreamFiles.findUpstreamFile(db, PRINCIPAL, { upstream: 'u', content: 'hash', at: AT }),
  forgetUpstreamFiles: (db) => upstreamFiles.forgetUpstreamFiles(db, PRINCIPAL, 'u', ['file']),
  hasPlace: (db) => instances.hasPlace(db, 'server'),
  insertApiKey: (db) => apiKeys.insertApiKey(db, apiKeyOf('key')),
  insertAttempts: (db) =>
    engineAttempts.insertAttempts(db, [attemptOf('call'), attemptOf('call', { background: true })]),
  insertCall: (db) => calls.insertCall(db, callOf('call', { request: requestOf({ verbatim: true }) })),
  insertCallSources: (db) => callSources.insertCallSources(db, PRINCIPAL, 'call', [imageOf('a')]),
  insertConversation: (db) => conversations.insertConversation(db, conversationOf('c')),
  insertEvent: (db) => expect(events.insertEvent(db, PRINCIPAL, EVENT)).rejects.toThrow(),
  eventsOfPrincipal: (db) => events.eventsOfPrincipal(db, PRINCIPAL, 0, 9),
  lastEventId: (db) => events.lastEventId(db, PRINCIPAL),
  eventIdAt: (db) => events.eventIdAt(db, PRINCIPAL, 'c', 1),
  positionAt: (db) => events.positionAt(db, PRINCIPAL, 'c', 1),
  sequenceAt: async (db) => {
    await events.sequenceAt(db, PRINCIPAL, 'call', { id: 1 });
    await events.sequenceAt(db, PRINCIPAL, 'call', { position: 1 });
  },
  eventIdOf: (db) => events.eventIdOf(db, PRINCIPAL, 'call', 1),
  insertIdempotencyKey: (db) =>
    idempotencyKeys.insertIdempotencyKey(db, { principal: PRINCIPAL, key: 'key', inputHash: 'h', callId: 'call' }, AT),
  isPictureWithin: async (db) => {
    await imageFiles.isPictureWithin(db, PRINCIPAL, 'image', { type: 'Conversation', id: 'c' });
    await imageFiles.isPictureWithin(db, PRINCIPAL, 'image', { type: 'GenerationCall', id: 'call' });
  },
  ownerOfConversation: (db) => ownerOfConversation(db, 'c'),
  ownerOfPicture: (db) => ownerOfPicture(db, 'image'),
  insertImage: (db) => images.insertImage(db, imageOf('image', { verbatim: false })),
  insertInstance: (db) => instances.insertInstance(db, instanceOf('server')),
  insertPartialImage: (db) =>
    partialImages.insertPartialImage(
      db,
      { principal: PRINCIPAL, callId: 'call', itemId: null, at: AT },
      partialImageOf('partial'),
    ),
  // The list of tables comes from the dialect of Kysely, in SQL of its own.
  instancesIfAny: (db) => instances.instancesIfAny(db),
  lastPosition: (db) => conversations.lastPosition(db, PRINCIPAL, 'c'),
  lockApiKey: (db) => db.transaction().execute((transaction) => apiKeys.lockApiKey(transaction, 'key')),
  lockAttempt: (db) => db.transaction().execute((transaction) => engineAttempts.lockAttempt(transaction, KEY)),
  lockCall: (db) => db.transaction().execute((transaction) => engineCalls.lockCall(transaction, 'call')),
  nameResponse: (db) => engineCalls.nameResponse(db, 'call', 'resp'),
  newestImage: (db) => images.newestImage(db, PRINCIPAL, 'c'),
  pageOfCalls: (db) =>
    calls.pageOfCalls(db, PRINCIPAL, { conversationId: 'c', statuses: ['QUEUED', 'FAILED'] }, WINDOW),
  pageOfConversationItems: (db) => pageOfConversationItems(db, PRINCIPAL, 'c', WINDOW),
  countItemsOfConversations: (db) => countItemsOfConversations(db, PRINCIPAL, IDS),
  pageOfUploads: (db) => uploads.pageOfUploads(db, PRINCIPAL, 'c', WINDOW),
  countUploadsOfConversations: (db) => uploads.countUploadsOfConversations(db, PRINCIPAL, IDS),
  pageOfConversations: async (db) => {
    await conversations.pageOfConversations(db, PRINCIPAL, { deleted: true }, WINDOW);
    await conversations.pageOfConversations(db, PRINCIPAL, {}, { ...WINDOW, sortedBy: 'time' });
    await conversations.pageOfConversations(db, PRINCIPAL, { search: 'kite' }, { ...WINDOW, sortedBy: 'time' });
  },
  pageOfImages: async (db) => {
    await images.pageOfImages(db, PRINCIPAL, { conversationId: 'c' }, WINDOW);
    await images.pageOfImages(db, PRINCIPAL, { ...EVERY_FILTER, formats: ['PNG', 'WEBP'], models: ['m', 'n'] }, WINDOW);
    await images.pageOfImages(db, PRINCIPAL, { ...EVERY_FILTER, search: 'kite' }, { ...WINDOW, sortedBy: 'relevance' });
  },
  countApiKeys: (db) => apiKeys.countApiKeys(db, 'anna'),
  countApprovalRequests: (db) => approvals.countApprovalRequests(db),
  countCallsOfPrincipal: async (db) => {
    await calls.countCallsOfPrincipal(db, PRINCIPAL, {});
    await calls.countCallsOfPrincipal(db, PRINCIPAL, { kind: 'REFINE', statuses: ['FAILED'], createdAfter: AT });
  },
  countCallsOfConversations: (db) => calls.countCallsOfConversations(db, PRINCIPAL, IDS),
  countConversations: async (db) => {
    await conversations.countConversations(db, PRINCIPAL, {});
    await conversations.countConversations(db, PRINCIPAL, { deleted: true });
  },
  countImages: async (db) => {
    await images.countImages(db, PRINCIPAL, {});
    await images.countImages(db, PRINCIPAL, EVERY_FILTER);
    await images.countImages(db, PRINCIPAL, { ...EVERY_FILTER, search: 'kite' });
  },
  countImagesOfConversations: (db) => images.countImagesOfConversations(db, PRINCIPAL, IDS),
  countRefinements: (db) => refinements.countRefinements(db, PRINCIPAL, IDS, { conversationId: 'c' }),
  findTagsOfImages: (db) => imageTags.findTagsOfImages(db, PRINCIPAL, IDS),
  newestImages: (db) => images.newestImages(db, PRINCIPAL, IDS),
  pageOfQueuedCalls: (db) => engineCalls.pageOfQueuedCalls(db, 'a', 10),
  pageOfRefinements: (db) => refinements.pageOfRefinements(db, PRINCIPAL, 'image', WINDOW),
  partialPlacesOfCall: (db) => partialImages.partialPlacesOfCall(db, PRINCIPAL, 'call'),
  putUpstreamFile: (db) => upstreamFiles.putUpstreamFile(db, FILE),
  recentDurations: (db) => calls.recentDurations(db, PRINCIPAL, 10),
  releaseCall: (db) => engineCalls.releaseCall(db, 'call', 'server'),
  renewHeartbeat: (db) => instances.renewHeartbeat(db, 'server', AT),
  replaceCostLines: (db) => costLines.replaceCostLines(db, BILLED, [LINE]),
  reportedUsages: (db) => attempts.reportedUsages(db, PRINCIPAL, IDS),
  setApiKeyRevoked: (db) => apiKeys.setApiKeyRevoked(db, 'key', AT),
  setApiKeySecrets: (db) => apiKeys.setApiKeySecrets(db, 'key', apiKeyOf('key').secrets, AT),
  setApiKeysUsed: (db) => apiKeys.setApiKeysUsed(db, IDS, AT),
  requestCancel: (db) => calls.requestCancel(db, PRINCIPAL, 'call', AT),
  setThumbhash: (db) => images.setThumbhash(db, PRINCIPAL, 'image', 'hash'),
  takeOverCall: (db) => engineCalls.takeOverCall(db, 'call', 'server'),
  // The driver returns no rows, so the conversation does not exist.
  takePosition: async (db) => {
    await expect(conversations.takePosition(db, PRINCIPAL, 'c', AT)).rejects.toThrow();
    await expect(conversations.takePosition(db, PRINCIPAL, 'c', null)).rejects.toThrow();
  },
  deletionOfConversation: (db) =>
    db.transaction().execute((transaction) => trash.deletionOfConversation(transaction, PRINCIPAL, 'c')),
  findShownImagesOfCalls: (db) => images.findShownImagesOfCalls(db, PRINCIPAL, IDS),
  lockCallsOfConversation: (db) =>
    db.transaction().execute((transaction) => trash.lockCallsOfConversation(transaction, PRINCIPAL, 'c')),
  lockConversations: (db) =>
    db.transaction().execute((transaction) => trash.lockConversations(transaction, PRINCIPAL, IDS)),
  lockImages: (db) => db.transaction().execute((transaction) => trash.lockImages(transaction, PRINCIPAL, IDS)),
  newestDeletion: (db) => trash.newestDeletion(db, PRINCIPAL, 'c'),
  replaceTags: (db) => imageTags.replaceTags(db, PRINCIPAL, 'image', ['kite']),
  requestCancelOfWaiting: (db) => calls.requestCancelOfWaiting(db, PRINCIPAL, 'c', AT),
  setConversationDeleted: async (db) => {
    await trash.setConversationDeleted(db, conversationOf('c'), AT);
    await trash.setConversationDeleted(db, { ...conversationOf('c'), deletedAt: AT }, null);
  },
  setFavorite: (db) => images.setFavorite(db, PRINCIPAL, 'image', true),
  setImagesDeleted: (db) => trash.setImagesDeleted(db, PRINCIPAL, IDS, AT),
  setTitle: (db) => conversations.setTitle(db, PRINCIPAL, 'c', 'a title'),
  unknownAttempts: (db) => engineAttempts.unknownAttempts(db, AT),
  updateAttempt: (db) => engineAttempts.updateAttempt(db, KEY, { again: true }),
  updateCall: (db) => engineCalls.updateCall(db, 'call', { context_open: false }),
  addSpending: (db) =>
    db
      .transaction()
      .execute((transaction) => spending.addSpending(transaction, [{ ...SUM, ...CHARGES, spent: 1n, reserved: 2n }])),
  allBudgets: (db) => budgets.allBudgets(db),
  callsAwaitingSince: (db) => approvals.callsAwaitingSince(db, AT, 10),
  countOpenCalls: (db) => calls.countOpenCalls(db, PRINCIPAL),
  deleteBudget: (db) => budgets.deleteBudget(db, SUM.subject, 'DAY'),
  findApprovalRequest: (db) => approvals.findApprovalRequest(db, 'call'),
  findBudgets: (db) => budgets.findBudgets(db, [SUM.subject, 'key:abc']),
  findSpending: (db) => spending.findSpending(db, [SUM.subject, 'key:abc'], ['2026-11-28', '2026-11']),
  insertReservation: (db) => reservations.insertReservation(db, RESERVATION),
  lockReservation: (db) => db.transaction().execute((transaction) => reservations.lockReservation(transaction, 'call')),
  pageOfApiKeys: (db) => apiKeys.pageOfApiKeys(db, 'anna', WINDOW),
  pageOfApprovalRequests: (db) => approvals.pageOfApprovalRequests(db, WINDOW),
  putBudget: (db) => budgets.putBudget(db, { subject: SUM.subject, period: 'DAY', limit: 5n, onExceed: 'REFUSE' }, AT),
  updateReservation: (db) => reservations.updateReservation(db, RESERVATION),
  // The driver returns no row where there is always one.
  bytesOfVariants: (db) => expect(engineVariants.bytesOfVariants(db)).rejects.toThrow(),
  findVariant: (db) => variants.findVariant(db, VARIANT),
  hasBytes: (db) => variants.hasBytes(db, PRINCIPAL, 'hash'),
  insertVariant: (db) => variants.insertVariant(db, { ...VARIANT, id: 'id', sha256: 'made', byteSize: 1, at: AT }),
  isVariantBlobUsed: (db) => engineVariants.isVariantBlobUsed(db, 'made'),
  putVariant: (db) => variants.putVariant(db, { ...VARIANT, id: 'id', sha256: 'made', byteSize: 1, at: AT }),
  removeLeastUsed: (db) => engineVariants.removeLeastUsed(db, 10),
  pageOfVariants: (db) => engineVariants.pageOfVariants(db, '', 10),
  removeOrphanedVariants: (db) => engineVariants.removeOrphanedVariants(db, IDS),
  setContentCredentials: (db) => images.setContentCredentials(db, PRINCIPAL, 'image', true),
  setPartialThumbhash: (db) => partialImages.setPartialThumbhash(db, PRINCIPAL, 'partial', 'hash'),
  thumbhashesOfPartials: (db) => partialImages.thumbhashesOfPartials(db, PRINCIPAL, IDS),
  tagsInUse: (db) => tagsInUse.tagsInUse(db, PRINCIPAL, TAGS),
  tagsWithin: (db) => tagsInUse.tagsWithin(db, PRINCIPAL, { conversationId: 'conversation', callId: 'call' }, TAGS),
  touchVariant: (db) => variants.touchVariant(db, PRINCIPAL, 'id', AT),
  variantReferences: async (db) => {
    for await (const _ of variantReferences(db));
  },
};

/** The driver of a database finds rows in SQL of its own. */
class SearchingPostgresAdapter extends PostgresAdapter implements SearchingAdapter {
  readonly search: SearchDriver = {
    async *tables() {
      yield { table: sql<FoundRow>`(select 'id' as id, 1 as place, 1 as length)`.as('found'), isWhole: true };
    },
    count: async () => 0,
    placesBetween: () => ({}),
  };
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

async function postgresStatements(run: Run): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  await using db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SearchingPostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query: { sql, parameters } }: LogEvent) => void statements.push({ sql, parameters }),
  });
  await run(db);
  return statements;
}

const ONLY_SQLITE =
  /cross join|\browid\b|\bpragma\b|insert or |\bjson_|\bglob\b|ifnull|datetime\(|strftime|\bis (?:not )?\$|[?`]/iu;

it.each(Object.entries(QUERIES))('%s is SQL for PostgreSQL too', async (name, run) => {
  const statements = await postgresStatements(run);
  expect(statements.length).toBeGreaterThan(0);
  for (const { sql } of statements) {
    if (name !== 'instancesIfAny') expect(sql).not.toMatch(ONLY_SQLITE);
  }
});

const FOLDER = join(import.meta.dirname, '../../src/db/queries');

/** The names of the queries below src/db/queries: those of clients, and those of the engine. */
async function allQueries({ engine }: { readonly engine: boolean }): Promise<readonly string[]> {
  const below = (await readdir(FOLDER, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const files = below.filter((file) => engine || !file.startsWith('engine'));
  const exported = files.map(async (file) => {
    const all: Readonly<Record<string, unknown>> = await import(join(FOLDER, file));
    return Object.keys(all).filter((name) => typeof all[name] === 'function');
  });
  return (await Promise.all(exported)).flat();
}

it('every query is tested here', async () => {
  expect((await allQueries({ engine: true })).toSorted()).toEqual(Object.keys(QUERIES).toSorted());
});

/**
 * API keys are read before anybody knows the principal, and administrators approve calls of all principals. Import rules
 * fence both, as one fences the engine.
 */
const FENCED: ReadonlySet<string> = new Set([...Object.keys(apiKeys), ...Object.keys(approvals)]);

it('promise 10: every query outside the fences names its principal for each table it reads or writes', async () => {
  const names = (await allQueries({ engine: false })).filter((name) => !FENCED.has(name));
  expect(names.length).toBeGreaterThan(60);
  for (const name of names) {
    for (const statement of await postgresStatements(QUERIES[name] ?? (async () => undefined))) {
      expect(unownedTables(statement), `${name}: ${statement.sql}`).toEqual([]);
    }
  }
});

const LEAKS: Readonly<Record<string, Run>> = {
  'a row by its id alone': (db) => db.selectFrom('calls').selectAll().where('id', '=', 'call').execute(),
  'a join that checks one side': (db) =>
    db
      .selectFrom('call_sources')
      .innerJoin('images', 'images.id', 'call_sources.image_id')
      .select('images.id')
      .where('images.principal', '=', PRINCIPAL)
      .execute(),
  'a subquery without a principal': (db) =>
    db
      .selectFrom('images')
      .select('id')
      .where('principal', '=', PRINCIPAL)
      .where('call_id', 'in', (from) => from.selectFrom('calls').select('id').where('status', '=', 'FAILED'))
      .execute(),
  'a step of a recursion without a principal': (db) =>
    db
      .withRecursive('family(id)', (cte) =>
        cte
          .selectFrom('calls')
          .select('calls.id')
          .where('calls.principal', '=', PRINCIPAL)
          .unionAll(cte.selectFrom('family').innerJoin('calls', 'calls.retry_of', 'family.id').select('calls.id')),
      )
      .selectFrom('family')
      .selectAll()
      .execute(),
  'a principal that is not the caller’s': (db) =>
    db.selectFrom('images').select('id').where('principal', '=', 'somebody else').execute(),
  'the sums of someone else': (db) =>
    db.selectFrom('spending').select('charged').where('subject', '=', 'principal:somebody else').execute(),
  'an update by id alone': (db) =>
    db.updateTable('images').set({ thumbhash: 'hash' }).where('id', '=', 'image').execute(),
  'a deletion by id alone': (db) => db.deleteFrom('cost_lines').where('call_id', '=', 'call').execute(),
  'a row that is stored for someone else': (db) =>
    db
      .insertInto('upstream_files')
      .values({ ...FILE, principal: 'somebody else' })
      .execute(),
  'a principal that is only read': (db) => db.selectFrom('calls').select('principal').execute(),
  'all but the principal’s': (db) => db.selectFrom('calls').select('id').where('principal', '!=', PRINCIPAL).execute(),
};

it.each(Object.entries(LEAKS))('promise 10: the rule above finds a planted leak: %s', async (_, run) => {
  const found = (await postgresStatements(run)).map(unownedTables);
  expect(found.flat()).toHaveLength(1);
});

/** The tables of a statement for which it does not name PRINCIPAL as the owner of the rows. */
function unownedTables({ sql, parameters }: Statement): readonly string[] {
  const tables = Array.from(
    sql.matchAll(/\b(?:(?<!distinct )from|join|update|into) "(\w+)"/gu),
    ([, table = '']) => table,
  ).filter(
    // Names of subqueries and of common table expressions, whose own tables are found as well.
    (table) => !sql.includes(`) as "${table}"`) && !new RegExp(`"${table}"\\([^)]*\\) as \\(`, 'u').test(sql),
  );
  // What an update writes is no condition.
  const conditions = sql.replace(/ set .*?(?= where )/su, '');
  // The sums of budgets name their owner in the subject.
  const owners = { principal: PRINCIPAL, subject: `principal:${PRINCIPAL}` };
  const checked = Object.entries(owners).flatMap(([column, owner]) =>
    Array.from(conditions.matchAll(new RegExp(`(?:"(\\w+)"\\.)?"${column}" = \\$(\\d+)`, 'gu')))
      .filter(([, , place]) => parameters[Number(place) - 1] === owner)
      .map(([, table = '']) => table),
  );
  // The other side of a join has the same owner.
  for (const [, one = '', other = ''] of conditions.matchAll(/"(\w+)"."principal" = "(\w+)"."principal"/gu)) {
    if (checked.includes(one)) checked.push(other);
    else if (checked.includes(other)) checked.push(one);
  }
  const [, columns] = /^insert into "\w+" \(([^)]*)\)/u.exec(sql) ?? [];
  const place = columns?.split(', ').indexOf('"principal"') ?? -1;
  if (place !== -1 && parameters[place] === PRINCIPAL) checked.push('');
  // A condition names its table where a statement has several at one level; otherwise it belongs to the nearest one.
  return tables.filter((table) => {
    const named = checked.indexOf(table);
    const found = named === -1 ? checked.indexOf('') : named;
    if (found !== -1) checked.splice(found, 1);
    return found === -1;
  });
}

const FLAGS = [
  'again',
  'background',
  'context_open',
  'favorite',
  'is_counted',
  'is_open',
  'overlay_purged',
  'verbatim',
];

/** What an insert or update writes into each flag. */
function flagsOf({ sql, parameters }: Statement): readonly (readonly [string, unknown])[] {
  const [, list] = /^insert into "\w+" \(([^)]*)\)/u.exec(sql) ?? [];
  const columns = list?.split(', ').map((column) => column.slice(1, -1)) ?? [];
  const written =
    list === undefined ? [] : parameters.map((value, index) => [columns[index % columns.length] ?? '', value] as const);
  const updated = Array.from(
    sql.matchAll(/"(\w+)" = \$(\d+)/gu),
    ([, column = '', place]) => [column, parameters[Number(place) - 1]] as const,
  );
  return [...written, ...updated].filter(([column]) => FLAGS.includes(column));
}

it('flags are written as booleans', async () => {
  const statements = (await Promise.all(Object.values(QUERIES).map(postgresStatements))).flat();
  const written = statements.flatMap(flagsOf);
  expect([...new Set(written.map(([column]) => column))].toSorted()).toEqual(FLAGS);
  for (const [column, value] of written) expect([column, typeof value]).toEqual([column, 'boolean']);
});
