/** Which token a client presents, where there are several places and spellings for it. */
import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authenticate.ts';
import { bearerTokenOf } from '../../src/auth/bearer.ts';

const HEADERS = { authorization: 'Bearer of-the-header' };

describe('the payload of connection_init', () => {
  it.each<[object, string]>([
    [{ authorization: 'Bearer mine' }, 'mine'],
    [{ AUTHORIZATION: 'bearer mine' }, 'mine'],
    [{ Authorization: 'Bearer mine', authorization: 'Bearer mine' }, 'mine'],
    [{ Authorization: null, authorization: 'Bearer mine' }, 'mine'],
    [{ authorization: null }, 'of-the-header'],
    [{ other: 'Bearer mine' }, 'of-the-header'],
  ])('%j presents %s', (payload, token) => {
    expect(bearerTokenOf({ headers: HEADERS, connectionParams: { ...payload } })).toBe(token);
  });

  it('with two different tokens is refused: each of two readers could take another one', () => {
    const connectionParams = { Authorization: 'Bearer mine', authorization: 'Bearer yours' };
    const present = () => bearerTokenOf({ headers: HEADERS, connectionParams });
    expect(present).toThrow(UnauthenticatedError);
    expect(present).toThrow('The payload of connection_init has different values for "authorization".');
  });
});
