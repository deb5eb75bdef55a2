import { expect, it } from 'vitest';
import { EventLog } from '../../src/bundle/event-log.js';
import { Engines } from '../../src/engines/engines.js';
import type { EngineName } from '../../src/cluster/engine.js';
import { KclusterError } from '../../src/errors.js';
import { bundleCluster } from '../../src/operations/bundle.js';
import type { OperationContext } from '../../src/operations/context.js';
import type { OnFailure } from '../../src/operations/failed-start.js';
import { prepared, raise } from '../../src/operations/raise.js';
import type { Event } from '../../src/report/events.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName } from '../helpers/engines.js';
import { readTarGz } from '../helpers/tar.js';

/** Raises a cluster whose broker refuses its settings; resolves to what was thrown, and the events. */
async function failToStart(
  cli: Cli,
  engine: EngineName,
  name: string,
  onFailure: OnFailure,
  { log = new EventLog(), signal = new AbortController().signal } = {},
): Promise<{ error: unknown; events: Event[] }> {
  const engines = new Engines(cli.env);
  const events: Event[] = [];
  const emit = log.recording((event) => void events.push(event));
  const context: OperationContext = { env: cli.env, signal, emit, engines };
  const set = { 'log.segment.bytes': '1', 'ssl.key.password': 'geheim-4711' };
  const options = {
    ...{ name, givenName: name, engine, timeout: 60, ports: 'auto', images: 'local', set },
    onFailure,
  };
  try {
    await prepared(context, options, async (cluster) => await raise(context, options, cluster));
    return { error: undefined, events };
  } catch (error) {
    return { error, events };
  } finally {
    await engines.close();
  }
}

await describeEngines('a start that fails', (engine) => {
  it('is told of while its nodes are there, and is taken back all the same', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('hook');
    const log = new EventLog();
    let path = '';
    const { error } = await failToStart(
      cli,
      engine,
      name,
      async (failed) => {
        const { directory } = cli;
        path = await bundleCluster(failed, { ...failed, events: log, directory, name });
      },
      { log },
    );
    expect(error).toBeInstanceOf(KclusterError);
    expect((error as KclusterError).kind).toBe('startFailed');

    const files = await readTarGz(path);
    const root = [...files.keys()][0]!.split('/')[0]!;
    const at = (file: string): string => files.get(`${root}/${file}`)!.text;
    expect(JSON.parse(at('error.json'))).toMatchObject({ kind: 'startFailed' });
    expect(at('logs/broker-1.log')).toContain('ConfigException');
    expect(at('logs/zookeeper-1.log')).toContain('INFO');
    expect(at('compose.yaml')).toContain('KAFKA_LOG_SEGMENT_BYTES: "1"');
    expect(at('compose.yaml')).toContain('depends_on');
    expect(JSON.parse(at('plan.json'))).toMatchObject({ project: name });
    expect(JSON.parse(at('spec.json'))).toMatchObject({ origins: { 'kafka.brokers': 'default' } });
    expect(JSON.parse(at('zookeeper/tree.json'))).toHaveProperty('znodes');
    const events = at('events.ndjson').trimEnd().split('\n');
    const types = events.map((line) => (JSON.parse(line) as Event).type);
    expect(types[0]).toBe('engine');
    expect(types).toContain('step-failed');
    expect(at('problems.txt')).toContain('kafka/topics.json: no broker answers at ');
    for (const [file, { text }] of files) expect(text, file).not.toContain('geheim-4711');
    expect((await leftovers(cli, name)).filter((each) => !isOwn(each))).toEqual([]);
  });
});

await describeEngines('what is told of a failed start', (engine) => {
  it('may fail itself: that is a warning', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('hook');
    const { error, events } = await failToStart(cli, engine, name, async () => {
      await Promise.reject(new Error('the disk is full'));
    });
    expect((error as KclusterError).kind).toBe('startFailed');
    const message = 'could not keep what tells of the failure: the disk is full';
    expect(events).toContainEqual({ type: 'warning', message });
    expect((await leftovers(cli, name)).filter((each) => !isOwn(each))).toEqual([]);
  });

  it('is not waited for when the run is interrupted', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('hook');
    const run = new AbortController();
    let ended = false;
    const hook: OnFailure = async ({ signal }) => {
      signal.addEventListener('abort', () => (ended = true));
      run.abort();
      await new Promise(() => undefined);
    };
    const { error } = await failToStart(cli, engine, name, hook, { signal: run.signal });
    expect((error as KclusterError).kind).toBe('startFailed');
    expect(ended).toBe(true);
    expect((await leftovers(cli, name)).filter((each) => !isOwn(each))).toEqual([]);
  });
});

/** What the state directory keeps of runs, which is of no project. */
function isOwn(leftover: string): boolean {
  return /\/state\/(ports|locks)\//.test(leftover);
}
