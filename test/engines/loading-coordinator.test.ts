import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, type DuplexOptions } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import { smoke } from '../../src/smoke/smoke.js';
import type { Address } from '../../src/topology/address.js';
import { withCluster } from '../helpers/real-cluster.js';
import { canRun } from '../helpers/require.js';

describe.skipIf(!(await canRun('process')))('smoke', () => {
  it('waits for a coordinator that still loads the group', async () => {
    const state = await mkdtemp(join(tmpdir(), 'kcluster-loading-'));
    const cache = join(homedir(), '.cache', 'kcluster');
    const env = { KCLUSTER_CACHE: cache, ...process.env, KCLUSTER_STATE: state };
    const engine = await connectProcessEngine(env);
    const loading = new LoadingCoordinator(2);
    try {
      await withCluster(engine, {}, join(state, 'ports'), async (topology) => {
        engine.dial = (_project, _from, to) => loading.dial(to);
        const { signal } = new AbortController();
        const { checks } = await smoke({ engine, topology, signal, emit: () => undefined });
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      });
      expect(loading.left).toBe(0);
    } finally {
      await rm(state, { recursive: true });
    }
  });
});

const joinGroup = 11;
const coordinatorLoadInProgress = 14;

/** Passes bytes between a client and a broker, and makes the first answers to JoinGroup say that the group loads. */
class LoadingCoordinator {
  left: number;

  constructor(times: number) {
    this.left = times;
  }

  dial(to: Address): Duplex {
    const socket = connect(to);
    const joins = new Set<number>();
    let received = Buffer.alloc(0);
    const options: DuplexOptions = {
      read: () => undefined,
      write: (request: Buffer, _encoding, done) => {
        if (request.readInt16BE(4) === joinGroup) joins.add(request.readInt32BE(8));
        socket.write(request, done);
      },
      final: (done) => socket.end(done),
      destroy: (error, done) => {
        socket.destroy();
        done(error);
      },
    };
    const stream = Object.assign(new Duplex(options), { unref: () => socket.unref() });
    socket.on('connect', () => stream.emit('connect'));
    socket.on('error', (error) => stream.destroy(error));
    socket.on('close', () => stream.push(null));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const size = 4 + received.readInt32BE(0);
        stream.push(this.#answer(received.subarray(0, size), joins));
        received = received.subarray(size);
      }
    });
    return stream;
  }

  /** Behind its size, an answer has the number of its request, the throttle time and the error. */
  #answer(answer: Buffer, joins: ReadonlySet<number>): Buffer {
    if (this.left === 0 || !joins.has(answer.readInt32BE(4))) return answer;
    this.left--;
    const changed = Buffer.from(answer);
    changed.writeInt16BE(coordinatorLoadInProgress, 12);
    return changed;
  }
}
