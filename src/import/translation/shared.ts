import { isDeepStrictEqual } from 'node:util';
import type { SpecPath } from '../../spec/path.js';

/**
 * A value of every broker as one of all where they are the same, and else as that of each, under `perBroker`.
 * @param values by the order of brokers
 */
export function sharedAndOwn(
  values: readonly unknown[],
  ...key: SpecPath
): (readonly [path: SpecPath, value: unknown])[] {
  const [first] = values;
  if (values.every((value) => isDeepStrictEqual(value, first))) return [[['kafka', ...key], first]];
  return values.map((value, index) => [
    ['kafka', 'perBroker', String(index + 1), ...key] as const,
    value,
  ]);
}
