import type { Variables } from '../spec/interpolate.js';
import type { Fault, Variable } from './model.js';
import { childOf, itemsIn, pairsIn, textIn, type Form } from './tree-reading.js';
import { parseVariables, valueIn } from './variables.js';
import type { Tree, TreeMap } from './yaml-tree.js';

/** What reading needs from around a compose file. */
export interface Surroundings {
  /** Variables for `${...}`: of the process, and of `.env`. */
  env: Variables;
  /** The text of a file, by a path relative to the compose file; undefined where it can't be read. */
  nearby: (path: string) => string | undefined;
}

/** The environment of a service, by names: that of each `env_file`, and over it its own. */
export function environmentIn(
  form: Form,
  service: TreeMap,
  around: Surroundings,
): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const item of itemsIn(form, childOf(service, 'env_file'), 'env_file', 'single'))
    for (const variable of variablesOfFile(form, item, around))
      variables.set(variable.name, variable);
  for (const { key, value, at } of pairsIn(form, childOf(service, 'environment'), 'environment')) {
    // A name alone takes its value from around, and is not set where there is none.
    const known = value ?? valueIn(around.env, key);
    if (known !== undefined) variables.set(key, { name: key, value: known, at });
  }
  return variables;
}

function variablesOfFile(form: Form, item: Tree, { env, nearby }: Surroundings): Variable[] {
  const said =
    item.kind === 'map'
      ? textIn(form, childOf(item, 'path'), 'path')
      : textIn(form, item, 'env_file');
  if (!said) return [];
  const text = nearby(said.value);
  if (text === undefined) {
    const isOptional =
      item.kind === 'map' && textIn(form, childOf(item, 'required'), 'required')?.value === 'false';
    if (!isOptional) form.faults.push(missing(said.value, said));
    return [];
  }
  return parseVariables(text, env).flatMap(
    ({ name, value = valueIn(env, name), line }): Variable[] =>
      value === undefined ? [] : [{ name, value, at: { file: said.value, line, column: 1 } }],
  );
}

function missing(path: string, { at }: Pick<Variable, 'at'>): Fault {
  return { rule: 'other-file', weight: 'fatal', message: `${path} can't be read`, at };
}
