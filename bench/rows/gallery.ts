/** A page of fifty images with four fields each. */
import type { Row } from '../harness/row.ts';
import { measureGraphql } from './graphql-cases.ts';

export const gallery: Row = {
  name: 'gallery',
  title: '`images(first: 50)` with 4 fields',
  measure: (bench, opened) =>
    measureGraphql(bench, opened, '{ images(first: 50) { edges { node { id url width height } } } }', {
      yoga: 2,
      apollo: 2,
      mercurius: 1,
    }),
};
