import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/cluster/engine.js';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import type { Check } from '../../src/smoke/report.js';
import { smoke } from '../../src/smoke/smoke.js';
import { FirstAnswers, lose, type Change } from '../helpers/first-answers.js';
import { withCluster } from '../helpers/real-cluster.js';
import { canRun } from '../helpers/require.js';

const ApiKey = { produce: 0, joinGroup: 11, createTopics: 19, deleteTopics: 20, deleteGroups: 42 };
const Code = { requestTimedOut: 7, coordinatorLoadInProgress: 14, invalidReplicaAssignment: 39 };

/** Behind size and request number, an answer to JoinGroup has the throttle time and the error. */
const groupLoads: Change = (answer) => withCode(answer, 12, Code.coordinatorLoadInProgress);

/** An answer to CreateTopics has the throttle time and the number of topics, then the first one's name and error. */
function topicGets(code: number): Change {
  return (answer) => withCode(answer, 18 + answer.readInt16BE(16), code);
}

function withCode(answer: Buffer, at: number, code: number): Buffer {
  answer.writeInt16BE(code, at);
  return answer;
}

describe.skipIf(!(await canRun('process')))('smoke', () => {
  it.each([
    ['a coordinator that still loads the group', ApiKey.joinGroup, 2, groupLoads],
    ['a topic whose creation takes long', ApiKey.createTopics, 1, topicGets(Code.requestTimedOut)],
    ['a lost answer to CreateTopics', ApiKey.createTopics, 1, lose],
    ['records that are sent again, since the answer was lost', ApiKey.produce, 2, lose],
    ['a lost answer to DeleteGroups', ApiKey.deleteGroups, 1, lose],
    ['a lost answer to DeleteTopics', ApiKey.deleteTopics, 1, lose],
  ])('is content with %s', async (_what, apiKey, times, change) => {
    const answers = new FirstAnswers(apiKey, times, change);
    const checks = await smokeWith((_from, to) => answers.dial(to));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(answers.left).toBe(0);
  });

  it('says why Kafka refuses the topic', async () => {
    const refused = topicGets(Code.invalidReplicaAssignment);
    const answers = new FirstAnswers(ApiKey.createTopics, 1, refused);
    const [failed, ...more] = (await smokeWith((_from, to) => answers.dial(to))).filter(
      ({ ok }) => !ok,
    );
    expect(failed?.name).toBe('topic created');
    expect(failed?.seen).toMatch(/^error: .*replica assignment/i);
    expect(more).toEqual([]);
  });

  it('fails where one listener is out of reach, and says which', async () => {
    const nobody = { host: '127.0.0.1', port: 1 };
    const answers = new FirstAnswers(ApiKey.produce, 0, lose);
    const checks = await smokeWith((from, to) => answers.dial(from === 'network' ? nobody : to));
    const failed = checks.filter(({ ok }) => !ok);
    expect(failed.map(({ name }) => name)).toEqual([
      'records through the INTERNAL listener',
      'group offsets committed',
    ]);
    expect(failed[0]?.seen).toContain('ECONNREFUSED');
    expect(failed[1]?.seen).toBe('1 offset committed');
  });
});

/** The checks of a cluster of one broker and one ZooKeeper, whose clients connect by `dial`. */
async function smokeWith(
  dial: (
    ...[from, to]: [Parameters<Engine['dial']>[1], Parameters<Engine['dial']>[2]]
  ) => ReturnType<Engine['dial']>,
): Promise<Check[]> {
  const state = await mkdtemp(join(tmpdir(), 'kcluster-smoke-'));
  const cache = join(homedir(), '.cache', 'kcluster');
  const env = { KCLUSTER_CACHE: cache, ...process.env, KCLUSTER_STATE: state };
  const engine = await connectProcessEngine(env);
  try {
    return await withCluster(engine, {}, async (topology) => {
      engine.dial = (_project, from, to) => dial(from, to);
      const { signal } = new AbortController();
      return (await smoke({ engine, topology, signal, emit: () => undefined })).checks;
    });
  } finally {
    await rm(state, { recursive: true });
  }
}
