/** The smallest query: it measures the path from the socket to the executor and back. */
import { type Row, SkippedError } from '../harness/row.ts';
import { measureGraphql } from './graphql-cases.ts';

export const typename: Row = {
  name: 'typename',
  title: '`{ __typename }`',
  measure(bench, opened) {
    // Two rows with the same servers take half a minute, and the gallery row includes this path.
    if (bench.quick) throw new SkippedError('the gallery row includes this path');
    return measureGraphql(bench, opened, '{ __typename }', { yoga: 1.8, apollo: 1.2, mercurius: 0.5 });
  },
};
