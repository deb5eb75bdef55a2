import { randomInt } from 'node:crypto';
import { isPortFree } from '../../src/system/ports.js';

/** The first of so many ports in a row that are free now, below those that the system gives to clients. */
export async function freeRow(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 30_000);
    const row = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(row.map(isPortFree))).every(Boolean)) return first;
  }
}
