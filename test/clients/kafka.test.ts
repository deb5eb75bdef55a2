import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kafkaClient } from '../../src/clients/kafka.js';

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a connection that comes after its client has left is let go', async () => {
  const errors: Error[] = [];
  const stream = Object.assign(
    new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() }),
    { unref: () => undefined },
  );
  stream.on('error', (error) => errors.push(error));
  const options = { requestTimeoutMs: 60_000, retries: 0 };
  const admin = kafkaClient([{ host: '127.0.0.1', port: 9092 }], () => stream, options).admin();
  const before = timers();
  void admin.connect();
  while (stream.listenerCount('connect') === 0) await setImmediate();
  await admin.disconnect();
  // That of the connection that is still to come.
  expect(timers()).toBe(before + 1);
  stream.emit('connect');
  await once(stream, 'close');
  // Nobody has tried to write to it, and nobody watches it.
  expect(errors).toEqual([]);
  expect(timers()).toBe(before);
});
