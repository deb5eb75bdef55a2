import { clientNames, type ClientName } from '../connect/names.js';
import { settings } from '../connect/settings.js';
import { wayTo } from '../connect/ways.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { recoverTopology } from '../topology/recover.js';
import { placesOf, type PlaceAddresses } from '../topology/places.js';
import type { ClientPlace, Topology } from '../topology/topology.js';
import type { ProjectOptions } from '../operations/context.js';
import { placeOf } from '../operations/place.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';
import { assertInReach } from '../operations/reach.js';

interface ConnectOptions extends ProjectOptions {
  from: ClientPlace;
}

/** `kcluster connect`: settings of one client, or of each, to paste; words about them are told beside. */
export async function connect(
  context: CommandContext,
  operands: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  const { name, engine: wish, from } = flags as unknown as ConnectOptions;
  const { engine, observed } = await context.engines.select(name, wish);
  assertExists(observed);
  assertInReach(engine, observed);
  const topology = recoverTopology(observed);
  const places = placesOf(topology);
  const place = placeOf(from, topology);
  for (const message of notices(place, places, topology)) context.emit({ type: 'notice', message });
  const [client] = operands as ClientName[];
  return {
    exitCode: ExitCode.ok,
    data: {
      cluster: topology.project,
      engine: engine.name,
      places: places.map((each) => ({ ...each, settings: allSettings(each) })),
    },
    text: (style) =>
      client === undefined
        ? clientNames
            .map((each) => `${style.strong(`${each}:`)}\n${settings[each](place)}`)
            .join('\n\n')
        : settings[client](place),
  };
}

function notices(
  place: PlaceAddresses,
  places: readonly PlaceAddresses[],
  topology: Topology,
): string[] {
  const way = wayTo(place.from, topology);
  const others = places
    .filter((each) => each !== place)
    .map(({ from, clients }) => `--from ${from} (${clients})`);
  return [
    `settings for ${place.clients}${way === undefined ? '' : `; ${way}`}`,
    ...(others.length === 0 ? [] : [`elsewhere: ${others.join(', ')}`]),
  ];
}

function allSettings(place: PlaceAddresses): Record<ClientName, string> {
  return Object.fromEntries(clientNames.map((name) => [name, settings[name](place)])) as Record<
    ClientName,
    string
  >;
}
