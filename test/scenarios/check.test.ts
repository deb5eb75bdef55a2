import { execa } from 'execa';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnection } from '../../src/check/check.js';
import type { ConnectionReport } from '../../src/check/judge.js';
import { thisMachine, type Standpoint } from '../../src/check/standpoint.js';
import { TestBrokers, testPorts } from '../check/brokers.js';
import {
  certificate,
  forwarder,
  httpServer,
  tcpServer,
  tlsServer,
  type TestServer,
} from '../check/servers.js';
import { makeCli, type Cli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';

/** What `check` says of an address: its exit code, and the code of the verdict that tells most. */
async function checked(
  cli: Cli,
  address: string,
  ...flags: string[]
): Promise<{ exitCode: number; data: ConnectionReport; codes: string[]; text: string }> {
  const { exitCode, data, stderr } = await cli.json<ConnectionReport>(['check', address, ...flags]);
  expect(stderr).not.toContain('Warning');
  const verdicts = [...data.hops, ...data.brokers];
  return {
    exitCode,
    data,
    codes: verdicts.flatMap(({ code }) => (code === 'ok' ? [] : code)),
    text: verdicts.map(({ detail, mend }) => `${detail}\n${mend}`).join('\n'),
  };
}

describe('check of what is no Kafka', () => {
  it.each(['broker', 'broker:', 'broker:x', 'broker:0', 'broker:70000', '::1:9092', 'a:1,b:2', ''])(
    'refuses %j, which is no HOST:PORT',
    async (operand) => {
      await using cli = await makeCli(undefined);
      const { exitCode, stderr } = await cli.run(['check', operand]);
      expect(stderr).toContain(`"${operand}" is not HOST:PORT`);
      expect(stderr).toContain('`kcluster check [::1]:9092`');
      expect(exitCode).toBe(2);
    },
  );

  it('says that a name does not resolve', async () => {
    await using cli = await makeCli(undefined);
    const { exitCode, codes, data } = await checked(cli, 'nowhere.invalid:9092');
    expect(codes).toEqual(['unresolved']);
    expect(data.hops.map(({ name }) => name)).toEqual(['name']);
    expect(exitCode).toBe(1);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('says that %s refuses', async (host) => {
    await using cli = await makeCli(undefined);
    const [port] = await testPorts(1);
    const { exitCode, codes, data } = await checked(cli, `${host}:${port}`);
    expect(['refused', 'unreachable']).toContain(codes[0]);
    expect(data.hops.map(({ name }) => name)).toEqual(['name', 'connection']);
    expect(exitCode).toBe(1);
  });

  it.each<[string, () => Promise<TestServer>, string, RegExp]>([
    ['an HTTP server', httpServer, 'http', /HTTP\/1\.1 400/],
    [
      'a server that greets',
      () => tcpServer((socket) => socket.write('SSH-2.0-test\r\n')),
      'other-protocol',
      /"SSH-2\.0-test"/,
    ],
    [
      'a port that accepts and closes',
      () => tcpServer((socket) => socket.end()),
      'closes',
      /at once[\s\S]*Docker/,
    ],
    [
      'a port that accepts and resets',
      () => tcpServer((socket) => socket.resetAndDestroy()),
      'closes',
      /at once/,
    ],
    [
      'a server that hangs up',
      () => tcpServer((socket) => socket.on('data', () => socket.end())),
      'closes',
      /as soon as a word is said/,
    ],
    ['a server that is silent', () => tcpServer((socket) => socket.resume()), 'silent', /paused/],
  ])('recognizes %s', async (_what, serve, code, words) => {
    await using cli = await makeCli(undefined);
    await using server = await serve();
    const { exitCode, codes, text } = await checked(
      cli,
      `127.0.0.1:${server.port}`,
      '--timeout',
      '1',
    );
    expect(codes).toEqual([code]);
    expect(text).toMatch(words);
    expect(text).toMatch(new RegExp(`the port is held by .+ \\(pid ${process.pid}\\)`));
    expect(exitCode).toBe(1);
  });

  it.skipIf(!hasTool('openssl')).each([
    [{}, 'tls', /certificate of kcluster-test\), but no Kafka/],
    [{ requestCert: true }, 'wants-certificate', /ssl\.keystore\.location/],
  ])('recognizes a TLS server with %j', async (options, code, words) => {
    await using cli = await makeCli(undefined);
    await using server = await tlsServer(certificate(cli.directory), options);
    const { exitCode, codes, text } = await checked(cli, `localhost:${server.port}`);
    expect(codes).toEqual([code]);
    expect(text).toMatch(words);
    expect(exitCode).toBe(1);
  });

  it('ends at once when it is interrupted', async () => {
    await using cli = await makeCli(undefined);
    await using server = await tcpServer((socket) => socket.resume());
    const { child, ended } = await cli.until(
      ['check', `127.0.0.1:${server.port}`, '--timeout', '60'],
      ({ type }) => type === 'waiting',
    );
    const since = performance.now();
    child.kill('SIGINT');
    expect((await ended).exitCode).toBe(130);
    expect(performance.now() - since).toBeLessThan(10_000);
  });
});

describe.skipIf(!(await canRun('process')) || !hasTool('openssl'))('check of real brokers', () => {
  let cli: Awaited<ReturnType<typeof makeCli>>;
  let brokers: TestBrokers;
  /** Where broker 2 is advertised. */
  let toBroker2: Awaited<ReturnType<typeof forwarder>>;
  const port: Record<string, number> = {};

  beforeAll(async () => {
    cli = await makeCli('process');
    const names =
      'host named byId closed cross taken sasl tls mutual saslTls nobody host2 only2 other controller';
    const [a = 0, b = 0, c = 0, ...rest] = await testPorts(3 + names.split(' ').length);
    names.split(' ').forEach((name, index) => (port[name] = rest[index]!));
    brokers = await TestBrokers.start(cli, [a, b, c]);
    toBroker2 = await forwarder(port['host2']!);
    await brokers.startBroker(1, listenersOfBroker1(port), security(cli.directory));
    await Promise.all([
      brokers.startBroker(2, {
        HOST: { port: port['host2']!, advertised: `127.0.0.1:${toBroker2.port}` },
        ONLY2: { port: port['only2']! },
      }),
      brokers.startBroker(
        3,
        { HOST: { port: port['other']! } },
        { KAFKA_ZOOKEEPER_CONNECT: `127.0.0.1:${brokers.zookeeper}/other` },
      ),
    ]);
  });

  afterAll(async () => {
    await brokers[Symbol.asyncDispose]();
    await toBroker2[Symbol.asyncDispose]();
    await cli[Symbol.asyncDispose]();
  });

  it('finds that each is where it is advertised', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const { exitCode, codes, data } = await checked(cli, `${host}:${port['host']}`);
      expect(codes).toEqual([]);
      expect(data).toMatchObject({
        ok: true,
        cluster: { id: expect.any(String) as string, controller: 1, tls: false },
        brokers: [
          { id: 1, address: `127.0.0.1:${port['host']}`, code: 'ok' },
          { id: 2, address: `127.0.0.1:${toBroker2.port}`, code: 'ok' },
        ],
      });
      expect(data.brokers[0]?.detail).toBe(`it answers at 127.0.0.1:${port['host']}`);
      expect(exitCode).toBe(0);
    }
  });

  it('says so in words', async () => {
    const { stdout, stderr, exitCode } = await cli.run(['check', `127.0.0.1:${port['other']}`]);
    expect(stderr).toBe('');
    expect(stdout.replace(/cluster \S+,/, 'cluster ID,').replaceAll(String(port['other']), 'PORT'))
      .toMatchInlineSnapshot(`
      "✓ name: 127.0.0.1 is an IP address
      ✓ connection: 127.0.0.1:PORT accepts
      ✓ protocol: Kafka answers
      ✓ metadata: cluster ID, broker 3, controller 3
      ✓ broker 3: it answers at 127.0.0.1:PORT
      a client that begins at 127.0.0.1:PORT reaches every broker as it is advertised"
    `);
    expect(exitCode).toBe(0);
  });

  it('says that a client goes on elsewhere from a port that is forwarded', async () => {
    await using entry = await forwarder(port['host']!);
    const { exitCode, data, text } = await checked(cli, `127.0.0.1:${entry.port}`);
    expect(data.ok).toBe(true);
    expect(text).toContain(`no broker is advertised at 127.0.0.1:${entry.port}`);
    expect(exitCode).toBe(0);
  });

  it("recognizes ZooKeeper's port, and says where Kafka is", async () => {
    const { exitCode, codes, text } = await checked(cli, `127.0.0.1:${brokers.zookeeper}`);
    expect(codes).toEqual(['zookeeper']);
    expect(text).toContain(`HOST://127.0.0.1:${port['host']}`);
    expect(text).toContain('held by node zookeeper-1 of cluster ');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['named', 'container-name', /broker-1:29092, a name that does not resolve here/],
    ['byId', 'container-id', /advertises its host name/],
    ['closed', 'refused', /not published where it is advertised/],
    ['cross', 'listed-elsewhere', /says that it is at broker-1:29092/],
    ['taken', 'other-cluster', /held by node broker-3 of cluster/],
    ['sasl', 'wants-sasl', /wants SASL: PLAIN\n.*SASL_PLAINTEXT/],
    ['saslTls', 'wants-sasl', /over TLS, and wants SASL: PLAIN\n.*SASL_SSL/],
    ['mutual', 'wants-certificate', /certificate of kcluster-test/],
    ['only2', 'controller-unlisted', /brok.* 2, and controller 1, which is not among them/],
  ])('of the listener %s says %s', async (listener, code, words) => {
    const { exitCode, codes, text } = await checked(cli, `127.0.0.1:${port[listener]}`);
    expect(codes).toEqual([code]);
    expect(text).toMatch(words);
    expect(exitCode).toBe(1);
  });

  it('recognizes a controller of KRaft', async () => {
    await brokers.startController(port['controller']!);
    const { exitCode, codes, text } = await checked(cli, `127.0.0.1:${port['controller']}`);
    expect(codes).toEqual(['kraft-controller']);
    expect(text).toContain('controller.quorum.voters');
    expect(exitCode).toBe(1);
  });

  it('goes on through TLS, and says that clients need it', async () => {
    const { exitCode, codes, data, text } = await checked(cli, `127.0.0.1:${port['tls']}`);
    expect(codes).toEqual(['wants-tls']);
    expect(data).toMatchObject({ ok: true, cluster: { tls: true }, brokers: [{ id: 1 }] });
    expect(text).toContain('security.protocol=SSL');
    expect(exitCode).toBe(0);
  });

  it('says that another broker answers', async () => {
    toBroker2.target = port['host']!;
    try {
      const { exitCode, codes, data } = await checked(cli, `127.0.0.1:${port['host']}`);
      expect(codes).toEqual(['other-broker']);
      expect(data.brokers[1]?.detail).toContain(`at 127.0.0.1:${toBroker2.port} broker 1 answers`);
      expect(exitCode).toBe(1);
    } finally {
      toBroker2.target = port['host2']!;
    }
  });

  it.each([
    ['here leads nowhere', 'nobody', 'fail'],
    ['here leads to another cluster', 'other', 'fail'],
    ['here leads to the same broker', 'host', 'warn'],
  ])('says that 127.0.0.1 is of the broker alone, where it %s', async (_where, target, level) => {
    const report = await checkConnection(
      { host: 'kafka.example.com', port: port['host']! },
      {
        standpoint: elsewhere(port[target]!),
        timeoutMs: 5000,
        portHolder: async () => await Promise.resolve(undefined),
        emit: () => undefined,
      },
    );
    expect(report.hops.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(report.brokers[0]).toMatchObject({ code: 'loopback', level });
    expect(report.brokers[0]?.mend).toContain(`kafka.example.com:${port['host']}`);
  });

  /** A machine from which the brokers' machine is 192.0.2.1, and whose own ports all are one of a test. */
  function elsewhere(ownPort: number): Standpoint {
    const { dial } = thisMachine(new AbortController().signal);
    return {
      resolve: async () => await Promise.resolve(['192.0.2.1']),
      dial: ({ host, port: asked }) =>
        dial({ host: '127.0.0.1', port: host === '192.0.2.1' ? asked : ownPort }),
    };
  }

  it('says that a broker which is frozen does not answer', async () => {
    const pid = await brokers.pidOf('broker-2');
    process.kill(pid, 'SIGSTOP');
    try {
      const flags = ['--timeout', '1'];
      const { exitCode, codes, data } = await checked(cli, `127.0.0.1:${port['host']}`, ...flags);
      expect(codes).toEqual(['silent']);
      expect(data.brokers[1]).toMatchObject({ id: 2, code: 'silent' });
      expect(exitCode).toBe(1);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('says that a broker which has died is listed, and not there', async () => {
    await brokers.kill('broker-2');
    const { exitCode, codes, data } = await checked(cli, `127.0.0.1:${port['host']}`);
    expect(codes).toEqual(['closes']);
    expect(data.brokers[1]).toMatchObject({ id: 2, code: 'closes' });
    expect(exitCode).toBe(1);
  });
});

function listenersOfBroker1(port: Record<string, number>) {
  const at = (name: string, advertised?: string, secured?: string) => ({
    port: port[name]!,
    ...(advertised !== undefined && { advertised }),
    ...(secured !== undefined && { security: secured }),
  });
  return {
    HOST: at('host'),
    NAMED: at('named', 'broker-1:29092'),
    BYID: at('byId', '0a1b2c3d4e5f:9092'),
    CLOSED: at('closed', `127.0.0.1:${port['nobody']}`),
    CROSS: at('cross', `127.0.0.1:${port['named']}`),
    TAKEN: at('taken', `127.0.0.1:${port['other']}`),
    SASL: at('sasl', undefined, 'SASL_PLAINTEXT'),
    TLS: at('tls', undefined, 'SSL'),
    MUTUAL: at('mutual', undefined, 'SSL'),
    SASLTLS: at('saslTls', undefined, 'SASL_SSL'),
  };
}

/** A key and a user for the listeners that want one. */
function security(directory: string): Record<string, string> {
  const { key, cert } = certificate(directory);
  const store = join(directory, 'keystore.pem');
  writeFileSync(store, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'));
  const login =
    'org.apache.kafka.common.security.plain.PlainLoginModule required user_test="test";';
  return {
    KAFKA_SSL_KEYSTORE_TYPE: 'PEM',
    KAFKA_SSL_KEYSTORE_LOCATION: store,
    KAFKA_SSL_TRUSTSTORE_TYPE: 'PEM',
    KAFKA_SSL_TRUSTSTORE_LOCATION: cert,
    KAFKA_LISTENER_NAME_MUTUAL_SSL_CLIENT_AUTH: 'required',
    KAFKA_SASL_ENABLED_MECHANISMS: 'PLAIN',
    KAFKA_LISTENER_NAME_SASL_PLAIN_SASL_JAAS_CONFIG: login,
    KAFKA_LISTENER_NAME_SASLTLS_PLAIN_SASL_JAAS_CONFIG: login,
  };
}

describe.skipIf(!(await canRun('docker')))('check of containers', () => {
  it('says of a published port that nothing listens behind it', async () => {
    await using cli = await makeCli(undefined);
    const name = projectName('empty');
    const publish = ['--publish', '127.0.0.1::9092', '--entrypoint', 'sleep'];
    const image = ['kcluster/kafka:3.9.2', '600'];
    await execa('docker', ['run', '--detach', '--rm', '--name', name, ...publish, ...image]);
    try {
      const { stdout: address } = await execa('docker', ['port', name, '9092']);
      const { exitCode, codes, text } = await checked(cli, address);
      expect(codes).toEqual(['closes']);
      expect(text).toContain(`held by container ${name}`);
      expect(text).toContain('nothing listens on it in the container');
      expect(exitCode).toBe(1);
    } finally {
      await execa('docker', ['rm', '--force', name]);
    }
  });

  it('says of the listener for the network that it is for containers', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('net');
    const up = await cli.json<{ bootstrapServers: string }>([
      ...['up', '--name', name, '--ports', 'auto', ...upFlags.docker],
    ]);
    try {
      const published = await checked(cli, up.data.bootstrapServers);
      expect(published.codes).toEqual([]);
      expect(published.exitCode).toBe(0);

      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
      const { stdout: ip } = await execa('docker', [
        ...['inspect', '--format', format, `${name}-broker-1-1`],
      ]);
      const { exitCode, codes, text } = await checked(cli, `${ip}:29092`);
      expect(codes).toEqual(['container-name']);
      expect(text).toContain('advertised as broker-1:29092');
      expect(exitCode).toBe(1);
    } finally {
      await cli.run(['down', '--name', name, '--volumes']);
    }
  });
});
