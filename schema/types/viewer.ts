/** Viewer: who asks, and which upstream makes their pictures. */
import { UPSTREAM_KINDS, type UpstreamInfo, type UpstreamKind } from '../../src/domain/upstream.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { CostRef } from './cost.ts';
import { enumOf } from './image-settings.ts';

const UpstreamKindRef = enumOf<UpstreamKind>('UpstreamKind', 'Who makes the pictures.', UPSTREAM_KINDS, {
  SIMULATOR: 'The built-in simulator: the pictures are drawn from the prompt by this server, and cost nothing.',
  OPENAI: 'OpenAI.',
  AZURE: 'Azure OpenAI.',
  COMPATIBLE: 'Another service with the same API.',
});

const UpstreamRef = builder.objectRef<UpstreamInfo>('Upstream').implement({
  description: 'The service that makes the pictures.',
  fields: (t) => ({
    kind: t.expose('kind', { type: UpstreamKindRef, description: 'Who it is.' }),
    model: t.exposeString('model', {
      description: 'The mainline model, which reads prompts and calls the image model.',
    }),
    imageModel: t.exposeString('imageModel', {
      nullable: true,
      description: "The image model when none is asked for; null for the upstream's own default.",
    }),
  }),
});

const ViewerRef = builder.objectRef<Context>('Viewer').implement({
  description: 'Who asks, and what they work with.',
  fields: (t) => ({
    principal: t.exposeString('principal', { description: 'The owner of everything that is made: `local`.' }),
    cost: t.field({
      type: CostRef,
      description: 'What everything together has cost.',
      resolve: ({ reader }) => reader.costOfEverything(),
    }),
    upstream: t.expose('upstream', { type: UpstreamRef, description: 'The service that makes the pictures.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({ type: ViewerRef, description: 'Who asks, and what they work with.', resolve: (_, __, context) => context }),
);
