import { assertName } from '../spec/name.js';
import { assertValues } from '../spec/resolve.js';
import type { OperationContext, ProjectOptions } from './context.js';
import { resolveOn, saidLayers, type DesignOptions } from './design.js';

/**
 * Checks what flags and the file say before anything is asked for. Where a value is wrong by itself, what else is wrong
 * is found out too, as far as an engine tells what is there.
 * @throws KclusterError `invalidSpec` with every problem that is known
 */
export async function assertSaid(
  { engines }: Pick<OperationContext, 'engines'>,
  options: ProjectOptions & DesignOptions,
): Promise<void> {
  try {
    assertValues(saidLayers(options));
  } catch (error) {
    const there = await lookAt(engines, options).catch(() => undefined);
    if (there) resolveOn(there.engine, options, there.observed);
    throw error;
  }
}

async function lookAt(
  engines: OperationContext['engines'],
  { name, engine }: ProjectOptions,
): ReturnType<OperationContext['engines']['select']> {
  assertName(name);
  return await engines.select(name, engine);
}
