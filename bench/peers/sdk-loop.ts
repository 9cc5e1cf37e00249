/** The peer without a server: a script that reads streams with the loop of the SDK until it has the bytes. */
import OpenAI from 'openai';
import { nowMs } from '../harness/clock.ts';
import { serveCalls } from '../harness/serve-calls.ts';
import { type Order, promptOf, type Stamp } from '../processes/order.ts';

let stamps: Stamp[] = [];
let images: Stamp[] = [];
let runs: Promise<void>[] = [];
let onNews: () => void = () => undefined;

async function read(client: OpenAI, order: Order): Promise<void> {
  const stream = await client.responses.create({ model: 'bench', stream: true, input: promptOf(order) });
  for await (const event of stream) {
    if (event.type === 'response.output_item.done' && event.item.type === 'image_generation_call') {
      const image = Buffer.from(event.item.result ?? '', 'base64');
      images.push({ key: order.key, index: 0, at: nowMs() });
      if (image.length !== order.bytes) throw new Error(`${image.length} bytes arrived`);
    }
    if (event.type !== 'response.image_generation_call.partial_image') continue;
    const picture = Buffer.from(event.partial_image_b64, 'base64');
    stamps.push({ key: order.key, index: event.partial_image_index, at: nowMs() });
    if (picture.length !== order.bytes) throw new Error(`${picture.length} bytes arrived`);
    onNews();
  }
}

const api = {
  begin(baseUrl: string, orders: readonly Order[]): void {
    const client = new OpenAI({ apiKey: 'none', baseURL: baseUrl, maxRetries: 0 });
    stamps = [];
    images = [];
    runs = orders.map((order) => read(client, order));
  },
  async received(count: number): Promise<void> {
    while (stamps.length < count) {
      await new Promise<void>((resolve) => {
        onNews = resolve;
      });
    }
  },
  async finish(): Promise<readonly Stamp[]> {
    await Promise.all(runs);
    return stamps;
  },
  /** When each finished image arrived. */
  images: (): readonly Stamp[] => images,
};

export type SdkLoopApi = typeof api;

serveCalls(api);
