import type Dockerode from 'dockerode';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { OtherMachine, Place } from '../../cluster/engine.js';
import { Label } from '../../compose/labels.js';
import { formatAddress, isLoopback, type Address } from '../../topology/address.js';
import { listContainers } from './observe.js';
import { Relay, relayCommand } from './relay.js';

/** The daemon by which a node is reached. */
interface Daemon {
  docker: Dockerode;
  /** Its machine, when that is not this one. */
  elsewhere: OtherMachine | undefined;
}

/** A connection as a client of the host has it, or as one on the project's network: from inside one of its nodes. */
export function dial(
  { docker, elsewhere }: Daemon,
  project: string,
  from: Place,
  to: Address,
): Duplex {
  if (from === 'host') return elsewhere && isLoopback(to.host) ? outOfReach(to) : connect(to);
  return new Relay(to, async () => await startRelay(docker, project, to));
}

/** The loopback interface of the daemon's machine; on that of this one something else may listen. */
function outOfReach(to: Address): Duplex {
  const stream = new Duplex({ read: () => undefined });
  stream.destroy(new Error(`${formatAddress(to)} is on the loopback interface of another machine`));
  return stream;
}

async function startRelay(docker: Dockerode, project: string, to: Address): Promise<Duplex> {
  const exec = await docker.getContainer(await relayingContainer(docker, project)).exec({
    Cmd: relayCommand(to),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  });
  return await exec.start({ hijack: true, stdin: true });
}

/** Any running node does; a broker first, since there are tests that stop ZooKeepers. */
async function relayingContainer(docker: Dockerode, project: string): Promise<string> {
  const running = (await listContainers(docker, project)).filter(
    ({ State }) => State === 'running',
  );
  const broker = running.find(({ Labels }) => Labels[Label.role] === 'broker');
  const container = broker ?? running.find(({ Labels }) => Labels[Label.role] === 'zookeeper');
  if (!container) throw new Error(`no node of ${project} runs from which to connect`);
  return container.Id;
}
