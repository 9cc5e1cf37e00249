/** References to the GraphQL types of domain values. Types refer to each other through this file to avoid cycles. */
import type { LogEvent } from '../src/domain/archive-event.ts';
import type { Conversation } from '../src/domain/conversation.ts';
import type { GenerationFailure } from '../src/domain/generation/failure.ts';
import type { GenerationCall } from '../src/domain/generation/generation-call.ts';
import type { GenerationEvent } from '../src/domain/generation/generation-event.ts';
import type { ImageSettings } from '../src/domain/generation/options.ts';
import type { Image, PartialImage } from '../src/domain/images/image.ts';
import { builder } from './builder.ts';

export const ImageRef = builder.objectRef<Image>('Image');
export const PartialImageRef = builder.objectRef<PartialImage>('PartialImage');
export const ConversationRef = builder.objectRef<Conversation>('Conversation');
export const GenerationCallRef = builder.objectRef<GenerationCall>('GenerationCall');
export const GenerationFailureRef = builder.objectRef<GenerationFailure>('GenerationFailure');
export const ImageSettingsRef = builder.objectRef<ImageSettings>('ImageSettings');
/** Everything in the log of a principal, or of a conversation. */
export const ViewerEventRef = builder.interfaceRef<LogEvent>('ViewerEvent');
export const ConversationEventRef = builder.interfaceRef<LogEvent>('ConversationEvent');
export const GenerationEventRef = builder.interfaceRef<GenerationEvent>('GenerationEvent');

export const ConversationItemRef = builder.unionType('ConversationItem', {
  description: 'What the timeline of a conversation consists of: calls, and the images that were uploaded to it.',
  types: [GenerationCallRef, ImageRef],
  resolveType: (item) => ('sha256' in item ? 'Image' : 'GenerationCall'),
});

export const ConversationItemConnectionRef = builder.connectionObject(
  { type: ConversationItemRef, name: 'ConversationItemConnection', description: 'A page of the timeline.' },
  { name: 'ConversationItemEdge', description: 'A call or an upload in a page, with its cursor.' },
);
export const ImageConnectionRef = builder.connectionObject(
  { type: ImageRef, name: 'ImageConnection', description: 'A page of images.' },
  { name: 'ImageEdge', description: 'An image in a page, with its cursor.' },
);
export const ConversationConnectionRef = builder.connectionObject(
  { type: ConversationRef, name: 'ConversationConnection', description: 'A page of conversations.' },
  { name: 'ConversationEdge', description: 'A conversation in a page, with its cursor.' },
);
export const GenerationCallConnectionRef = builder.connectionObject(
  { type: GenerationCallRef, name: 'GenerationCallConnection', description: 'A page of generation calls.' },
  { name: 'GenerationCallEdge', description: 'A generation call in a page, with its cursor.' },
);
