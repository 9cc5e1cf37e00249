/** The order in which the pictures were shown that someone came from: for the previous and the next one. */
import { createStore } from '../app/store.ts';

/** Ids of images. */
export const shownOrder = createStore<readonly string[]>([]);
