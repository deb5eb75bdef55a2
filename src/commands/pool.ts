import { KclusterError, ExitCode } from '../errors.js';
import type { ClusterOptions } from '../operations/context.js';
import type { DesignOptions } from '../operations/design.js';
import { ensureKeeper, fillPool, membersOf, poolOf } from '../operations/pool.js';
import { poolKeys, readPool, removePool, writePool } from '../pool/record.js';
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
  const { key, resolved, unpoolable } = poolOf(engine, options);
  if (unpoolable !== undefined)
    throw new KclusterError('usage', `clusters of this kind can't wait in a pool: ${unpoolable}`);
  const said = without(mergeLayers(resolved.layers), [['name']]);
  const { size } = options;
  await writePool(context.env, key, {
    size,
    engine: engineName,
    spec: said,
    directory: options.specFile?.directory ?? process.cwd(),
    waitMs: options.wait,
    timeout: options.timeout,
    words: flagsText(without(said, [['ports']])).trim(),
  });
  const ready = await fillPool(context, key);
  if (size === 0) await removePool(context.env, key);
  else await ensureKeeper(context);
  return {
    exitCode: ExitCode.ok,
    data: { pool: key, engine: engineName, size, ready },
    text: (style) =>
      size === 0
        ? 'no cluster of this kind waits any more'
        : [
            style.strong(`${ready} of ${size} ready`),
            style.faint('next: kcluster run -- COMMAND, with the same flags, takes one'),
          ].join('\n'),
  };
}

async function shown({ engines, env }: CommandContext): Promise<Outcome> {
  const keys = await poolKeys(env);
  const { engines: available } = await engines.available();
  const pools = await Promise.all(
    keys.map(async (key) => {
      const record = await readPool(env, key);
      const engine = available.find(({ name }) => name === record?.engine);
      const members = engine ? await membersOf(engine, key) : [];
      return record ? [{ pool: key, ...record, ready: members.length }] : [];
    }),
  );
  const rows = pools.flat();
  return {
    exitCode: ExitCode.ok,
    data: {
      pools: rows.map(({ pool: key, engine, size, ready, words, failure }) => ({
        pool: key,
        engine,
        size,
        ready,
        flags: words,
        failure,
      })),
    },
    text: (style) =>
      rows.length === 0
        ? 'there is no pool; make one with `kcluster pool --size 2`'
        : table(
            ['POOL', 'ENGINE', 'READY', 'FLAGS', 'LAST FAILURE'],
            rows.map(({ pool: key, engine, size, ready, words, failure = '' }) => [
              key,
              engine,
              `${ready} of ${size}`,
              words,
              failure,
            ]),
            style,
          ),
  };
}
