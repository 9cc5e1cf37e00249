/**
 * The commands of credentials that are limited to one conversation. Everything that an input names must be in it, and a new
 * call or image must name it. What is outside is reported as not found.
 */
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { ArchiveCommands } from './archive/commands.ts';
import type { ImageCommands, ImageOutcome, NamedImage } from './archive/images.ts';
import type { Cancellations } from './cancel.ts';
import { conversationNotFound } from './references.ts';
import type { CommonInput } from './start/inputs.ts';
import type { StartCommands } from './start/start.ts';
import type { Uploads } from './upload.ts';

/** Resolve with null for what is outside. */
export interface Reachable {
  image(id: string): Promise<object | null>;
  call(id: string): Promise<object | null>;
}

export interface Commands {
  readonly startCommands: StartCommands;
  readonly cancellations: Cancellations;
  readonly uploads: Uploads;
  readonly archive: ArchiveCommands;
}

export function restrictCommands(
  { startCommands, cancellations, uploads, archive }: Commands,
  reachable: Reachable,
  conversationId: string,
): Commands {
  const requireConversation = requireOnly(conversationId);

  async function requireImages(field: string, ids: readonly string[]): Promise<void> {
    const images = await Promise.all(ids.map((id) => reachable.image(id)));
    if (images.includes(null)) throw new NotFoundError(field, 'image');
  }

  async function requireCall(id: string): Promise<void> {
    if ((await reachable.call(id)) === null) throw new NotFoundError('callId', 'generation call');
  }

  async function requireOverlays({ request: { maskImageId, markupImageId } }: CommonInput): Promise<void> {
    for (const [field, id] of Object.entries({ maskImageId, markupImageId }))
      if (id !== null) await requireImages(field, [id]);
  }

  return {
    startCommands: {
      async generate(spender, input) {
        if (isReadable(input)) {
          requireConversation(input.conversationId);
          await requireImages('sourceImageIds', input.sourceImageIds);
          await requireOverlays(input);
        }
        return startCommands.generate(spender, input);
      },
      async refine(spender, input) {
        if (isReadable(input)) {
          await requireImages('imageId', [input.imageId]);
          await requireOverlays(input);
        }
        return startCommands.refine(spender, input);
      },
      async retry(spender, input) {
        if (isReadable(input)) await requireCall(input.callId);
        return startCommands.retry(spender, input);
      },
    },
    cancellations: {
      async cancel(principal, callId) {
        await requireCall(callId);
        return cancellations.cancel(principal, callId);
      },
    },
    uploads: {
      async upload(principal, input) {
        if (isReadable(input)) requireConversation(input.conversationId);
        return uploads.upload(principal, input);
      },
    },
    archive: {
      images: restrictImageCommands(archive.images, reachable),
      conversations: restrictConversationCommands(archive.conversations, conversationId),
    },
  };
}

function restrictImageCommands(images: ImageCommands, reachable: Reachable): ImageCommands {
  async function change(
    named: readonly NamedImage[],
    work: (inside: readonly NamedImage[]) => ReturnType<ImageCommands['delete']>,
  ) {
    const found = await Promise.all(
      named.map(async (image) => ({ image, isInside: (await reachable.image(image.id)) !== null })),
    );
    const outside = found.filter(({ isInside }) => !isInside);
    const inside = await work(found.filter(({ isInside }) => isInside).map(({ image }) => image));
    const refused = outside.map(({ image: { id, field } }): [string, ImageOutcome] => [
      id,
      { image: null, error: new NotFoundError(field, 'image') },
    ]);
    return new Map([...inside, ...refused]);
  }
  return {
    update: (principal, named, update) => change(named, (inside) => images.update(principal, inside, update)),
    delete: (principal, named) => change(named, (inside) => images.delete(principal, inside)),
    restore: (principal, named) => change(named, (inside) => images.restore(principal, inside)),
  };
}

function restrictConversationCommands(
  conversations: ArchiveCommands['conversations'],
  conversationId: string,
): ArchiveCommands['conversations'] {
  const requireConversation = requireOnly(conversationId);
  return {
    async create() {
      const message = 'names a new conversation, and your client token is limited to another one.';
      throw new InvalidInputError([{ field: 'title', message }]);
    },
    async rename(principal, id, title, errors) {
      if (isReadable({ errors })) requireConversation(id);
      return conversations.rename(principal, id, title, errors);
    },
    async delete(principal, id) {
      requireConversation(id);
      return conversations.delete(principal, id);
    },
    async restore(principal, id) {
      requireConversation(id);
      return conversations.restore(principal, id);
    },
  };
}

/** An input with unreadable ids is refused by the command itself, with all of its errors. */
function isReadable({ errors }: Pick<CommonInput, 'errors'>): boolean {
  return errors.length === 0;
}

function requireOnly(conversationId: string): (named: string | null) => void {
  return (named) => {
    if (named === conversationId) return;
    if (named !== null) throw conversationNotFound();
    const message = 'must be given: your client token is limited to one conversation.';
    throw new InvalidInputError([{ field: 'conversationId', message }]);
  };
}
