/** An authentication that believes what the client says: in the header `x-user`, or in `connection_init` as `user`. */
import { type Authenticate, UnauthenticatedError, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import type { Credentials } from './ways-in.ts';

/** The user before a slash is the principal, what is behind it names the credentials. `wrong` fails. */
export const believe: Authenticate = async ({ headers, connectionParams }) => {
  const user = connectionParams?.['user'] ?? headers['x-user'];
  if (typeof user !== 'string') throw new UnauthenticatedError('Say who you are.');
  if (user === 'wrong') throw new UnauthenticatedError('There is no such user.', 'invalid_token');
  const [id = '', key = id] = user.split('/');
  return { ...unlimitedPrincipal(id), credential: `key:${key}` };
};

export function as(user: string): Credentials {
  return { headers: { 'x-user': user }, connectionParams: { user } };
}
