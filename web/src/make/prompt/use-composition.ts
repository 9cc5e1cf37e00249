/** Everything that is composed, put together. */
import { usePlace } from '../../app/router.ts';
import { modelOf, type Situation, supported } from '../options/limits.ts';
import { conversationOf } from '../place.ts';
import { requestOf } from '../send/request.ts';
import { overlay, refining, sources } from '../sources/sources.ts';
import { useDraft } from './draft.ts';

/** The request that was composed, and what it depends on. */
export function useComposition(models: Situation['models'], mainline: string | null) {
  const draft = useDraft();
  const [base, all, over] = [refining.use(), sources.use(), overlay.use()];
  const { path } = usePlace();
  const situation: Situation = {
    model: modelOf(models, draft.options.model),
    models,
    options: draft.options,
    hasSources: base !== null || all.length > 0,
    overlay: over?.purpose ?? null,
    mainline,
  };
  const sent = supported(situation);
  const conversationId = conversationOf(path);
  const request = requestOf({ draft, options: sent, base, sources: all, overlay: over, conversationId });
  return { situation, sent, request };
}

/** What the prompt is about. */
export function usePlaceholder(): string {
  const base = refining.use();
  const all = sources.use();
  const { path } = usePlace();
  if (base !== null) return 'What should change?';
  if (all.length > 0) return all.length === 1 ? 'What should become of it?' : 'What should become of them?';
  return conversationOf(path) === null ? 'Describe a picture' : 'What comes next?';
}
