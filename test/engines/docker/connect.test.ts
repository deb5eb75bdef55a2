import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectError } from '../../../src/engines/docker/connect-errors.js';
import { connectDocker } from '../../../src/engines/docker/connect.js';
import { diagnoseDocker } from '../../../src/engines/docker/diagnose.js';
import { KclusterError } from '../../../src/errors.js';
import { canRun, dockerSocket } from '../../helpers/require.js';

let home: string;
const servers: Server[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kcluster-connect-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(home, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failure(env: NodeJS.ProcessEnv): Promise<KclusterError> {
  const outcome = await connectDocker({ HOME: home, ...env }).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(KclusterError);
  const error = outcome as KclusterError;
  expect(error.kind).toBe('noEngine');
  expect(error.message).not.toContain('\n');
  expect(error.hints.join(' ')).toContain('--engine process');
  return error;
}

describe('no Docker', () => {
  it('says that there is no socket', async () => {
    const error = await failure({ DOCKER_HOST: `unix://${home}/docker.sock` });
    expect(error.message).toBe(
      `there is no Docker socket at unix://${home}/docker.sock: Docker is not installed or not started`,
    );
  });

  it('says that nobody listens', async () => {
    const host = await listening(createServer());
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const error = await failure({ DOCKER_HOST: host });
    expect(error.message).toBe(`nothing listens at ${host}: the Docker daemon is down`);
  });

  it('does not wait for a daemon that hangs', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const host = await listening(createServer((socket) => void sockets.add(socket)));
    const error = await failure({ DOCKER_HOST: host });
    expect(error.message).toBe(`Docker at ${host} did not answer within 10 s`);
    for (const socket of sockets) socket.destroy();
  });

  it('tells a TLS failure from others', async () => {
    writeFileSync(join(home, 'ca.pem'), '');
    const host = await listening(createHttpServer());
    const error = await failure({
      DOCKER_HOST: host,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: home,
    });
    expect(error.message).toContain(`no TLS connection with Docker at ${host}: `);
  });

  it('asks for TLS settings when the daemon wants TLS', async () => {
    // The very answer of Go's HTTP server, and so of dockerd.
    const host = await listening(
      createHttpServer((_, response) => {
        response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
      }),
    );
    const error = await failure({ DOCKER_HOST: host });
    expect(error.message).toBe(`Docker at ${host} wants TLS`);
  });

  it('sees that something else answers', async () => {
    const host = await listening(createHttpServer((_, response) => response.end('hello')));
    const error = await failure({ DOCKER_HOST: host });
    expect(error.message).toBe(`what answers at ${host} is not Docker`);
  });

  it('says how to get the permission', () => {
    const denied = Object.assign(new Error('connect EACCES'), { code: 'EACCES' });
    const error = connectError(denied, { kind: 'socket', path: '/x.sock' }, { limitMs: 3000 });
    expect(error.message).toBe('no permission to use the Docker socket at unix:///x.sock');
    expect(error.hints[0]).toContain('usermod -aG docker $USER');
  });

  it('is a failed finding of the doctor, with a way out', async () => {
    const findings = await diagnoseDocker({ DOCKER_HOST: `unix://${home}/docker.sock` });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ name: 'daemon', level: 'fail' });
    expect(findings[0]?.detail).toContain('there is no Docker socket');
    expect(findings[0]?.mend).toContain('Start Docker');
  });
});

describe.skipIf(!(await canRun('docker')))('Docker', () => {
  it('tells its version and where it is', async () => {
    const engine = await connectDocker({ HOME: home, DOCKER_HOST: `unix://${dockerSocket}` });
    expect(engine.name).toBe('docker');
    expect(engine.description).toMatch(/^Docker \d+\.\d+\S* at unix:\/\/\/var\/run\/docker\.sock$/);
    await engine.close();
  });

  it('is found although the modem would go by the DOCKER_HOST of the process', async () => {
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    try {
      const engine = await connectDocker({ HOME: home, DOCKER_HOST: `unix://${dockerSocket}` });
      await engine.close();
    } finally {
      delete process.env['DOCKER_HOST'];
    }
  });

  it('is a good finding of the doctor', async () => {
    const [daemon, images] = await diagnoseDocker({ DOCKER_HOST: `unix://${dockerSocket}` });
    expect(daemon).toMatchObject({ name: 'daemon', level: 'ok' });
    expect(images).toMatchObject({ name: 'images' });
  });
});
