import { execa } from 'execa';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

describe('a command line that makes no sense', () => {
  it.each([
    [['--nonsense'], /unknown option '--nonsense'/],
    [['nonsense'], /unknown command 'nonsense'/],
    [['u'], /unknown command 'u'.*\n.*Did you mean up\?/s],
    [['up', '--broker', '3'], /unknown option '--broker'\n\(Did you mean --brokers\?\)/],
    [['up', 'surplus'], /too many arguments/],
    [['up', '--engine', 'podman'], /podman.*Allowed choices are auto, docker, process/s],
    [['up', '--timeout', 'soon'], /It is a number above 0/],
    [['logs', '--tail', '-1'], /It is a whole number/],
    [['up', '--output', 'xml'], /Allowed choices are pretty, plain, github, json, quiet/],
    [['check'], /missing required argument 'host:port'/],
    [['check', 'a:1', 'b:2'], /too many arguments/],
    [['images', '--family', 'redpanda'], /Allowed choices are published, confluent, apache/],
    [['images', '--kafka', '1.0'], /no images are known for Kafka 1\.0[\s\S]*3\.9, 3\.8/],
    [['completion'], /missing required argument 'shell'/],
    [['completion', 'tcsh'], /tcsh.*Allowed choices are bash, zsh, fish/],
  ])('%j is answered with what is meant, and 2', async (args, message) => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr, stdout } = await cli.run(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is one JSON document under --output json', async () => {
    await using cli = await makeCli(undefined);
    const { exitCode, data } = await cli.json(['up', '--nonsense']);
    expect(exitCode).toBe(2);
    expect(data).toMatchObject({ error: { kind: 'usage', exitCode: 2 } });
  });

  it.each([
    [['up', '-ojson', '--nonsense'], {}],
    [[], { KCLUSTER_OUTPUT: 'json' }],
    [['images', 'bild'], { KCLUSTER_OUTPUT: 'json' }],
    [['completion', 'tcsh'], { KCLUSTER_OUTPUT: 'json' }],
  ])('%j is one JSON document too, with %j', async (args, env) => {
    await using cli = await makeCli(undefined);
    const { exitCode, stdout } = await cli.run(args, env);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'usage' } });
    expect(exitCode).toBe(2);
  });

  it('keeps its exit code where nobody reads', async () => {
    await using cli = await makeCli('process');
    const main = new URL('../../dist/main.js', import.meta.url).pathname;
    const script = `"${process.execPath}" "${main}" status -n nowhere -o json 2>&1 | true; echo \${PIPESTATUS[0]}`;
    const { stdout } = await execa('bash', ['-c', script], { env: cli.env });
    expect(stdout).toBe('5');
  });

  it('takes an empty variable for none', async () => {
    await using cli = await makeCli(undefined);
    const env = { KCLUSTER_ENGINE: '', KCLUSTER_OUTPUT: '' };
    expect((await cli.run(['render'], env)).exitCode).toBe(0);
  });

  it('shows the help, and 2, where a verb is missing', async () => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr } = await cli.run([]);
    expect(stderr).toContain('Usage: kcluster');
    expect(exitCode).toBe(2);
  });
});

describe('a cluster that can not be made', () => {
  it('is refused with every problem at once, and 3', async () => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr } = await cli.run([
      'up',
      ...['--name', 'Not Docker', '--brokers', '99', '--zookeepers', '2x', '--kafka-port', '70000'],
    ]);
    for (const flag of ['--name', '--brokers', '--zookeepers', '--kafka-port'])
      expect(stderr).toContain(`${flag}:`);
    expect(exitCode).toBe(3);
    expect(await readdir(join(cli.directory, 'state'))).toEqual([]);
  });

  it.each([
    [['--zookeepers', '4'], /--even-ensemble/],
    [
      ['--engine', 'process', '--images', 'published'],
      /--images: expected "local" with the process engine, not "published"/,
    ],
    [
      ['--engine', 'process', '--kafka-port', '2888'],
      /--kafka-port: zookeeper-1\/quorum and broker-1\/host would share port 2888/,
    ],
  ])('%j is refused with 3', async (flags, message) => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr } = await cli.run(['render', ...flags]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(3);
  });
});

