import { KclusterError } from '../errors.js';
import { brief } from './excerpt.js';
import { flagOf } from './flags.js';
import { layerOf, type Layer, type Place } from './layer.js';
import { pathText, type SpecPath } from './path.js';

/** One thing that is wrong with a specification. */
export interface Problem {
  path: SpecPath;
  message: string;
  /** It is the key that is wrong, not its value. */
  part?: 'key' | 'value';
  /** Where it is, when that is known already. */
  place?: Place;
}

/** All problems as one failure, each at the place that it was written in. */
export function invalidSpec(problems: readonly Problem[], layers: readonly Layer[]): KclusterError {
  const has = (wish: Layer['kind']): boolean => layers.some(({ kind }) => kind === wish);
  return new KclusterError('invalidSpec', 'the cluster is not one that can be made', {
    details: inOrder(problems, layers).flatMap(({ label, excerpt = [] }) => [label, ...excerpt]),
    hints: [
      has('file') || has('program')
        ? 'Every key is shown and explained by `kcluster init --file -`.'
        : 'See `kcluster <command> --help` for what each flag takes.',
    ],
  });
}

/** As they come in the file, after those of flags; each label with its message. */
function inOrder(problems: readonly Problem[], layers: readonly Layer[]): Place[] {
  return problems
    .map((problem) => {
      const place = placeOf(problem, layers);
      return { ...place, label: `${place.label}: ${problem.message}` };
    })
    .toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1));
}

/** A problem of a value that nobody wrote is one of the flag that would. */
function placeOf(problem: Problem, layers: readonly Layer[]): Place {
  const { path, part = 'value' } = problem;
  if (problem.place) return named(problem.place, path);
  const layer = layerOf(layers, path);
  if (!layer) {
    const file = layers.find(({ kind }) => kind === 'program' || kind === 'file');
    if (file) return named(file.place(path, 'key'), path);
    return { label: flagOf(path) ?? pathText(path) };
  }
  const place = layer.place(path, part);
  return layer.kind === 'flag' ? place : named(place, path);
}

function named(place: Place, path: SpecPath): Place {
  const text = brief(pathText(path));
  return { ...place, label: text === '' ? place.label : `${place.label}: ${text}` };
}
