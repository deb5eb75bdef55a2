import { KclusterError, ExitCode } from '../errors.js';
import type { ClusterOptions } from '../operations/context.js';
import type { DesignOptions } from '../operations/design.js';
import { ensureKeeper, findPools, poolOf, setPool } from '../operations/pool.js';
import { fillPool } from '../operations/pool-fill.js';
import { removePool } from '../pool/record.js';
import type { Outcome } from '../report/outcome.js';
import { table } from '../report/table.js';
import { flagsText } from '../spec/flags.js';
import { mergeLayers } from '../spec/layer.js';
import { without } from '../spec/path.js';
import type { CommandContext } from './context.js';

interface PoolOptions extends ClusterOptions, DesignOptions {
  size?: number;
  /** Milliseconds. */
  wait: number;
}

/** `kcluster pool`: keeps clusters ready for `run`, or shows which wait. */
export async function pool(context: CommandContext, options: PoolOptions): Promise<Outcome> {
  if (options.size === undefined) return await shown(context);
  const { engine, reason } = await context.engines.select(options.name, options.engine);
  const { name: engineName, description } = engine;
  context.emit({ type: 'engine', engine: engineName, description, reason });
  const { key, resolved, unpoolable, sessionMs } = poolOf(engine, options);
  if (unpoolable !== undefined)
    throw new KclusterError('usage', `clusters of this kind can't wait in a pool: ${unpoolable}`);
  const said = without(mergeLayers(resolved.layers), [['name']]);
  const { size } = options;
  const { id } = await setPool(context, key, {
    size,
    engine: engineName,
    spec: said,
    directory: options.specFile?.directory ?? process.cwd(),
    waitMs: options.wait,
    timeout: options.timeout,
    sessionMs,
    words: flagsText(without(said, [['ports']])).trim(),
  });
  // The first clusters wait while the others are made.
  if (size > 0) await ensureKeeper(context);
  const ready = await fillPool(context, key);
  if (size === 0) await removePool(context.env, key);
  return {
    exitCode: ExitCode.ok,
    data: { pool: id, engine: engineName, size, ready },
    text: (style) =>
      size === 0
        ? 'no cluster of this kind waits any more'
        : [
            style.strong(`${ready} of ${size} ready`),
            style.faint('next: kcluster run -- COMMAND, with the same flags, takes one'),
          ].join('\n'),
  };
}

async function shown(context: CommandContext): Promise<Outcome> {
  const rows = (await findPools(context)).map(({ record, members = [] }) => {
    const { id: pool, engine, size, words: flags, failure } = record;
    return { pool, engine, size, ready: members.length, flags, failure };
  });
  return {
    exitCode: ExitCode.ok,
    data: { pools: rows },
    text: (style) =>
      rows.length === 0
        ? 'there is no pool; make one with `kcluster pool --size 2`'
        : table(
            ['POOL', 'ENGINE', 'READY', 'FLAGS', 'LAST FAILURE'],
            rows.map(({ pool, engine, size, ready, flags, failure = '' }) => [
              pool,
              engine,
              `${ready} of ${size}`,
              flags,
              failure,
            ]),
            style,
          ),
  };
}
