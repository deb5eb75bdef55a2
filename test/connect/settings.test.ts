import { describe, expect, it } from 'vitest';
import { clientNames } from '../../src/connect/names.js';
import { settings } from '../../src/connect/settings.js';
import { howToAdd, wayTo } from '../../src/connect/ways.js';
import { placesOf } from '../../src/topology/places.js';
import { clientPlaces } from '../../src/topology/topology.js';
import { everywhere, topologyOf } from '../helpers/clusters.js';

const topology = topologyOf({ ...everywhere, brokers: 2 });
const places = placesOf(topology);

describe('settings', () => {
  it.each(clientNames)('for %s are the golden ones', async (client) => {
    const text = places
      .map((place) => `--from ${place.from}\n\n${settings[client](place)}\n`)
      .join('\n');
    await expect(text).toMatchFileSnapshot(`../goldens/connect/${client}.txt`);
  });
});

describe('the way to a place', () => {
  it('is told where a client needs something', () => {
    expect(clientPlaces.map((place) => wayTo(place, topology))).toEqual([
      undefined,
      'a container gets there with `docker run --network kcluster_default`',
      'a container gets there with `docker run --network apps`',
      'on Linux a container knows the host with `docker run --add-host host.docker.internal:172.17.0.1`',
      undefined,
    ]);
  });

  it('to one that a cluster lacks is told for every place', () => {
    expect(Object.keys(howToAdd)).toEqual(clientPlaces);
  });
});
