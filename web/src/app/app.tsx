/** Which view is shown. What is not needed for the first one is loaded when it is. */
import { lazy, Suspense, useMemo } from 'react';
import { Provider } from 'urql';
import { Account } from '../account/account.tsx';
import { createApi } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { Composer } from '../make/composer.tsx';
import { usePlace } from './router.ts';
import { Shell } from './shell.tsx';

const Gallery = lazy(() => import('../gallery/gallery.tsx').then(({ Gallery: view }) => ({ default: view })));
const Trash = lazy(() => import('../trash/trash.tsx').then(({ Trash: view }) => ({ default: view })));
const ImageView = lazy(() => import('../view/image-view.tsx').then(({ ImageView: view }) => ({ default: view })));
const Conversations = lazy(() =>
  import('../conversation/conversations.tsx').then(({ Conversations: view }) => ({ default: view })),
);
const ConversationView = lazy(() =>
  import('../conversation/timeline.tsx').then(({ ConversationView: view }) => ({ default: view })),
);

export function App() {
  const { id } = useSession();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other credentials see other things, so they begin with nothing.
  const api = useMemo(() => createApi(), [id]);
  return (
    <Provider value={api}>
      <Shell account={<Account />} composer={<ComposerOfView />}>
        <Suspense>
          <View />
        </Suspense>
      </Shell>
    </Provider>
  );
}

/** The trash makes nothing. */
function ComposerOfView() {
  const { path } = usePlace();
  return path === '/trash' ? null : <Composer />;
}

function View() {
  const { path } = usePlace();
  if (path === '/') return <Gallery />;
  if (path === '/trash') return <Trash />;
  if (path === '/conversations') return <Conversations />;
  const [, name, id] = path.split('/');
  if (name === 'view' && id !== undefined) return <ImageView id={id} />;
  if (name === 'c' && id !== undefined) return <ConversationView id={id} key={id} />;
  return <p>There is nothing here.</p>;
}
