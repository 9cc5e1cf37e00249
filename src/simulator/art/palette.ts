/**
 * The colours of a drawing: a few that go well together. Words for night, neon and winter have palettes of their own;
 * otherwise the hash of the words decides.
 */
import type { Random } from './random.ts';
import type { Reading } from './reading.ts';

export interface Palette {
  readonly paper: string;
  readonly skyTop: string;
  readonly skyLow: string;
  readonly sun: string;
  readonly far: string;
  readonly mid: string;
  readonly near: string;
  readonly ink: string;
  readonly accent: string;
  readonly pale: string;
}

function palette(colours: string): Palette {
  const [
    paper = '',
    skyTop = '',
    skyLow = '',
    sun = '',
    far = '',
    mid = '',
    near = '',
    ink = '',
    accent = '',
    pale = '',
  ] = colours.split(' ').map((each) => `#${each}`);
  return { paper, skyTop, skyLow, sun, far, mid, near, ink, accent, pale };
}

//                       paper  skyTop skyLow sun    far    mid    near   ink    accent pale
const CORAL = palette('f4ead6 f0a583 f8dcb4 e4572e d98f74 2a7f86 17545e 12343b f2a541 fff3dd');
const PLUM = palette('f3e6d8 5a4679 eb957a f6c667 9a6389 64467a 382a55 221a38 ef6f6c fbe9d0');
const NORDIC = palette('eef0ea 8fb8c9 e3ecdf f4c56d 9dbac4 4f7f94 2a5570 16303f d1495b ffffff');
const MOSS = palette('efe8d3 c9d7a0 f4ecc4 e9a03b 9db17c 5b8457 2f5d45 1c3529 d9542b fbf6e0');
const ROSE = palette('f6e9e4 f0aaae fbe0d0 d94f4f c98fa0 6371a3 33437a 1c2447 f0b541 fff5ee');
const OCHRE = palette('f2e5c8 e2b04a f5dfa0 c8452c c98d4b 86605a 3d4870 232a45 e5673b fdf2d5');
const MINT = palette('f0efe2 9fcdbd e7eed6 ee6352 8fbfae 4d9185 256b69 12393c f2c14e fffdf2');
const NIGHT = palette('ece5d3 101d42 44599a f5e6b8 3f5186 2b3c6c 1a2850 0b1430 ff7b54 f5efdc');
const NEON = palette('efe4ee 170a33 8a2180 ff5d8f 55257c 33195b 1d0f3f 0d0620 28e0d0 ffe7f3');
const WINTER = palette('f1f1ea a9c3d2 eef2ee f2c879 c3d3da 8fabb9 557a90 24404f c8553d ffffff');
const GREY = palette('ecebe6 9aa7ae d9dcd6 e8d9a8 a3aeb2 6d7c84 46555e 232d33 d98a3d f7f7f2');

/** The palette for a prompt. */
export function choosePalette(reading: Reading, random: Random): Palette {
  const { moods } = reading;
  if (moods.has('neon')) return NEON;
  if (moods.has('night')) return NIGHT;
  if (reading.scene === 'space') return random.pick([NIGHT, NEON]);
  if (moods.has('winter') || moods.has('snow')) return random.pick([WINTER, NORDIC]);
  if (moods.has('sunset') || moods.has('autumn')) return random.pick([CORAL, PLUM, OCHRE]);
  if (moods.has('rain') || moods.has('fog')) return random.pick([GREY, NORDIC]);
  if (reading.scene === 'forest') return random.pick([MOSS, MINT, CORAL]);
  if (reading.scene === 'desert') return random.pick([OCHRE, CORAL, PLUM]);
  return random.pick([CORAL, PLUM, NORDIC, MOSS, ROSE, OCHRE, MINT]);
}
