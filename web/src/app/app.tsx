/** Which view is shown. What is not needed for the first one is loaded when it is. */
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Provider } from 'urql';
import { Account } from '../account/account.tsx';
import { createApi } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { Composer } from '../make/composer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Nothing } from './nothing.tsx';
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
        <View />
      </Shell>
    </Provider>
  );
}

/** The trash makes nothing. */
function ComposerOfView() {
  const { path } = usePlace();
  return <Composer isShown={path !== '/trash'} />;
}

function View() {
  const { path } = usePlace();
  const name = path.split('/')[1];
  // A boundary for each view: within one, React would keep the old view, hidden, while the next is loaded, and the old one
  // would take the page that has become short for where somebody scrolled to.
  return (
    <ErrorBoundary key={name}>
      <Suspense>{viewOf(path)}</Suspense>
    </ErrorBoundary>
  );
}

function viewOf(path: string): ReactNode {
  if (path === '/') return <Gallery />;
  if (path === '/trash') return <Trash />;
  if (path === '/conversations') return <Conversations />;
  const [, name, id] = path.split('/');
  if (name === 'view' && id !== undefined) return <ImageView id={id} />;
  if (name === 'c' && id !== undefined) return <ConversationView id={id} key={id} />;
  return (
    <Nothing title="There is nothing here" advice="The address may have lost a part." path="/" way="To the gallery" />
  );
}
