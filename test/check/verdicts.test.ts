import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/clients/protocol/diagnosis.js';
import type { AddressFacts, Connection, Kafka, Service } from '../../src/check/facts.js';
import { judgeConnection } from '../../src/check/judge.js';
import { parseAddress } from '../../src/topology/address.js';

const accepted: Connection[] = [{ ip: '127.0.0.1' }];
const failing = (code: string, ip = '127.0.0.1'): Connection[] => [{ ip, code }];

/** Facts of an address whose name resolved to those of the connections. */
function at(address: string, connections: Connection[], service?: Service): AddressFacts {
  return {
    address: parseAddress(address),
    resolution: { ips: connections.map(({ ip }) => ip) },
    connections,
    ...(service && { service }),
  };
}

function unresolved(address: string, code = 'ENOTFOUND'): AddressFacts {
  return { address: parseAddress(address), resolution: { code }, connections: [] };
}

/** A broker that answers, and what it tells: brokers with their addresses. */
function kafka(
  brokers: Record<number, string>,
  more: { clusterId?: string; controller?: number; identity?: Identity; tls?: object } = {},
): Kafka {
  const { clusterId = 'C', controller = 1, identity = { is: 'expected' }, tls } = more;
  return {
    kind: 'kafka',
    identity,
    view: {
      clusterId,
      ...(controller > 0 && { controller }),
      brokers: Object.entries(brokers).map(([id, address]) => ({
        id: Number(id),
        address: parseAddress(address),
      })),
    },
    ...(tls && { tls }),
  };
}

describe('a hop to the address that is asked', () => {
  it.each<[string, AddressFacts, string, string, RegExp]>([
    ['no name', unresolved('kafka.example.com:1'), 'name', 'unresolved', /DNS server/],
    ['a short name', unresolved('broker-1:1', 'EAI_AGAIN'), 'name', 'unresolved', /without a dot/],
    ['refused here', at('a:1', failing('ECONNREFUSED')), 'connection', 'refused', /docker ps/],
    [
      'refused there',
      at('a:1', failing('ECONNREFUSED', '192.0.2.1')),
      'connection',
      'refused',
      /not its loopback only/,
    ],
    [
      'held at another address',
      { ...at('a:1', failing('ECONNREFUSED')), holder: 'container x' },
      'connection',
      'refused',
      /held by container x/,
    ],
    ['no answer', at('a:1', failing('ETIMEDOUT')), 'connection', 'timeout', /firewall/],
    ['no route', at('a:1', failing('EHOSTUNREACH')), 'connection', 'unreachable', /no way/],
    ['another error', at('a:1', failing('EINVAL')), 'connection', 'unreachable', /EINVAL/],
    [
      'one that refuses among silent ones',
      at('a:1', [...failing('ETIMEDOUT', '192.0.2.1'), ...failing('ECONNREFUSED')]),
      'connection',
      'refused',
      /192\.0\.2\.1 does not answer in time \(ETIMEDOUT\), 127\.0\.0\.1 refuses/,
    ],
  ])('fails on %s', (_what, asked, name, code, words) => {
    const report = judgeConnection({ asked, brokers: [] });
    const last = report.hops.at(-1)!;
    expect(report).toMatchObject({ ok: false, brokers: [] });
    expect(last).toMatchObject({ name, code, level: 'fail' });
    expect(`${last.detail}\n${last.mend}`).toMatch(words);
  });

  it.each<[Service, string, RegExp]>([
    [{ kind: 'zookeeper' }, 'zookeeper', /not to ZooKeeper: name the port of a broker/],
    [{ kind: 'zookeeper', mode: 'leader', kafkaAt: [] }, 'zookeeper', /no broker is registered/],
    [
      { kind: 'zookeeper', mode: 'leader', kafkaAt: ['HOST://a:9092', 'HOST://b:9092'] },
      'zookeeper',
      /Kafka is at HOST:\/\/a:9092, HOST:\/\/b:9092/,
    ],
    [{ kind: 'sasl', mechanisms: ['PLAIN', 'GSSAPI'] }, 'wants-sasl', /PLAIN, GSSAPI\n.*PLAINTEXT/],
    [{ kind: 'sasl', mechanisms: ['PLAIN'], tls: {} }, 'wants-sasl', /SASL_SSL/],
    [{ kind: 'kafka-controller' }, 'kraft-controller', /controller\.quorum\.voters/],
    [{ kind: 'kafka-unready' }, 'kafka-unready', /starting or stopping/],
    [{ kind: 'tls', tls: {}, wantsCertificate: false }, 'tls', /HTTPS/],
    [{ kind: 'tls', tls: { subject: 'a' }, wantsCertificate: true }, 'wants-certificate', /of a\)/],
    [{ kind: 'http', begin: 'HTTP/1.1 404' }, 'http', /"HTTP\/1\.1 404"\n.*registry/],
    [{ kind: 'other', begin: '+PONG' }, 'other-protocol', /"\+PONG"/],
    [{ kind: 'closes', atOnce: true }, 'closes', /Docker/],
    [{ kind: 'closes', atOnce: false }, 'closes', /proxy/],
    [{ kind: 'silent' }, 'silent', /paused/],
  ])('fails on %j', (service, code, words) => {
    const asked = at('a:1', accepted, service);
    const { ok, hops } = judgeConnection({ asked, brokers: [] });
    expect(ok).toBe(false);
    expect(hops.map(({ name }) => name)).toEqual(['name', 'connection', 'protocol']);
    expect(hops[2]).toMatchObject({ code, level: 'fail' });
    expect(`${hops[2]?.detail}\n${hops[2]?.mend}`).toMatch(words);
  });

  it('is a warning when only the second address of a name accepts', () => {
    const own = 'localhost:9092';
    const connections = [...failing('ECONNREFUSED', '::1'), ...accepted];
    const asked = at(own, connections, kafka({ 1: own }));
    const { ok, hops } = judgeConnection({ asked, brokers: [{ id: 1, facts: asked }] });
    expect(ok).toBe(true);
    expect(hops[1]).toMatchObject({ code: 'first-address-fails', level: 'warn' });
    expect(hops[1]?.mend).toContain('127.0.0.1:9092');
  });

  it.each<[string, Kafka, string, RegExp]>([
    ['no broker', kafka({}), 'no-brokers', /without a single broker/],
    ['no controller', kafka({ 1: 'a:1' }, { controller: 0 }), 'no-controller', /ZooKeeper/],
    [
      'a controller that is not listed',
      kafka({ 1: 'a:1' }, { controller: 3 }),
      'controller-unlisted',
      /Broker 3/,
    ],
  ])('fails on metadata with %s', (_what, service, code, words) => {
    const asked = at('a:1', accepted, service);
    const brokers = service.view.brokers.map(({ id }) => ({ id, facts: asked }));
    const { ok, hops } = judgeConnection({ asked, brokers });
    expect(ok).toBe(false);
    expect(hops[3]).toMatchObject({ name: 'metadata', code, level: 'fail' });
    expect(`${hops[3]?.detail}\n${hops[3]?.mend}`).toMatch(words);
  });
});

