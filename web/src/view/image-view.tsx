/** One picture: large, with its words, where it comes from, and what can be made of it. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useApi, wordsOf } from '../api/query.ts';
import { Nothing } from '../app/nothing.tsx';
import { go, hrefOf, usePlace } from '../app/router.ts';
import { type FullImageFragment, ViewImageDocument } from '../gql/graphql.ts';
import { Facts } from './facts.tsx';
import { useNeighbours } from './neighbours.ts';
import { PictureStage } from './picture-stage.tsx';
import { Prompts } from './prompts.tsx';
import { Relations } from './relations.tsx';
import { Tags } from './tags.tsx';
import { ViewActions } from './view-actions.tsx';
import { useViewKeys } from './view-keys.ts';
import './view.css';

const Compare = lazy(() => import('./compare.tsx').then(({ Compare: view }) => ({ default: view })));
const Zoom = lazy(() => import('./zoom.tsx').then(({ Zoom: view }) => ({ default: view })));

/** The view at `/view/<id>`; `?with=<id>` compares. */
export function ImageView({ id }: { readonly id: string }) {
  const [{ data, error, fetching }] = useApi(ViewImageDocument, { id }, { requestPolicy: 'cache-and-network' });
  if (data?.image) return <LoadedView image={data.image} />;
  if (fetching) return <div className="view" aria-busy="true" />;
  return (
    <Nothing
      title={error === undefined ? 'There is no such picture.' : 'The picture could not be loaded.'}
      advice={error === undefined ? 'It may have been deleted for good, or the link is not complete.' : wordsOf(error)}
      path="/"
      way="To the gallery"
    />
  );
}

function LoadedView({ image }: { readonly image: FullImageFragment }) {
  const { query } = usePlace();
  const comparedId = query.get('with');
  const [isZoomed, setZoomed] = useState(false);
  const { previous, next } = useNeighbours(image);
  const path = (id: string) => `/view/${id}`;
  useViewKeys({
    previous: previous === null ? null : () => go(path(previous), withoutComparison(query)),
    next: next === null ? null : () => go(path(next), withoutComparison(query)),
    close: () => (comparedId === null ? go('/', query) : go(path(image.id), withoutComparison(query))),
    isPaused: isZoomed,
  });
  // Words of its own for a picture without a prompt.
  const title = image.prompt ?? 'An upload';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is looked at from its top.
  useEffect(() => {
    window.scrollTo({ top: 0 });
  }, [image.id]);
  return (
    <article className="view" aria-label={title}>
      {comparedId === null ? (
        <PictureStage
          image={image}
          previous={previous && hrefOf(path(previous), query)}
          next={next && hrefOf(path(next), query)}
          onZoom={() => setZoomed(true)}
        />
      ) : (
        <Suspense fallback={<div className="view-stage" />}>
          <Compare image={image} otherId={comparedId} closeHref={hrefOf(path(image.id), withoutComparison(query))} />
        </Suspense>
      )}
      <aside className="view-words">
        <Prompts prompt={title} revised={image.revisedPrompt ?? null} />
        <ViewActions image={image} next={next ?? previous} />
        <Relations image={image} />
        <Tags image={image} />
        <Facts image={image} />
      </aside>
      {isZoomed && (
        <Suspense>
          <Zoom image={image} onClose={() => setZoomed(false)} />
        </Suspense>
      )}
    </article>
  );
}

/** The rest is the filter of the gallery, to go back to. */
function withoutComparison(query: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(query);
  rest.delete('with');
  return rest;
}
