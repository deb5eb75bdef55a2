import { howToAdd } from '../connect/ways.js';
import { KclusterError } from '../errors.js';
import { placesOf, type PlaceAddresses } from '../topology/places.js';
import type { ClientPlace, Topology } from '../topology/topology.js';

/** Where clients of a place connect. @throws KclusterError `usage` when the cluster has no listener for the place */
export function placeOf(from: ClientPlace, topology: Topology): PlaceAddresses {
  const places = placesOf(topology);
  const place = places.find((each) => each.from === from);
  if (place) return place;
  const { project } = topology;
  throw new KclusterError('usage', `cluster "${project}" has no listener for --from ${from}`, {
    hints: [`It has ${places.map((each) => each.from).join(', ')}.`, howToAdd[from]],
  });
}
