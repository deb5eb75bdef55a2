import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A step of a workflow or of a composite action. */
export interface Step {
  id?: string;
  name?: string;
  if?: string | boolean;
  run?: string;
  shell?: string;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string | number | boolean>;
  'working-directory'?: string;
  'continue-on-error'?: boolean;
}

/** The metadata file of a composite action. */
export interface ActionMetadata {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

/** Which keys a mapping may have, and those that it must have. */
interface Keys {
  required: readonly string[];
  optional?: readonly string[];
}

/**
 * Reads the action.yml of a directory.
 * @throws Error for what is no composite action by "Metadata syntax reference" of GitHub's documentation
 */
export function readAction(directory: string): ActionMetadata {
  const action = parse(readFileSync(join(directory, 'action.yml'), 'utf8')) as ActionMetadata;
  assertKeys('the action', action, {
    required: ['name', 'description', 'runs'],
    optional: ['author', 'inputs', 'outputs', 'branding'],
  });
  assertEach('input', action.inputs, {
    required: ['description'],
    optional: ['required', 'default', 'deprecationMessage'],
  });
  assertEach('output', action.outputs, { required: ['description', 'value'] });
  assertKeys('runs', action.runs, { required: ['using', 'steps'] });
  if (action.runs.using !== 'composite') throw new Error('not a composite action');
  const ids = action.runs.steps.flatMap(({ id }) => id ?? []);
  if (new Set(ids).size < ids.length) throw new Error(`an id twice: ${ids.join(', ')}`);
  for (const step of action.runs.steps) assertStep(step, ids);
  return action;
}

function assertStep(step: Step, ids: readonly string[]): void {
  const title = `step ${step.id ?? step.name ?? step.run}`;
  const common = ['id', 'name', 'if', 'env', 'continue-on-error'];
  if (step.id !== undefined && !/^[A-Za-z_][\w-]*$/.test(step.id)) throw new Error(title);
  if (step.uses === undefined)
    assertKeys(title, step, {
      required: ['run', 'shell'],
      optional: [...common, 'working-directory'],
    });
  else assertKeys(title, step, { required: ['uses'], optional: [...common, 'with'] });
  for (const [, id = ''] of JSON.stringify(step).matchAll(/\bsteps\.([\w-]+)/g))
    if (!ids.includes(id)) throw new Error(`${title} speaks of a step ${id}, which is not there`);
}

function assertEach(kind: string, all: Record<string, object> | undefined, keys: Keys): void {
  for (const [name, one] of Object.entries(all ?? {})) {
    if (!/^[A-Za-z_][\w-]*$/.test(name)) throw new Error(`${kind} ${name}`);
    assertKeys(`${kind} ${name}`, one, keys);
  }
}

function assertKeys(title: string, mapping: object, { required, optional = [] }: Keys): void {
  const names = Object.keys(mapping);
  const lacking = required.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => ![...required, ...optional].includes(name));
  if (lacking.length > 0) throw new Error(`${title} lacks ${lacking.join(', ')}`);
  if (unknown.length > 0) throw new Error(`${title} has ${unknown.join(', ')}`);
}
