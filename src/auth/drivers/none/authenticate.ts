/** No authentication: one principal owns everything. For a server that only its own machine or network can reach. */
import type { Authenticate } from '../../authenticate.ts';

const LOCAL = Promise.resolve({ id: 'local' });

export const authenticateNobody: Authenticate = () => LOCAL;
