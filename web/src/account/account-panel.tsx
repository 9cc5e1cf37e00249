/** Who is signed in, what was spent and what is left, and how the page looks. */

import { serverUrl } from '../api/addresses.ts';
import { useApi } from '../api/query.ts';
import { signOut, useSession } from '../api/session.ts';
import { AccountDocument, type AccountQuery } from '../gql/graphql.ts';
import { Spending } from './spending.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export function AccountPanel() {
  const { token } = useSession();
  const [{ data }] = useApi(AccountDocument, {});
  const viewer = data?.viewer;
  return (
    <>
      <header className="account-who">
        <h2 dir="auto">{token === null ? 'This darkroom' : (viewer?.principal ?? '…')}</h2>
        {viewer && <p className="muted">{upstreamIn(viewer.upstream)}</p>}
      </header>
      {viewer?.scopes.includes('COST') && <Spending isFree={viewer.upstream.kind === 'SIMULATOR'} />}
      <ThemeChoice />
      <footer className="account-ways">
        <a href={serverUrl('graphql')}>Open GraphiQL</a>
        {token !== null && (
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        )}
      </footer>
    </>
  );
}

function upstreamIn({ kind, model }: AccountQuery['viewer']['upstream']): string {
  switch (kind) {
    case 'SIMULATOR':
      return 'The built-in simulator draws the pictures, at no cost.';
    case 'OPENAI':
      return `Pictures by OpenAI, with ${model}`;
    case 'AZURE':
      return `Pictures by Azure OpenAI, with ${model}`;
    default:
      return `Pictures with ${model}`;
  }
}
