import type { EngineName, EngineSite, OtherMachine } from '../cluster/engine.js';
import { problem, type Rule } from '../spec/check.js';
import { containerPorts, fixedPorts, portSlots, sharedPorts } from '../topology/ports.js';
import { mergeLayers, simpleLayer, type Layer } from '../spec/layer.js';
import { valueAt } from '../spec/path.js';
import type { Network } from '../topology/topology.js';

/** What an engine can't make of a specification. */
export function engineRules({ name, elsewhere }: EngineSite): Rule[] {
  const onHost = portsShared(networkOf(name));
  if (name === 'process') return [localImages, noJoinedNetworks, onHost];
  return elsewhere ? [advertisedElsewhere(elsewhere), onHost] : [onHost];
}

/**
 * What is so of a cluster on an engine, unless something else is said.
 * @param wished what is said
 */
export function engineLayer({ name, elsewhere }: EngineSite, wished: readonly Layer[]): Layer[] {
  if (name === 'process') return [simpleLayer('engine', { images: 'local' }, 'the process engine')];
  // Nothing is bound there unless it is asked for.
  const isAsked = valueAt(mergeLayers(wished), ['listeners', 'advertise']) !== undefined;
  if (elsewhere?.address === undefined || !isAsked) return [];
  const label = `the docker engine on ${elsewhere.name}`;
  return [simpleLayer('engine', { listeners: { bind: elsewhere.address } }, label)];
}

function advertisedElsewhere({ name }: OtherMachine): Rule {
  return ({ listeners: { advertise } }) =>
    problem(
      ['listeners', 'advertise'],
      advertise === undefined
        ? `Docker is on another machine, whose loopback interface is out of reach: ask for ports on its address with --advertise ${name}, or take local processes with --engine process`
        : undefined,
    );
}

/** Local processes share the network of the machine. */
export function networkOf(engine: EngineName): Network {
  return engine === 'process' ? 'host' : 'bridge';
}

const localImages: Rule = ({ images }) =>
  problem(
    ['images'],
    images === 'local'
      ? undefined
      : `expected "local" with the process engine, not "${images}"; leave --images out, or run it on Docker with --engine docker`,
  );

const noJoinedNetworks: Rule = ({ listeners: { networks } }) =>
  problem(
    ['listeners', 'networks'],
    networks.length === 0
      ? undefined
      : 'local processes join no network of Docker; run them with --engine docker',
  );

/** Nodes take further ports at fixed distances from the first ones: these may meet where the first ones do not. */
function portsShared(network: Network): Rule {
  return (spec) => {
    if (spec.ports === 'auto') return [];
    const [first, ...others] = sharedPorts(fixedPorts(portSlots(spec, network)));
    // Where the first ones meet, that is told already.
    if (!first || first.keys.every((key) => /\/(client|host)$/.test(key))) return [];
    const moved = spec.kafka.port === containerPorts.host ? 'zookeeper' : 'kafka';
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    const message =
      `${first.keys.join(' and ')} would share port ${first.port}${more}; ` +
      'take another first port, or free ones with --ports auto (ports: auto)';
    return problem([moved, 'port'], message);
  };
}
