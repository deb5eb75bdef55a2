import { formatAddress } from '../topology/address.js';
import type { AddressFacts, Connection } from './facts.js';
import { isLoopback } from './ip.js';
import { protocolVerdict } from './protocol-verdict.js';
import type { Verdict } from './verdict.js';

/** The hops to one address in their order: its name, its port, who speaks there. The last is the first that failed. */
export function hopVerdicts(facts: AddressFacts): Verdict[] {
  const hops: Verdict[] = [];
  for (const judge of [nameVerdict, connectionVerdict, protocolVerdict]) {
    const verdict = judge(facts);
    hops.push(verdict);
    if (verdict.level === 'fail') break;
  }
  return hops;
}

function nameVerdict({ address: { host }, resolution }: AddressFacts): Verdict {
  const name = 'name';
  if ('ips' in resolution) {
    const [only] = resolution.ips;
    const detail =
      only === host ? `${host} is an IP address` : `${host} is ${resolution.ips.join(', ')}`;
    return { name, code: 'ok', level: 'ok', detail };
  }
  return {
    name,
    code: 'unresolved',
    level: 'fail',
    detail: `${host} does not resolve here (${resolution.code})`,
    mend: host.includes('.')
      ? 'Look at its spelling, the hosts file and the DNS server that this machine asks.'
      : 'Look at its spelling. A name without a dot is often of a container or a service, and resolves on its own network only.',
  };
}

function connectionVerdict(facts: AddressFacts): Verdict {
  const name = 'connection';
  const { address, connections } = facts;
  const failed = connections.filter(({ code }) => code !== undefined);
  const accepting = connections.find(({ code }) => code === undefined);
  if (!accepting) return { name, level: 'fail', ...failureOf(facts) };
  const accepts = `${formatAddress({ ...address, host: accepting.ip })} accepts`;
  if (failed.length === 0) return { name, code: 'ok', level: 'ok', detail: accepts };
  const detail = `${accepts}, ${failed.map(connectionWords).join(', ')}`;
  if (connections[0] === accepting) return { name, code: 'ok', level: 'ok', detail };
  return {
    name,
    code: 'first-address-fails',
    level: 'warn',
    detail,
    mend: `Some clients try the first address of a name only: give them ${formatAddress({ ...address, host: accepting.ip })}.`,
  };
}

const codeWords: Record<string, string> = {
  ECONNREFUSED: 'refuses',
  ETIMEDOUT: 'does not answer in time',
  EHOSTUNREACH: 'can not be reached',
  ENETUNREACH: 'can not be reached',
};

function connectionWords({ ip, code = '' }: Connection): string {
  return `${ip} ${codeWords[code] ?? 'fails'} (${code})`;
}

/** Of several addresses, one that refuses tells most: there is a machine, and its port is closed. */
function failureOf({
  address,
  connections,
  holder,
}: AddressFacts): Pick<Verdict, 'code' | 'detail' | 'mend'> {
  const words = connections.map(connectionWords).join(', ');
  const heldElsewhere = holder === undefined ? '' : `; the port is held by ${holder}`;
  const detail = `port ${address.port}: ${words}${heldElsewhere}`;
  if (connections.some(({ code }) => code === 'ECONNREFUSED')) {
    const mend = connections.every(({ ip }) => isLoopback(ip)) ? closedHere : closedThere;
    return { code: 'refused', detail, mend };
  }
  if (connections.some(({ code }) => code === 'ETIMEDOUT'))
    return { code: 'timeout', detail, mend: noAnswer };
  return { code: 'unreachable', detail, mend: noRoute };
}

const closedHere =
  'Nothing listens there. See where clusters are with `kcluster list`, and which ports containers publish with `docker ps`: a port that is not published can not be reached from outside.';
const closedThere =
  "Nothing listens there, or a firewall rejects. See that the port is right and that the broker's `listeners` has an address of that machine, not its loopback only.";
const noAnswer =
  'A firewall drops it, or there is no such machine. See that the host is right, and which rules, VPN or security group lie between.';
const noRoute =
  'There is no way from this machine to that address: look at its network and its VPN.';
