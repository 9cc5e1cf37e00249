/** The smallest query there is: what is left is the way from the socket to the executor and back. */
import { type Row, SkippedError } from '../harness/row.ts';
import { measureGraphql } from './graphql-cases.ts';

export const typename: Row = {
  name: 'typename',
  title: '`{ __typename }`',
  measure(bench, opened) {
    // Two rows of the same servers take half a minute, and the gallery goes all of this way as well.
    if (bench.quick) throw new SkippedError('the gallery goes the same way');
    return measureGraphql(bench, opened, '{ __typename }', { yoga: 1.8, apollo: 1.2, mercurius: 0.5 });
  },
};
