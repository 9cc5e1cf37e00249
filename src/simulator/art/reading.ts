/**
 * Finds in a prompt what a simple drawing needs: the scene, the figures with their colours, and the moods (weather,
 * light, style). It looks for known words only.
 */
import { NAMED_COLOURS } from './named-colours.ts';

export type SceneKind = 'hills' | 'mountains' | 'sea' | 'river' | 'city' | 'forest' | 'desert' | 'space' | 'abstract';
export type Mood =
  | 'night'
  | 'neon'
  | 'winter'
  | 'snow'
  | 'rain'
  | 'fog'
  | 'sunset'
  | 'autumn'
  | 'realistic'
  | 'mono'
  | 'sepia'
  | 'warm'
  | 'cold'
  | 'bright'
  | 'dark'
  | 'feathers'
  | 'stars';
export type MotifName =
  | 'cat'
  | 'dog'
  | 'fox'
  | 'bear'
  | 'rabbit'
  | 'otter'
  | 'owl'
  | 'bird'
  | 'fish'
  | 'flower'
  | 'boat'
  | 'lighthouse'
  | 'house'
  | 'portrait'
  | 'tree'
  | 'balloon'
  | 'rocket'
  | 'robot'
  | 'cup';

export interface Figure {
  readonly motif: MotifName;
  readonly colour: string | null;
  readonly striped: boolean;
  /** The colour of its scarf, if it wears one. */
  readonly scarf: string | null;
}

export interface Reading {
  readonly scene: SceneKind | null;
  readonly figures: readonly Figure[];
  readonly moods: ReadonlySet<Mood>;
  /** The first colour in the prompt. */
  readonly colour: string | null;
}

// A star matches any ending.
const SCENES: Readonly<Record<SceneKind, string>> = {
  mountains: 'mountain mountains alps alpine peak peaks summit volcano гор* berg*',
  sea: 'sea ocean beach wave waves coast shore island harbour harbor море моря морск* mer meer mar',
  river: 'river stream lake waterfall creek pond реки река рек* озер* fluss',
  city: 'city town street streets skyline building buildings skyscraper* tokyo york paris london neon market город* улиц* stadt',
  forest: 'forest wood woods jungle woodland лес лесу лесн* wald',
  desert: 'desert dune dunes canyon sahara cactus пустын*',
  space: 'space planet planets galaxy cosmos astronaut orbit mars космос* планет*',
  hills: 'hill hills meadow field fields valley countryside farm prairie garden landscape поле луг* сад*',
  abstract: 'abstract pattern geometric logo icon bauhaus cubist абстракт*',
};
const MOODS: Readonly<Record<Mood, string>> = {
  night: 'night midnight nocturnal moon moonlit moonlight evening ноч* луна лун*',
  stars: 'star stars starry звезд* звёзд*',
  neon: 'neon cyberpunk vaporwave неон*',
  winter: 'winter wintry frozen ice icy зим*',
  snow: 'snow snowy snowfall blizzard christmas снег* снеж*',
  rain: 'rain rainy storm stormy wet drizzle дожд* гроз*',
  fog: 'fog foggy mist misty haze hazy туман*',
  sunset: 'sunset sunrise dawn dusk golden закат* рассвет*',
  autumn: 'autumn fall autumnal осен*',
  realistic: 'realistic photorealistic photo photograph photography lifelike cinematic реалист* фото*',
  mono: 'monochrome greyscale grayscale noir b&w чёрно* черно*',
  sepia: 'sepia vintage retro old antique',
  warm: 'warm warmer cozy cosy hot тепл*',
  cold: 'cold colder cool cooler холод*',
  bright: 'bright brighter lighter sunny vivid colorful colourful ярк* светл*',
  dark: 'dark darker moody gloomy темн* мрачн*',
  feathers: 'feather feathers перь*',
};
const MOTIFS: Readonly<Record<MotifName, string>> = {
  cat: 'cat cats kitten kittens kitty кот кота коты кош* katze chat gato tiger',
  dog: 'dog dogs puppy puppies corgi собак* щен* hund',
  fox: 'fox foxes лиса лис лисы fuchs',
  bear: 'bear bears panda teddy медвед* мишк*',
  rabbit: 'rabbit rabbits bunny hare заяц зай* крол*',
  otter: 'otter otters beaver seal выдр*',
  owl: 'owl owls сова совы сову eule',
  bird: 'bird birds swallow gull seagull crane dove raven птиц* чайк* журавл*',
  fish: 'fish fishes whale dolphin koi shark рыб* кит дельфин*',
  flower: 'flower flowers rose roses tulip tulips sunflower poppy poppies lily blossom цвет* роз* тюльпан* blume*',
  boat: 'boat boats ship ships sail sailboat yacht лодк* кораб* парус*',
  lighthouse: 'lighthouse маяк*',
  house: 'house houses cabin cottage hut home дом дома домик* изб*',
  portrait: 'portrait woman man girl boy person face queen king dancer lady портрет* девушк* женщин* мужчин*',
  tree: 'tree trees oak birch willow дерев* берез* дуб',
  balloon: 'balloon balloons шар шары воздушн*',
  rocket: 'rocket rockets spaceship ракет*',
  robot: 'robot robots android робот*',
  cup: 'coffee tea mug cup latte кофе чай чашк*',
};
const SCARF = 'scarf шарф* shawl';

