import { mkdir, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { Finding } from '../cluster/diagnosis.js';
import { ExitCode, messageOf } from '../errors.js';
import { doctorText } from '../report/doctor-text.js';
import type { Outcome } from '../report/outcome.js';
import { bytes } from '../report/words.js';
import { clusterSpecSchema } from '../spec/schema.js';
import { cacheDirectory } from '../system/directories.js';
import { isPortFree } from '../system/ports.js';
import { fixedPorts, portSlots } from '../topology/ports.js';
import type { CommandContext } from './context.js';

/** `kcluster doctor`: what this machine can run; exit 1 when no engine can. */
export async function doctor({ env, engines }: CommandContext): Promise<Outcome> {
  const [docker, processes, ...machine] = await Promise.all([
    engines.diagnose('docker'),
    engines.diagnose('process'),
    cacheHasRoom(env),
    memoryIsEnough(),
    defaultPortsAreFree(engines),
  ]);
  const sections = { docker, process: processes, machine };
  const usable = [docker, processes].some(
    (findings) => !findings.some(({ level }) => level === 'fail'),
  );
  return {
    exitCode: usable ? ExitCode.ok : ExitCode.finding,
    data: { usable, ...sections },
    text: (style) => doctorText(sections, usable, style),
  };
}

/** The jars of one version of Kafka take up to 42 MB; a fresh cluster's data a few more. */
const neededBytes = 500e6;

async function cacheHasRoom(env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = 'cache directory';
  const directory = cacheDirectory(env);
  const mend = 'Point `KCLUSTER_CACHE` to a directory that you can write to.';
  try {
    await mkdir(directory, { recursive: true });
    const { bavail, bsize } = await statfs(directory);
    const free = bavail * bsize;
    const detail = `${directory}, ${bytes(free)} free`;
    if (free >= neededBytes) return { name, level: 'ok', detail };
    return { name, level: 'warn', detail, mend: 'Make room, or set `KCLUSTER_CACHE` elsewhere.' };
  } catch (error) {
    return { name, level: 'warn', detail: messageOf(error), mend };
  }
}

/** What one ZooKeeper and one broker take, with some room. */
const neededMemory = 800e6;

async function memoryIsEnough(): Promise<Finding> {
  const detail = `${bytes(freemem())} of ${bytes(totalmem())} free`;
  const finding: Finding =
    freemem() < neededMemory
      ? {
          name: 'memory',
          level: 'warn',
          detail,
          mend: 'One ZooKeeper and one broker take about 500 MB; end something else first.',
        }
      : { name: 'memory', level: 'ok', detail };
  return await Promise.resolve(finding);
}

async function defaultPortsAreFree(engines: CommandContext['engines']): Promise<Finding> {
  const name = 'default ports';
  const slots = portSlots(clusterSpecSchema.parse({}), 'bridge');
  const ports = [...fixedPorts(slots).values()];
  const free = await Promise.all(ports.map(isPortFree));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length === 0) return { name, level: 'ok', detail: `${ports.join(' and ')} are free` };
  const holders = await Promise.all(taken.map(async (port) => await engines.portHolder(port)));
  const described = taken.map((port, index) => {
    const holder = holders[index];
    return holder === undefined ? `${port} is taken` : `${port} is held by ${holder}`;
  });
  return {
    name,
    level: 'warn',
    detail: described.join('; '),
    mend: 'Start clusters with `--ports auto`, or free the ports.',
  };
}
