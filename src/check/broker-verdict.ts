import { formatAddress, type Address } from '../topology/address.js';
import { answererVerdict } from './answerer-verdict.js';
import type { AddressFacts, BrokerFacts, Kafka } from './facts.js';
import { hopVerdicts } from './hop-verdicts.js';
import { isDockerBridge, isLoopback, isWildcard } from './ip.js';
import type { BrokerVerdict, Judgement, Verdict } from './verdict.js';

/** The address that was asked first, where Kafka answers. */
export type AskedKafka = AddressFacts & { service: Kafka };

/** Whether clients from here reach a broker as it is advertised. */
export function brokerVerdict({ id, facts }: BrokerFacts, asked: AskedKafka): BrokerVerdict {
  const address = formatAddress(facts.address);
  const failure =
    wildcardVerdict(facts, asked) ??
    nameFailure(facts, asked) ??
    hopFailure(facts) ??
    answererVerdict(id, facts, asked.service);
  const misled = isOnlyLoopback(facts) && !isOnlyLoopback(asked);
  const judgement = misled ? loopbackVerdict(facts, asked, failure) : (failure ?? reached(facts));
  return { name: `broker ${id}`, id, address, ...judgement };
}

/** A wildcard would lead to this machine by chance, on some systems. */
function wildcardVerdict(
  { address }: AddressFacts,
  { address: asked }: AddressFacts,
): Judgement | undefined {
  if (!isWildcard(address.host)) return undefined;
  const example = formatAddress({ ...asked, port: address.port });
  return {
    code: 'wildcard',
    level: 'fail',
    detail: `advertised as ${formatAddress(address)}, which is no address to connect to`,
    mend: `${address.host} belongs into \`listeners\`; set \`advertised.listeners\` to one that clients reach, such as ${example}.`,
  };
}

function nameFailure(
  { address, resolution }: AddressFacts,
  asked: AddressFacts,
): Judgement | undefined {
  return 'code' in resolution ? unresolved(address, resolution.code, asked.address) : undefined;
}

/** An address of the client's own machine, told by a broker that was asked at another. */
function loopbackVerdict(
  facts: AddressFacts,
  { address: asked }: AddressFacts,
  failure: Judgement | undefined,
): Judgement {
  const mend = `Set the broker's \`advertised.listeners\` to ${formatAddress(asked)}, as clients on other machines name it.`;
  if (!failure) {
    const detail = `${reached(facts).detail}, which works on this machine only`;
    return { code: 'loopback', level: 'warn', detail, mend };
  }
  const detail = `advertised as ${formatAddress(facts.address)}, which every client takes for its own machine`;
  return { code: 'loopback', level: 'fail', detail, mend };
}

/** Names of a bridge network have no dot; the others are what Kubernetes gives to containers. */
const containerName = /^[^.]+$|\.svc(\.cluster\.local)?$/;

function unresolved(address: Address, reason: string, asked: Address): Judgement {
  const what = `advertised as ${formatAddress(address)}, a name that does not resolve here (${reason})`;
  if (/^[\da-f]{12}$/.test(address.host)) {
    return {
      code: 'container-id',
      level: 'fail',
      detail: what,
      mend: `It looks like a container's own id: without \`advertised.listeners\` Kafka advertises its host name. Set it to an address that clients reach, such as ${formatAddress(asked)}.`,
    };
  }
  if (/\.docker\.internal$/.test(address.host)) {
    return {
      code: 'container-name',
      level: 'fail',
      detail: what,
      mend: `It is how containers name the machine that they run on: this listener is for containers. On Linux they know it with \`docker run --add-host ${address.host}:host-gateway\`. From here use the listener that is advertised for the host (see \`kcluster list\` for a cluster of kcluster).`,
    };
  }
  if (containerName.test(address.host)) {
    return {
      code: 'container-name',
      level: 'fail',
      detail: what,
      mend: `It looks like a name of a container network: this listener is for the containers on it. From here use the listener that is advertised for the host (see \`kcluster list\` for a cluster of kcluster), or add one to \`listeners\` and \`advertised.listeners\`.`,
    };
  }
  return {
    code: 'unresolved',
    level: 'fail',
    detail: what,
    mend: "Clients need a DNS server or a hosts file that knows it; or set the broker's `advertised.listeners` to a name that they know.",
  };
}

/** The first hop to it that fails, with what that means for an advertised address. */
function hopFailure(facts: AddressFacts): Judgement | undefined {
  const failed = hopVerdicts(facts).find(({ level }) => level === 'fail');
  if (!failed) return undefined;
  const { code, detail, mend } = failed;
  return {
    code,
    level: 'fail',
    detail: `advertised as ${formatAddress(facts.address)}: ${detail}`,
    mend: advertisedMend(failed, facts) ?? mend ?? '',
  };
}

function advertisedMend({ code }: Verdict, facts: AddressFacts): string | undefined {
  const ips = facts.connections.map(({ ip }) => ip);
  if ((code === 'timeout' || code === 'unreachable') && ips.some(isDockerBridge))
    return 'It is an address of a Docker network, which only its containers and a Linux host reach: publish the port, and advertise the address where it is published.';
  if (code === 'refused' && isOnlyLoopback(facts))
    return 'The broker has died, or its port is not published where it is advertised: publish it under the same number, as `9092:9092`, or set `advertised.listeners` to the published port.';
  if (code === 'refused' || code === 'timeout')
    return 'The broker is down, or its `advertised.listeners` names a host or port where it is not to be found, or a firewall is between.';
  return undefined;
}

function reached({ address, service }: AddressFacts): Judgement {
  const isTold = service?.kind === 'kafka' && service.identity.is === 'expected';
  const who = isTold ? 'it' : 'its cluster';
  return { code: 'ok', level: 'ok', detail: `${who} answers at ${formatAddress(address)}` };
}

function isOnlyLoopback({ resolution }: AddressFacts): boolean {
  return 'ips' in resolution && resolution.ips.length > 0 && resolution.ips.every(isLoopback);
}
