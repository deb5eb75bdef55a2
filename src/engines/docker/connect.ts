import type Dockerode from 'dockerode';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Engine, OtherMachine } from '../../cluster/engine.js';
import { KclusterError, messageOf } from '../../errors.js';
import { addressesOf } from '../../system/names.js';
import { connectError, withoutDocker } from './connect-errors.js';
import { formatEndpoint, hostElsewhere, resolveEndpoint, type Endpoint } from './endpoint.js';
import { dockerEngine } from './engine.js';

/**
 * A daemon that is there answers within milliseconds, but on a machine with twenty starts of JVMs before every core it
 * was seen to take 3 s; one that does not in this time is as good as none.
 */
const answerLimitMs = 10_000;

/**
 * Finds the Docker daemon that the environment means and sees that it answers.
 * @throws KclusterError noEngine that says in one line why there is none
 */
export async function connectDocker(
  env: NodeJS.ProcessEnv,
): Promise<Engine & { docker: Dockerode }> {
  const endpoint = resolveEndpoint(env);
  const agent = agentFor(endpoint);
  const docker = await client(endpoint, agent);
  try {
    const version = await withinLimit(docker.version());
    const description = describe(version, endpoint);
    const elsewhere = await machineOf(endpoint);
    return dockerEngine({ docker, agent, description, ...(elsewhere && { elsewhere }) });
  } catch (error) {
    agent.destroy();
    throw error instanceof KclusterError
      ? error
      : connectError(error, endpoint, { limitMs: answerLimitMs });
  }
}

/** The machine of a daemon, when it is not this one. */
async function machineOf(endpoint: Endpoint): Promise<OtherMachine | undefined> {
  const name = hostElsewhere(endpoint);
  if (name === undefined) return undefined;
  // Of several, the same each time: ports are published there.
  const [address] = (await addressesOf(name)).toSorted();
  return { name, ...(address !== undefined && { address }) };
}

/**
 * One connection per request: over a socket of this machine it costs nothing, and none is left that the daemon may
 * have closed in the meantime or that keeps the CLI from exiting.
 */
function agentFor(endpoint: Endpoint): HttpAgent {
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
  return tls
    ? new HttpsAgent({ keepAlive: false, rejectUnauthorized: tls.verify })
    : new HttpAgent({ keepAlive: false });
}

/** Names every option of the modem, since it takes what is missing from DOCKER_HOST, which may not be the endpoint. */
async function client(endpoint: Endpoint, agent: HttpAgent): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
  const options = {
    socketPath: endpoint.kind === 'socket' ? endpoint.path : undefined,
    host: endpoint.kind === 'tcp' ? endpoint.host : undefined,
    port: endpoint.kind === 'tcp' ? endpoint.port : undefined,
    protocol: tls ? ('https' as const) : ('http' as const),
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    pathPrefix: '/',
    timeout: undefined,
    agent,
  };
  try {
    return new Docker(options);
  } catch (error) {
    throw new KclusterError('noEngine', `Docker's settings are wrong: ${messageOf(error)}`, {
      hints: ['Look at DOCKER_HOST and DOCKER_CERT_PATH.'],
      cause: error,
    });
  }
}

function describe(version: Dockerode.DockerVersion, endpoint: Endpoint): string {
  const where = formatEndpoint(endpoint);
  if (typeof version.Version !== 'string')
    throw new KclusterError('noEngine', `what answers at ${where} is not Docker`, {
      hints: [withoutDocker],
    });
  if (version.Os !== 'linux')
    throw new KclusterError(
      'noEngine',
      `Docker at ${where} runs ${version.Os} containers, and the images are for Linux`,
      { hints: ['Switch Docker Desktop to Linux containers.', withoutDocker] },
    );
  return `Docker ${version.Version} at ${where}`;
}

async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const timeout = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
    timer = setTimeout(() => reject(timeout), answerLimitMs);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
