import { describe, expect, it } from 'vitest';
import { connectionText } from '../../src/report/connection-text.js';
import { styleFor } from '../../src/report/style.js';
import type { ConnectionReport } from '../../src/check/judge.js';

const style = styleFor('stdout', { NO_COLOR: '1' });

const report: ConnectionReport = {
  address: 'localhost:9092',
  ok: false,
  hops: [
    { name: 'name', code: 'ok', level: 'ok', detail: 'localhost is 127.0.0.1' },
    { name: 'protocol', code: 'wants-tls', level: 'warn', detail: 'over TLS', mend: 'Set SSL.' },
  ],
  brokers: [
    { name: 'broker 1', id: 1, address: 'a:1', code: 'ok', level: 'ok', detail: 'fine' },
    {
      ...{ name: 'broker 2', id: 2, address: 'b:1', code: 'refused', level: 'fail' },
      ...{ detail: 'refuses', mend: 'Publish it.' },
    },
  ],
};

describe('the way of a client, in words', () => {
  it('has a line a hop, what to do below it, and what came out', () => {
    expect(connectionText(report, style)).toMatchInlineSnapshot(`
      "✓ name: localhost is 127.0.0.1
      ! protocol: over TLS
          Set SSL.
      ✓ broker 1: fine
      ✗ broker 2: refuses
          Publish it.
      a client that begins at localhost:9092 does not reach 1 of 2 brokers"
    `);
  });

  it('ends with the hop that broke', () => {
    const broken: ConnectionReport = {
      ...{ address: 'a:1', ok: false, brokers: [] },
      hops: [{ name: 'name', code: 'unresolved', level: 'fail', detail: 'unknown', mend: 'Look.' }],
    };
    expect(connectionText(broken, style).split('\n').at(-1)).toBe(
      'a client that begins at a:1 fails at the name',
    );
  });
});
