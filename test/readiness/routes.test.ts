import { describe, expect, it } from 'vitest';
import { dockerHostWay, externalWay, findRoutes } from '../../src/readiness/routes.js';
import { formatAddress } from '../../src/topology/address.js';
import { everywhere, topologyOf } from '../helpers/clusters.js';

const listener = (advertised: string, bind: string) => ({
  advertised: { host: advertised, port: 9292 },
  bind: { host: bind, port: 9292 },
});

describe('routes', () => {
  it('go through every listener, to what its clients are told', async () => {
    const topology = topologyOf({ ...everywhere, network: ['apps', 'web'] });
    const routes = await findRoutes(topology);
    expect(
      routes.map(({ name, from, advertised, hostFor }) => {
        const address = advertised(topology.brokers[0]!)!;
        return `${name}: ${formatAddress(address)} from the ${from} by ${hostFor(address.host)}`;
      }),
    ).toEqual([
      'HOST: 127.0.0.1:9092 from the host by 127.0.0.1',
      'INTERNAL: broker-1.kcluster:29092 from the network by broker-1.kcluster',
      'JOINED/apps: kcluster-broker-1:29093 from the network by kcluster-broker-1.apps',
      'JOINED/web: kcluster-broker-1:29093 from the network by kcluster-broker-1.web',
      'DOCKERHOST: host.docker.internal:9192 from the network by host.docker.internal',
      'EXTERNAL: kafka.lan:9292 from the host by 127.0.0.1',
    ]);
  });

  it('of a broker without the listener have no address', async () => {
    const [, , external] = await findRoutes(
      topologyOf({ advertise: 'kafka.lan', bind: '0.0.0.0' }),
    );
    expect(external!.advertised(topologyOf({}).brokers[0]!)).toBeUndefined();
  });
});

describe('the way to DOCKERHOST', () => {
  it.each([
    ['bridge', '172.17.0.1', 'network', 'host.docker.internal'],
    ['host', '172.17.0.1', 'host', '172.17.0.1'],
    ['host', '0.0.0.0', 'host', '127.0.0.1'],
  ] as const)('on a %s network, bound on %s', (network, bind, from, host) => {
    expect(dockerHostWay(listener('host.docker.internal', bind), { network })).toMatchObject({
      from,
      host,
    });
  });
});

describe('the way to EXTERNAL', () => {
  const own = ['127.0.0.1', '10.0.0.5'];

  it.each([
    ['10.0.0.5', '0.0.0.0', ['10.0.0.5'], 'by kafka.lan'],
    ['its own name', '0.0.0.0', ['127.0.1.1'], 'by kafka.lan'],
    ['10.0.0.5', '10.0.0.5', ['10.0.0.5'], 'by kafka.lan'],
    ['nothing', '0.0.0.0', [], 'by 127.0.0.1, since kafka.lan does not resolve here'],
    ['nothing', '10.0.0.5', [], 'by 10.0.0.5, since kafka.lan does not resolve here'],
    ['a router', '0.0.0.0', ['203.0.113.9'], 'by 127.0.0.1, since kafka.lan is 203.0.113.9 here'],
    ['another of its', '10.0.0.5', ['127.0.1.1'], 'by 10.0.0.5, since kafka.lan is 127.0.1.1 here'],
  ])('whose name means %s, bound on %s', (_meaning, bind, resolved, how) => {
    expect(externalWay(listener('kafka.lan', bind), resolved, own).how).toBe(how);
  });

  it('of an address that is a router is not taken for a name', () => {
    const way = externalWay(listener('203.0.113.9', '0.0.0.0'), ['203.0.113.9'], own);
    expect(way.how).toBe('by 127.0.0.1, since 203.0.113.9 is not bound here');
  });
});
