/** The places of the pictures in the gallery, and the ways of the keys between them. */
import { expect, test } from 'vitest';
import { boxOf, columnsFor, itemsWithin, layOut, neighbour, type Sized } from '../../web/src/gallery/masonry/layout.ts';

const SQUARE: Sized = { width: 100, height: 100 };
const TALL: Sized = { width: 100, height: 200 };

test.each([
  [320, 2],
  [366, 2],
  [960, 4],
  [1840, 6],
  [3760, 8],
])('%i px are %i columns', (width, columns) => {
  expect(columnsFor(width)).toBe(columns);
});

test('each picture goes into the shortest column, and none lies over another', () => {
  const items = Array.from({ length: 200 }, (_, index) => ({ width: 100, height: 60 + ((index * 37) % 150) }));
  const layout = layOut(items, 1000);
  const boxes = items.map((_, index) => boxOf(layout, index));
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const isApart =
        one.left !== other.left || one.top + one.height <= other.top || other.top + other.height <= one.top;
      expect(isApart).toBe(true);
    }
  }
  expect(Math.max(...boxes.map(({ top, height }) => top + height))).toBeCloseTo(layout.height);
});

test('more pictures at the end move none of those before', () => {
  const items = Array.from({ length: 50 }, (_, index) => (index % 3 === 0 ? TALL : SQUARE));
  const short = layOut(items.slice(0, 30), 800);
  const long = layOut(items, 800);
  for (let index = 0; index < 30; index += 1) expect(boxOf(long, index)).toEqual(boxOf(short, index));
});

test('extreme shapes are kept within bounds', () => {
  const layout = layOut(
    [
      { width: 10, height: 1000 },
      { width: 1000, height: 10 },
    ],
    600,
  );
  expect(layout.itemHeight[0]).toBeLessThan(3 * layout.columnWidth);
  expect(layout.itemHeight[1]).toBeGreaterThan(layout.columnWidth / 4);
});

test('the keys go as one sees it, and at the edges as the order goes', () => {
  const layout = layOut([TALL, SQUARE, SQUARE, SQUARE, SQUARE, SQUARE, SQUARE], 800);
  expect(layout.columns).toBe(3);
  expect(neighbour(layout, 0, 'right')).toBe(1);
  expect(neighbour(layout, 1, 'down')).toBe(3);
  expect(neighbour(layout, 3, 'up')).toBe(1);
  expect(neighbour(layout, 2, 'right')).toBe(3);
  expect(neighbour(layout, 0, 'left')).toBe(0);
  expect(neighbour(layout, 6, 'down')).toBe(6);
});

test('an area finds what it touches', () => {
  const layout = layOut([SQUARE, SQUARE, SQUARE, SQUARE], 800);
  expect(itemsWithin(layout, { left: 0, top: 0, width: 1, height: 1 })).toEqual([0]);
  expect(itemsWithin(layout, { left: 0, top: 0, width: 800, height: 10 })).toEqual([0, 1, 2]);
});
