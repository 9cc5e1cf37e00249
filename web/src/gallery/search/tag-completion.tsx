/** The tags that pictures have, to choose from and to complete what somebody types. */
import { useDeferredValue } from 'react';
import { useApi } from '../../api/query.ts';
import { KnownTagsDocument } from '../../gql/graphql.ts';

const MAX_COMPLETIONS = 20;
const NOW = { requestPolicy: 'cache-and-network' } as const;

/** The tags that begin like this, those of the most pictures first. */
export function useTags(prefix: string, first: number): readonly string[] {
  const [{ data }] = useApi(KnownTagsDocument, { prefix, first }, NOW);
  return data?.tags.map(({ name }) => name) ?? [];
}

/** The list of an input. Of several tags with commas between, the last one is completed. */
export function TagCompletion({ id, typed }: { readonly id: string; readonly typed: string }) {
  const [, before = '', last = ''] = /^(.*[,،、，]\s*)?(.*)$/su.exec(useDeferredValue(typed)) ?? [];
  const tags = useTags(last.trim(), MAX_COMPLETIONS);
  return (
    <datalist id={id}>
      {tags.map((tag) => (
        <option key={tag} value={before + tag} />
      ))}
    </datalist>
  );
}