const MAX_FIGURES = 3;
const SCENE_OF = lookup(SCENES);
const MOOD_OF = lookup(MOODS);
const MOTIF_OF = lookup(MOTIFS);
const IS_SCARF = lookup({ scarf: SCARF });

/** Reads a prompt or a change. */
export function readWords(text: string): Reading {
  const words = text.toLowerCase().match(/[\p{L}&]+/gu) ?? [];
  let scene: SceneKind | null = null;
  let colour: string | null = null;
  let fresh: string | null = null;
  let striped = false;
  const moods = new Set<Mood>();
  const figures: Figure[] = [];
  for (const word of words) {
    const named = Object.hasOwn(NAMED_COLOURS, word) ? (NAMED_COLOURS[word] ?? null) : null;
    if (named !== null) fresh = named;
    colour ??= named;
    if (word === 'tabby' || word === 'striped' || word === 'tiger' || word.startsWith('полосат')) striped = true;
    scene ??= SCENE_OF(word);
    const mood = MOOD_OF(word);
    if (mood !== null) moods.add(mood);
    const motif = MOTIF_OF(word);
    const last = figures.at(-1);
    if (motif !== null && last?.motif !== motif && figures.length < MAX_FIGURES) {
      figures.push({ motif, colour: fresh, striped, scarf: null });
      fresh = null;
      striped = false;
    } else if (last !== undefined && IS_SCARF(word) !== null) {
      figures[figures.length - 1] = { ...last, scarf: fresh ?? NAMED_COLOURS['red'] ?? null };
      fresh = null;
    }
  }
  return { scene, figures: withoutOwners(figures, moods), moods, colour };
}

/** "Owl feathers" are feathers, not an owl. */
function withoutOwners(figures: readonly Figure[], moods: ReadonlySet<Mood>): readonly Figure[] {
  return moods.has('feathers') ? figures.filter((each) => each.motif !== 'owl' && each.motif !== 'bird') : figures;
}

function lookup<N extends string>(table: Readonly<Record<N, string>>): (word: string) => N | null {
  const whole = new Map<string, N>();
  const stems: [string, N][] = [];
  // SAFETY: the tables are literals of this file, so that their keys are the names of their types and no others.
  for (const name of Object.keys(table) as N[]) {
    for (const word of table[name].split(' ')) {
      if (word.endsWith('*')) stems.push([word.slice(0, -1), name]);
      else whole.set(word, name);
    }
  }
  // The longest stem wins, for words whose beginnings are the same.
  stems.sort(([one], [other]) => other.length - one.length);
  return (word) => whole.get(word) ?? stems.find(([stem]) => word.startsWith(stem))?.[1] ?? null;
}
