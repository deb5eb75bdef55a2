import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import { Engines } from '../../src/engines/engines.js';
import type { OperationContext } from '../../src/operations/context.js';
import { claim, findPools, poolOf, setPool, takeMember } from '../../src/operations/pool.js';
import { describeEngines, projectName } from '../helpers/engines.js';

interface State extends OperationContext, AsyncDisposable {
  engines: Engines;
}

/** Whoever has a state directory; of a cluster that waits, only its lease is needed here. */
async function aState(): Promise<State> {
  const directory = await mkdtemp(join(tmpdir(), 'kcluster-test-'));
  const env = { ...process.env, KCLUSTER_STATE: directory };
  const engines = new Engines(env);
  return {
    env,
    engines,
    signal: new AbortController().signal,
    emit: () => undefined,
    [Symbol.asyncDispose]: async () => {
      await engines.close();
      await rm(directory, { recursive: true });
    },
  };
}

const design = (engine: EngineName) => ({ name: 'any', engine, images: 'local' });
const lease = () => ({ until: Date.now() + 60_000 });

const wish = (engine: EngineName) => ({
  size: 1,
  engine,
  spec: {},
  directory: '/',
  waitMs: 60_000,
  timeout: 60,
  sessionMs: 6000,
  words: '',
});

async function makePool(state: State, engine: EngineName): Promise<{ key: string; id: string }> {
  const { key } = poolOf({ name: engine }, design(engine));
  const { id } = await setPool(state, key, wish(engine));
  return { key, id };
}

await describeEngines('the clusters of a pool', (engineName) => {
  /** Clusters that are nothing but their leases; gone with the block. */
  async function members(state: State, pool: string, names: readonly string[]) {
    const engine = await state.engines.connect(engineName);
    const context = { signal: state.signal, emit: state.emit };
    for (const name of names)
      await engine.perform(name, { kind: 'grant-lease', lease: { ...lease(), pool } }, context);
    return {
      engine,
      [Symbol.asyncDispose]: async () => {
        for (const name of names) await engine.perform(name, { kind: 'end-lease' }, context);
      },
    };
  }

  it('are taken by one each', async () => {
    await using state = await aState();
    const { key, id } = await makePool(state, engineName);
    const names = [projectName('member'), projectName('member'), projectName('member')];
    await using there = await members(state, id, names);
    expect([...(await there.engine.leases()).keys()]).toEqual(expect.arrayContaining(names));
    const takers = Array.from({ length: 5 }, async () => {
      const taken = await takeMember(state, design(engineName), lease());
      expect(taken.key).toBe(key);
      return taken.name;
    });
    const taken = (await Promise.all(takers)).filter((name) => name !== undefined);
    expect(taken.toSorted()).toEqual(names.toSorted());
  });

  it('are had by name while they wait', async () => {
    await using state = await aState();
    const { key, id } = await makePool(state, engineName);
    const [one, other] = [projectName('member'), projectName('member')];
    await using there = await members(state, id, [one, other]);
    expect(await claim(state, there.engine, key, lease(), other)).toBe(other);
    expect(await claim(state, there.engine, key, lease(), other)).toBeUndefined();
    expect(await claim(state, there.engine, key, lease())).toBe(one);
  });

  it('are not those of another state directory with the same pool', async () => {
    await using mine = await aState();
    await using theirs = await aState();
    const own = await makePool(mine, engineName);
    const other = await makePool(theirs, engineName);
    expect(other.key).toBe(own.key);
    const name = projectName('member');
    await using there = await members(mine, own.id, [name]);
    expect((await there.engine.leases()).get(name)?.pool).toBe(own.id);
    expect(await takeMember(theirs, design(engineName), lease())).toEqual({ key: other.key });
    expect(await findPools(theirs)).toMatchObject([{ members: [] }]);
    expect(await findPools(mine)).toMatchObject([{ members: [name] }]);
  });

  it('are found by one question for all pools', async () => {
    await using state = await aState();
    const { id } = await makePool(state, engineName);
    await setPool(state, 'abc', wish(engineName));
    await using there = await members(state, id, [projectName('member')]);
    const leases = vi.spyOn(there.engine, 'leases');
    expect(await findPools(state)).toHaveLength(2);
    expect(leases).toHaveBeenCalledTimes(1);
  });

  it('stay when the pool is changed', async () => {
    await using state = await aState();
    const { id } = await makePool(state, engineName);
    expect((await makePool(state, engineName)).id).toBe(id);
  });
});
