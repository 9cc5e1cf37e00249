/** Things and people, each in a box of 100 by 100 that stands on its lower edge. */

import { circle, ellipse, group, line, path, rect } from '../svg.ts';
import type { MotifInk } from './ink.ts';

export function boat(ink: MotifInk): string {
  return [
    path('M52 6L52 74L90 74C86 46 72 22 52 6Z', ink.light),
    path('M48 18L48 74L14 74C22 52 34 34 48 18Z', ink.accent),
    path('M52 46Q74 50 84 56Q88 66 89 74H52Z', ink.accent, { opacity: 0.45 }),
    rect(48.6, 4, 2.8, 76, ink.ink),
    path('M50 4L64 8L50 13Z', ink.accent),
    path('M4 78H96C92 92 84 100 74 100H26C16 100 8 92 4 78Z', ink.main),
    path('M6 84H94L92 88H8Z', ink.light, { opacity: 0.8 }),
  ].join('');
}

export function lighthouse(ink: MotifInk): string {
  const bands = [40, 56, 72]
    .map((y, i) =>
      path(
        `M${38 - i * 2.2 - 0.6} ${y}H${62 + i * 2.2 + 0.6}L${63 + i * 2.2 + 0.6} ${y + 8}H${37 - i * 2.2 - 0.6}Z`,
        ink.accent,
      ),
    )
    .join('');
  return [
    path('M56 20L130 4L130 40L56 27Z', ink.light, { opacity: 0.35 }),
    path('M6 100C20 86 34 88 50 86C70 84 86 90 96 100Z', ink.ink),
    path('M40 32H60L68 92H32Z', ink.light),
    path('M52 32H60L68 92H54Z', ink.shade, { opacity: 0.35 }),
    bands,
    rect(36, 29, 28, 4, ink.ink),
    rect(42, 16, 16, 13, ink.light) + rect(45, 18, 10, 11, ink.accent, { opacity: 0.8 }),
    path('M39 17C40 8 46 6 50 2C54 6 60 8 61 17Z', ink.ink),
    path('M46 92V82C46 78 54 78 54 82V92Z', ink.ink),
  ].join('');
}

export function house(ink: MotifInk): string {
  return [
    path('M70 26V10H80V38Z', ink.shade),
    path('M72 8C66 0 78-4 74-12C86-6 82 2 80 8Z', ink.light, { opacity: 0.7 }),
    path('M14 52H86V100H14Z', ink.main),
    path('M4 56L50 18L96 56L90 62L50 30L10 62Z', ink.ink),
    path('M50 30L82 55V52L50 26L18 52V55Z', ink.accent),
    line('M14 66H86M14 76H86M14 86H86', ink.shade, 1.4, { opacity: 0.7 }),
    rect(42, 68, 18, 32, ink.ink) + circle(56, 85, 1.4, ink.accent),
    rect(21, 66, 14, 15, ink.accent) + rect(67, 66, 13, 15, ink.accent),
    line('M28 66V81M21 73.5H35M73.5 66V81M67 73.5H80', ink.ink, 1.6),
    circle(50, 46, 6, ink.light),
  ].join('');
}

export function portrait(ink: MotifInk): string {
  return [
    path('M26 62C14 40 20 8 50 6C80 8 86 40 74 62C80 78 76 88 70 92H30C24 88 20 78 26 62Z', ink.ink),
    path('M8 100C10 82 32 78 42 74V60H58V74C68 78 90 82 92 100Z', ink.main),
    path('M42 62H58V75Q50 84 42 75Z', ink.shade),
    path('M31 36C31 22 40 16 50 16C60 16 69 22 69 36C69 54 60 68 50 68C40 68 31 54 31 36Z', ink.light),
    path('M50 16C60 16 69 22 69 36C69 54 60 68 50 68C54 56 58 34 50 16Z', ink.accent, { opacity: 0.3 }),
    path('M29 42C28 24 38 12 52 13C66 12 74 26 71 42C66 34 62 26 56 22C48 28 36 30 29 42Z', ink.ink),
    line('M36 41q4.5 3.5 9 0M55 41q4.5 3.5 9 0', ink.ink, 1.8),
    line('M36 35q5-3 9-1M55 34q5-2 9 1', ink.ink, 1.4),
    line('M50 42l-2.5 9q2 1.5 4 .8', ink.shade, 1.6),
    path('M44 57Q47 55 50 56.5Q53 55 56 57Q50 62 44 57Z', ink.accent),
    circle(30, 54, 3, ink.accent) + circle(70, 54, 3, ink.accent),
    line('M30 84Q50 96 70 84', ink.accent, 2.2),
  ].join('');
}

export function flower(ink: MotifInk): string {
  const bloom = (cx: number, cy: number, r: number, petals: number) => {
    const ring = Array.from({ length: petals }, (_, i) =>
      group(ellipse(cx, cy - r * 0.68, r * 0.36, r * 0.56, i % 2 ? ink.main : ink.shade), {
        transform: `rotate(${(360 / petals) * i} ${cx} ${cy})`,
      }),
    ).join('');
    return (
      ring +
      circle(cx, cy, r * 0.36, ink.ink) +
      circle(cx, cy, r * 0.24, ink.accent) +
      circle(cx, cy, r * 0.1, ink.light)
    );
  };
  const leaf = (d: string) => path(d, ink.ink);
  return [
    line('M50 100C50 80 50 60 50 34M50 96C40 84 30 74 24 60M50 96C60 86 70 80 78 66', ink.ink, 2.6),
    leaf('M50 88C38 90 26 86 18 76C32 74 44 78 50 88ZM50 80C62 80 74 74 82 86C70 92 58 90 50 80Z'),
    line('M24 78Q38 80 49 87M78 84Q64 82 52 82', ink.light, 0.9, { opacity: 0.6 }),
    bloom(50, 30, 27, 12),
    bloom(22, 56, 16, 10),
    bloom(80, 62, 15, 10),
  ].join('');
}