describe('a version of Kafka that is not pinned', () => {
  it('is refused before anything is built, with 3 and the ones that are', async () => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr } = await cli.run(['images', 'build', '--kafka', '2.8,3.5.1']);
    expect(stderr).toContain('error: Kafka 3.5.1 is not a version that kcluster pins');
    expect(stderr).toContain('hint: The nearest is 3.5.2.');
    expect(exitCode).toBe(3);
  });
});

describe('a cluster that is not there', () => {
  it.each(['status', 'smoke', 'logs', 'stop', 'start', 'restart'])(
    '%s says so, and 5',
    async (verb) => {
      await using cli = await makeCli('process');
      const { exitCode, stderr } = await cli.run([verb, '--name', 'nowhere']);
      expect(stderr).toContain('there is no cluster "nowhere"');
      expect(stderr).toContain('hint: Start it with `kcluster up --name nowhere`.');
      expect(exitCode).toBe(5);
    },
  );

  it('is fine to take down', async () => {
    await using cli = await makeCli('process');
    const { exitCode, stdout } = await cli.run(['down', '--name', 'nowhere']);
    expect(stdout).toBe('there is no cluster "nowhere" to take down');
    expect(exitCode).toBe(0);
  });
});

await describeEngines('a port that is taken', (engine) => {
  it('is a conflict that names the port and its holder, and nothing is made', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('port');
    const { server, port } = await listen();
    try {
      const flags = ['--kafka-port', String(port), '--zookeeper-port', String(port - 100)];
      const { exitCode, stderr } = await cli.run([
        'up',
        '--name',
        name,
        ...flags,
        ...upFlags[engine],
      ]);
      expect(stderr).toContain(`error: port ${port} is taken`);
      expect(stderr).toContain(`${port}, for broker-1: held by `);
      expect(stderr).toContain('--ports auto');
      expect(exitCode).toBe(5);
    } finally {
      server.close();
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!(await canRun('process')))(
  'a machine on which local processes can not start',
  () => {
    const flags = ['up', '--name', 'cannot', '--ports', 'auto'];

    it('has no Java', async () => {
      await using cli = await makeCli('process', { PATH: '/nonexistent', JAVA_HOME: '' });
      const { exitCode, stderr } = await cli.run(flags);
      expect(stderr).toMatch(/error: .*there is no java/);
      expect(stderr).toMatch(/hint: .*apt install openjdk/);
      expect(exitCode).toBe(4);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });

    it('has a Java that is too old', async () => {
      await using cli = await makeCli('process');
      const home = await fakeJava(cli, '1.8.0_412', 'exit 1');
      const { exitCode, stderr } = await cli.run(flags, { JAVA_HOME: home });
      expect(stderr).toContain('Java 1.8.0_412');
      expect(exitCode).toBe(4);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });

    it('has a Java that crashes at start', async () => {
      await using cli = await makeCli('process');
      const home = await fakeJava(cli, '17.0.1', 'echo "no memory for the heap" >&2\nexit 1');
      const { exitCode, stderr } = await cli.run(flags, { JAVA_HOME: home });
      expect(stderr).toContain('error: zookeeper-1 ended with 1');
      expect(stderr).toContain('no memory for the heap');
      expect(exitCode).toBe(6);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });

    it('has a cache that can not be written', async () => {
      await using cli = await makeCli('process');
      const cache = join(cli.directory, 'not-a-directory');
      await writeFile(cache, '');
      const env = { KCLUSTER_CACHE: cache, HOME: cli.directory };
      const { exitCode, stderr } = await cli.run(flags, env);
      expect(stderr).toContain(cache);
      expect(stderr).toContain('KCLUSTER_CACHE');
      expect(exitCode).toBe(6);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });

    it('is offline with an empty cache', async () => {
      await using cli = await makeCli('process');
      const { exitCode, stderr } = await cli.run(flags, {
        KCLUSTER_CACHE: join(cli.directory, 'empty'),
        HOME: cli.directory,
        KCLUSTER_MAVEN_REPOSITORY: 'http://127.0.0.1:9/maven2',
      });
      expect(stderr).toContain('http://127.0.0.1:9/maven2');
      expect(stderr).toContain('hint: ');
      expect(exitCode).toBe(6);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });

    it.skipIf(process.getuid?.() !== 0)('has a disk without room', async () => {
      await using cli = await makeCli('process');
      const small = join(cli.directory, 'small');
      await mkdir(small);
      const mounted = await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], {
        reject: false,
      });
      if (mounted.exitCode !== 0)
        return process.stderr.write('SKIPPED: no mount is allowed here\n');
      try {
        const { exitCode, stderr } = await cli.run(flags, { KCLUSTER_CACHE: small });
        expect(stderr).toContain(small);
        expect(stderr).toMatch(/no room|no space|full/i);
        expect(stderr).toContain('KCLUSTER_CACHE');
        expect(exitCode).toBe(6);
        expect(await leftovers(cli, 'cannot')).toEqual([]);
      } finally {
        await execa('umount', [small]);
      }
    });

    it('has a state directory that can not be written', async () => {
      await using cli = await makeCli('process');
      const state = join(cli.directory, 'not-a-directory');
      await writeFile(state, '');
      const { exitCode, stderr } = await cli.run(flags, { KCLUSTER_STATE: state });
      expect(stderr).toContain(state);
      expect(stderr).toContain('KCLUSTER_STATE');
      expect(exitCode).toBe(6);
    });

    it('is not ready in time, and what was made is taken back', async () => {
      await using cli = await makeCli('process');
      const { exitCode, stderr } = await cli.run([...flags, '--timeout', '0.2']);
      expect(stderr).toContain('error: cluster "cannot" was not ready in time');
      expect(exitCode).toBe(7);
      expect(await leftovers(cli, 'cannot')).toEqual([]);
    });
  },
);

describe('a Docker daemon that does not answer', () => {
  it('is an error where Docker is asked for, and 4', async () => {
    await using cli = await makeCli('docker', { DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    const { exitCode, stderr } = await cli.run(['up']);
    expect(stderr).toContain('/nonexistent/docker.sock');
    expect(stderr).toContain('--engine process');
    expect(exitCode).toBe(4);
  });

  it.skipIf(process.getuid?.() !== 0)('may be one whose socket is not for this user', async () => {
    await using cli = await makeCli(undefined);
    const path = join(cli.directory, 'docker.sock');
    const server = createServer().listen(path);
    try {
      await chmod(path, 0o600);
      await chmod(cli.directory, 0o755);
      const main = new URL('../../dist/main.js', import.meta.url).pathname;
      const result = await execa(process.execPath, [main, 'list', '--output', 'json'], {
        uid: 65534,
        gid: 65534,
        reject: false,
        env: {
          DOCKER_HOST: `unix://${path}`,
          HOME: '/nonexistent',
          KCLUSTER_STATE: '/tmp/kct-none',
        },
      });
      expect(result.stderr).toContain('no permission to use the Docker socket');
    } finally {
      server.close();
    }
  });

  it('is why local processes are taken where neither is asked for', async () => {
    await using cli = await makeCli(undefined, { DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    const { data, exitCode } = await cli.json<{ stages: unknown[] }>([
      'up',
      '--dry-run',
      '--ports',
      'auto',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.stringify(data)).toContain('kcluster/kafka');
    const { stderr } = await cli.run(['up', '--dry-run', '--ports', 'auto']);
    expect(stderr).toMatch(/^process engine: .*\(.*\/nonexistent\/docker\.sock.*\)/m);
  });
});

describe.skipIf(!(await canRun('docker')))('an image that is not there', () => {
  it('is an error that names it and the ways out, and nothing is left', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('pull');
    // An endpoint of this machine that refuses stands for a registry that can't be reached.
    const { exitCode, stderr } = await cli.run([
      'images',
      'build',
      '--base',
      '127.0.0.1:9/no/java:1',
    ]);
    expect(stderr).toContain('127.0.0.1:9/no/java:1');
    expect(stderr).toContain('--base');
    expect(exitCode).toBe(6);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

/** A JAVA_HOME that says it is of a version, and whose `java` is a script. */
async function fakeJava(cli: Cli, version: string, script: string): Promise<string> {
  const home = join(cli.directory, 'java');
  const program = join(home, 'bin', 'java');
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'release'), `JAVA_VERSION="${version}"\n`);
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return home;
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  for (let port = 19_500; ; port += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
      return { server, port };
    } catch {
      server.removeAllListeners('error');
    }
  }
}
