/** In how many requests, and through which API, an attempt asks for its pictures. */
import { describe, expect, it } from 'vitest';
import { type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { Image } from '../../src/domain/images/image.ts';
import type { ContextStrategy } from '../../src/runner/requests/context-strategies.ts';
import { type ApiPolicy, planAttempt } from '../../src/runner/requests/plan.ts';

const BYTES: ContextStrategy = { route: 'IMAGE_BYTES', images: [{} as Image] };
const PREVIOUS: ContextStrategy = { route: 'PREVIOUS_RESPONSE', responseId: 'resp_1' };

const four = (settings: Partial<ImageSettings> = {}) => ({
  count: 4,
  markupImageId: null,
  settings: { ...NO_SETTINGS, partialImages: 0, ...settings },
});
const one = { count: 1, markupImageId: null, settings: { ...NO_SETTINGS, partialImages: 2 } };

const by = (policy: ApiPolicy, allowsBatch = true) => ({ policy, allowsBatch });

const ONE_REQUEST = { api: 'IMAGES', imagesPerRequest: 4, tasks: [0] };
const IN_PARALLEL = { api: 'RESPONSES', imagesPerRequest: 1, tasks: [0, 1, 2, 3] };

describe('the plan of an attempt with a markup', () => {
  it.each<ApiPolicy>(['AUTO', 'IMAGES', 'RESPONSES'])('asks the Image API, which alone takes it (%s)', (policy) => {
    const marked = { ...one, markupImageId: 'image' };
    expect(planAttempt(marked, BYTES, by(policy), [])).toEqual({ api: 'IMAGES', imagesPerRequest: 1, tasks: [0] });
    const several = { ...four(), markupImageId: 'image' };
    expect(planAttempt(several, BYTES, by(policy), [])).toEqual(ONE_REQUEST);
    expect(planAttempt(several, BYTES, by(policy, false), [])).toEqual({ ...IN_PARALLEL, api: 'IMAGES' });
  });
});

describe('the plan of an attempt', () => {
  it.each([
    {
      what: 'one request for one picture',
      call: one,
      strategy: null,
      plan: { api: 'RESPONSES', imagesPerRequest: 1, tasks: [0] },
    },
    { what: 'one request for several without partials', call: four(), strategy: null, plan: ONE_REQUEST },
    { what: 'one request for several from our own bytes', call: four(), strategy: BYTES, plan: ONE_REQUEST },
    {
      what: 'several with partials side by side',
      call: four({ partialImages: 1 }),
      strategy: null,
      plan: IN_PARALLEL,
    },
    { what: 'several from an earlier response side by side', call: four(), strategy: PREVIOUS, plan: IN_PARALLEL },
    {
      what: 'several in a format of the tool alone side by side',
      call: four({ format: 'SVG' }),
      strategy: null,
      plan: IN_PARALLEL,
    },
    {
      what: 'several by a chosen mainline model side by side',
      call: four({ mainlineModel: 'gpt-5.4' }),
      strategy: null,
      plan: IN_PARALLEL,
    },
    {
      what: 'several within hours side by side',
      call: four({ completionWindow: 'WITHIN_2_HOURS' }),
      strategy: null,
      plan: IN_PARALLEL,
    },
    {
      what: 'several by a chosen complexity, as soon as possible, together',
      call: four({ complexity: 'HIGH', completionWindow: 'SOONEST' }),
      strategy: null,
      plan: ONE_REQUEST,
    },
    {
      what: 'several new ones with a fidelity side by side',
      call: four({ inputFidelity: 'HIGH' }),
      strategy: null,
      plan: IN_PARALLEL,
    },
    {
      what: 'several changed ones with a fidelity together',
      call: four({ inputFidelity: 'HIGH' }),
      strategy: BYTES,
      plan: ONE_REQUEST,
    },
    {
      what: 'several changed ones of a size that edits are described with together',
      call: four({ size: '1536x1024' }),
      strategy: BYTES,
      plan: ONE_REQUEST,
    },
    {
      what: 'several changed ones of another size side by side',
      call: four({ size: '1536x864' }),
      strategy: BYTES,
      plan: IN_PARALLEL,
    },
    {
      what: 'several new ones of any size together',
      call: four({ size: '1536x864' }),
      strategy: null,
      plan: ONE_REQUEST,
    },
  ])('is $what', ({ call, strategy, plan }) => {
    expect(planAttempt(call, strategy, by('AUTO'), [])).toEqual(plan);
  });

  it('keeps to the API that the operator chose', () => {
    expect(planAttempt(four(), null, by('RESPONSES'), [])).toEqual(IN_PARALLEL);
    expect(planAttempt(one, null, by('IMAGES'), [])).toEqual({ api: 'IMAGES', imagesPerRequest: 1, tasks: [0] });
    const wide = four({ size: '1536x864' });
    expect(planAttempt(wide, BYTES, by('IMAGES'), [])).toEqual(ONE_REQUEST);
    const streamed = four({ partialImages: 2 });
    expect(planAttempt(streamed, null, by('IMAGES'), [])).toEqual({ ...IN_PARALLEL, api: 'IMAGES' });
  });

  it('asks the Image API for one SVG at a time', () => {
    const svg = four({ format: 'SVG' });
    expect(planAttempt(svg, null, by('IMAGES'), [])).toEqual({ ...IN_PARALLEL, api: 'IMAGES' });
  });

  it('repeats only the tasks that are to be retried', () => {
    const earlier = [0, 1, 2, 3].map((task) => ({ task, image_count: 1, again: task % 2 === 1 }));
    expect(planAttempt(four({ partialImages: 2 }), null, by('AUTO'), earlier).tasks).toEqual([1, 3]);
    expect(planAttempt(four(), null, by('AUTO'), earlier)).toEqual({
      api: 'RESPONSES',
      imagesPerRequest: 1,
      tasks: [1, 3],
    });
  });

  it('asks for each picture when one request for all was refused', () => {
    const earlier = [{ task: 0, image_count: 4, again: true }];
    expect(planAttempt(four(), null, by('AUTO', false), earlier)).toEqual(IN_PARALLEL);
    expect(planAttempt(four(), null, by('IMAGES', false), earlier)).toEqual({ ...IN_PARALLEL, api: 'IMAGES' });
  });
});