export function tree(ink: MotifInk): string {
  return [
    path(
      'M45 100C48 84 46 70 36 58L40 55C46 62 48 62 49 50L53 50C53 64 56 62 64 54L67 57C56 70 54 84 57 100Z',
      ink.ink,
    ),
    circle(50, 30, 26, ink.main) +
      circle(28, 44, 18, ink.main) +
      circle(72, 44, 18, ink.main) +
      circle(38, 20, 16, ink.main),
    path('M58 6C80 10 84 34 74 46C88 46 90 58 80 61C68 64 58 56 56 50C68 40 70 18 58 6Z', ink.shade),
    circle(34, 24, 3, ink.accent) +
      circle(48, 40, 3, ink.accent) +
      circle(62, 26, 3, ink.accent) +
      circle(26, 46, 3, ink.accent) +
      circle(72, 50, 3, ink.accent) +
      circle(46, 14, 3, ink.accent),
  ].join('');
}

export function balloon(ink: MotifInk): string {
  return [
    line('M36 62L44 84M64 62L56 84M50 66V84', ink.ink, 1.2),
    path('M50 0C26 0 14 18 16 36C18 50 32 60 38 66H62C68 60 82 50 84 36C86 18 74 0 50 0Z', ink.main),
    path('M50 0C40 4 34 22 36 40C37 52 42 60 44 66H56C58 60 63 52 64 40C66 22 60 4 50 0Z', ink.light),
    path('M50 0C46 8 45 24 46 40C46.5 52 48 60 48.5 66H51.5C52 60 53.5 52 54 40C55 24 54 8 50 0Z', ink.accent),
    path('M64 4C80 10 85 24 84 36C82 50 68 60 62 66H58C66 54 74 28 64 4Z', ink.shade, { opacity: 0.6 }),
    path('M42 84H58L56 98Q50 101 44 98Z', ink.ink) + line('M42.5 88H57.5M43 92.5H57', ink.accent, 1.2),
  ].join('');
}

export function rocket(ink: MotifInk): string {
  return [
    path('M42 84C36 92 44 96 50 108C56 96 64 92 58 84Z', ink.accent) +
      path('M46 84C43 90 47 94 50 100C53 94 57 90 54 84Z', ink.light),
    path('M34 58C20 66 18 80 20 92L38 80ZM66 58C80 66 82 80 80 92L62 80Z', ink.shade),
    path('M50 0C34 16 30 44 36 84H64C70 44 66 16 50 0Z', ink.light),
    path('M50 0C62 16 64 50 58 84H64C70 44 66 16 50 0Z', ink.shade, { opacity: 0.5 }),
    path('M50 0C43 7 38.5 16 36 26H64C61.5 16 57 7 50 0Z', ink.main),
    circle(50, 42, 9.5, ink.ink) + circle(50, 42, 6.8, ink.main) + line('M46 40q2-3 5-3', ink.light, 1.4),
    rect(34.5, 70, 31, 5, ink.main),
  ].join('');
}

export function robot(ink: MotifInk): string {
  return [
    line('M50 16V6', ink.ink, 2.4) + circle(50, 5, 4, ink.accent),
    rect(36, 88, 10, 12, ink.ink, { rx: 2 }) + rect(54, 88, 10, 12, ink.ink, { rx: 2 }),
    rect(12, 58, 11, 28, ink.shade, { rx: 5 }) + rect(77, 58, 11, 28, ink.shade, { rx: 5 }),
    rect(26, 52, 48, 40, ink.main, { rx: 7 }) + rect(24, 14, 52, 36, ink.main, { rx: 10 }),
    rect(30, 21, 40, 22, ink.ink, { rx: 7 }),
    circle(41, 32, 5, ink.accent) +
      circle(59, 32, 5, ink.accent) +
      circle(42.2, 30.8, 1.6, ink.light) +
      circle(60.2, 30.8, 1.6, ink.light),
    rect(36, 60, 28, 16, ink.light, { rx: 3 }) + line('M40 68h5l2-4 4 8 2-4h7', ink.ink, 1.6),
    circle(40, 84, 2.6, ink.accent) + circle(50, 84, 2.6, ink.light) + circle(60, 84, 2.6, ink.accent),
  ].join('');
}

export function cup(ink: MotifInk): string {
  return [
    line('M38 34C32 26 44 20 38 10M52 34C46 24 58 18 52 6M66 34C60 26 72 20 66 12', ink.light, 3, { opacity: 0.8 }),
    ellipse(50, 96, 46, 5, ink.shade),
    path('M78 52C100 46 102 78 74 80L75 73C90 72 90 56 77 60Z', ink.main),
    path('M18 42H82C82 74 74 94 60 96H40C26 94 18 74 18 42Z', ink.main),
    path('M66 42H82C82 74 74 94 60 96H54C64 88 68 68 66 42Z', ink.shade, { opacity: 0.7 }),
    ellipse(50, 42, 32, 6, ink.light) + ellipse(50, 43, 27, 4.4, ink.ink),
    path('M42 62C36 56 28 62 32 70L42 80L52 70C56 62 48 56 42 62Z', ink.accent),
  ].join('');
}