describe('an advertised address', () => {
  const here = '127.0.0.1:9092';
  const there: Connection[] = [{ ip: '192.0.2.1' }];

  /** The verdict on broker 1, told at an address of this machine or of another. */
  function judged(facts: AddressFacts, from: 'here' | 'there' = 'here') {
    const asked =
      from === 'here'
        ? at('localhost:9999', accepted, kafka({ 1: here }))
        : at('kafka.example.com:9092', there, kafka({ 1: here }));
    const report = judgeConnection({ asked, brokers: [{ id: 1, facts }] });
    const broker = report.brokers[0]!;
    expect(report.ok).toBe(broker.level !== 'fail');
    return { ...broker, words: `${broker.detail}\n${broker.mend}` };
  }

  it.each<[string, AddressFacts, string, RegExp]>([
    [
      '0.0.0.0',
      at('0.0.0.0:9092', accepted, kafka({ 1: '0.0.0.0:9092' })),
      'wildcard',
      /such as localhost:9092/,
    ],
    ['[::]', at('[::]:9092', failing('ECONNREFUSED')), 'wildcard', /belongs into `listeners`/],
    ['a name of a container', unresolved('broker-1:29092'), 'container-name', /for the host/],
    [
      'a name of Docker',
      unresolved('host.docker.internal:9092'),
      'container-name',
      /--add-host host\.docker\.internal:host-gateway/,
    ],
    [
      'a name of Kubernetes',
      unresolved('kafka-0.kafka.default.svc:9092'),
      'container-name',
      /container/,
    ],
    [
      'an id of a container',
      unresolved('0a1b2c3d4e5f:9092'),
      'container-id',
      /such as localhost:9999/,
    ],
    ['an unknown name', unresolved('kafka.example.com:9092'), 'unresolved', /DNS/],
    ['a port that is not published', at(here, failing('ECONNREFUSED')), 'refused', /`9092:9092`/],
    [
      'a port that is closed there',
      at('a:9092', failing('ECONNREFUSED', '192.0.2.1')),
      'refused',
      /is down/,
    ],
    [
      'an address in a Docker network',
      at('172.18.0.3:9092', failing('ETIMEDOUT', '172.18.0.3')),
      'timeout',
      /Docker network/,
    ],
    [
      'an address behind a firewall',
      at('a:9092', failing('ETIMEDOUT', '192.0.2.1')),
      'timeout',
      /firewall/,
    ],
    [
      'a port with nothing behind',
      at(here, accepted, { kind: 'closes', atOnce: true }),
      'closes',
      /advertised as 127\.0\.0\.1:9092: .*at once/,
    ],
    ['a frozen broker', at(here, accepted, { kind: 'silent' }), 'silent', /paused/],
    ['ZooKeeper', at(here, accepted, { kind: 'zookeeper' }), 'zookeeper', /not Kafka/],
    [
      'another cluster',
      { ...at(here, accepted, kafka({ 1: here }, { clusterId: 'D' })), holder: 'x' },
      'other-cluster',
      /answers, D; the port is held by x/,
    ],
    [
      'another broker',
      at(here, accepted, kafka({ 1: here }, { identity: { is: 'other', id: 2 } })),
      'other-broker',
      /broker 2 answers/,
    ],
    [
      'an unknown broker',
      at(here, accepted, kafka({ 1: here }, { identity: { is: 'other' } })),
      'other-broker',
      /another broker answers/,
    ],
    [
      'TLS',
      at(here, accepted, kafka({ 1: here }, { tls: {} })),
      'other-security',
      /speaks TLS, and plaintext/,
    ],
    [
      'a broker that does not list itself',
      at(here, accepted, kafka({ 2: 'a:1' })),
      'unlisted',
      /does not list broker 1/,
    ],
    [
      'another listener',
      at(here, accepted, kafka({ 1: 'broker-1:29092' })),
      'listed-elsewhere',
      /broker-1:29092/,
    ],
  ])('fails that leads to %s', (_what, facts, code, words) => {
    const verdict = judged(facts);
    expect(verdict).toMatchObject({ code, level: 'fail' });
    expect(verdict.words).toMatch(words);
  });

  it.each<[Identity, string]>([
    [{ is: 'expected' }, `it answers at ${here}`],
    [{ is: 'untold' }, `its cluster answers at ${here}`],
  ])('is fine where the broker is %j', (identity, detail) => {
    const verdict = judged(at(here, accepted, kafka({ 1: here }, { identity })));
    expect(verdict).toMatchObject({ name: 'broker 1', code: 'ok', level: 'ok', detail });
    expect(verdict).not.toHaveProperty('mend');
  });

  it.each<[string, AddressFacts]>([
    ['nothing is', at(here, failing('ECONNREFUSED'))],
    ['another cluster is', at(here, accepted, kafka({ 1: here }, { clusterId: 'D' }))],
    ['HTTP is', at(here, accepted, { kind: 'http', begin: 'HTTP/1.1 200' })],
  ])('of the loopback, told by another machine, fails when %s here', (_what, facts) => {
    const verdict = judged(facts, 'there');
    expect(verdict).toMatchObject({ code: 'loopback', level: 'fail' });
    expect(verdict.mend).toContain('kafka.example.com:9092');
  });

  it('of the loopback, told at another address of this machine, is a warning', () => {
    const verdict = judged(at(here, accepted, kafka({ 1: here })), 'there');
    expect(verdict).toMatchObject({ code: 'loopback', level: 'warn' });
  });

  it('is told apart from the one that was asked by address and port, not by name', () => {
    const names = (asked: AddressFacts): string[] =>
      judgeConnection({
        asked,
        brokers: [{ id: 1, facts: at(here, accepted, kafka({ 1: here })) }],
      }).hops.map(({ name }) => name);
    const service = kafka({ 1: here });
    expect(names(at('localhost:9092', accepted, service))).not.toContain('way on');
    expect(names(at('localhost:9093', accepted, service))).toContain('way on');
    expect(names(at('kafka.example.com:9092', there, service))).toContain('way on');
  });

  it('of one broker that fails makes the whole fail, and the others are told', () => {
    const brokers = { 1: here, 2: 'broker-2:29092' };
    const asked = at(here, accepted, kafka(brokers));
    const report = judgeConnection({
      asked,
      brokers: [
        { id: 1, facts: asked },
        { id: 2, facts: unresolved('broker-2:29092') },
      ],
    });
    expect(report.ok).toBe(false);
    expect(report.cluster).toEqual({ id: 'C', controller: 1, tls: false });
    expect(report.brokers.map(({ id, level }) => [id, level])).toEqual([
      [1, 'ok'],
      [2, 'fail'],
    ]);
  });
});
