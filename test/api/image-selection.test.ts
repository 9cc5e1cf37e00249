/** Of the pictures of a list no more is read than the request selects, and whatever it selects is there. */
import { getNamedType, isCompositeType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { makeImage } from './steps.ts';

interface Answer {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly unknown[];
}

let server: RunningServer;
let ids: string[];

beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '0' } });
  const { imageId } = await makeImage(server.url, { prompt: 'a boat' });
  const refined = await makeImage(server.url, { prompt: 'at night', sourceImageIds: [imageId], verbatim: true });
  ids = [refined.imageId, imageId];
});
afterAll(() => server[Symbol.asyncDispose]());

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Answer;
  expect(errors).toBeUndefined();
  if (data === null) throw new Error('no data');
  return data;
}

/** The nodes of `images`, asked for in this way. */
async function listed(inner: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const head = Object.keys(variables).length === 0 ? '' : 'query ($yes: Boolean!) ';
  const { images } = await ask(`${head}{ images(first: 2) { edges { node { ${inner} } } } }`, variables);
  return (images as { edges: { node: unknown }[] }).edges.map(({ node }) => node);
}

/** The same pictures, each of which is read whole. */
async function whole(inner: string): Promise<unknown> {
  const { nodes } = await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Image { ${inner} } } }`, { ids });
  return nodes;
}

const image = schema.getType('Image');
if (!isObjectType(image)) throw new Error('Image is no object');
const selections = Object.values(image.getFields()).map(({ name, type }) => {
  const inner = getNamedType(type);
  if (!isCompositeType(inner)) return name;
  if (inner.name.endsWith('Connection')) return `${name} { edges { node { id } } }`;
  return `${name} { ${name === 'requested' || name === 'actual' ? 'size quality format' : 'id'} }`;
});

describe('a list of images', () => {
  it.each(selections)('gives %s of each, asked for alone', async (selection) => {
    expect(await listed(selection)).toEqual(await whole(selection));
  });

  it('gives what is selected in fragments, twice, and by variables', async () => {
    const { images } = await ask(`
      query {
        images(first: 2) { ...a edges { node { width ...b ... on Image { height } } } }
        images(first: 2) { edges { node { b: prompt } } }
      }
      fragment a on ImageConnection { edges { ... on ImageEdge { node { format } } } }
      fragment b on Image { sha256 ... { createdAt } }
    `);
    const nodes = (images as { edges: { node: unknown }[] }).edges.map(({ node }) => node);
    expect(nodes).toEqual(await whole('format width sha256 createdAt height b: prompt'));
    for (const yes of [true, false, true]) {
      expect(await listed('id prompt @include(if: $yes) width @skip(if: $yes)', { yes })).toEqual(
        await whole(yes ? 'id prompt' : 'id width'),
      );
    }
  });

  it('of a conversation gives them too', async () => {
    const query = '{ conversations(first: 1) { edges { node { images { edges { node { id prompt sha256 } } } } } } }';
    const { conversations } = await ask(query);
    const [edge] = (conversations as { edges: { node: { images: { edges: { node: unknown }[] } } }[] }).edges;
    expect(edge?.node.images.edges.map(({ node }) => node)).toContainEqual(
      ((await whole('id prompt sha256')) as unknown[])[0],
    );
  });
});
