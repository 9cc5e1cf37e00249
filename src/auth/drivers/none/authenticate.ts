/** No authentication: one principal owns everything. For a server that only its own machine or network can reach. */
import { type Authenticate, unlimitedPrincipal } from '../../authenticate.ts';

const LOCAL = unlimitedPrincipal('local');

export const authenticateNobody: Authenticate = () => LOCAL;
