// The Kafka module of testcontainers: one container with a broker and its ZooKeeper, and a client on the host.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { versions } from '../jars.mjs';
import { run } from '../place.mjs';

const script = new URL('../testcontainers.mjs', import.meta.url).pathname;
const modules = join(tmpdir(), 'kcluster-bench-testcontainers');
const image = `kcluster-bench/testcontainers:${versions.kafka}`;

export const testcontainers = {
  name: 'testcontainers, its Kafka module',
  /** It knows no ensembles, and no brokers that know each other. */
  can: ({ zookeepers, brokers }) => zookeepers === 1 && brokers === 1,
  async prepare() {
    if (!existsSync(join(modules, 'node_modules')))
      await run('npm', ['install', '--no-audit', '--prefix', modules, '@testcontainers/kafka@11']);
    await buildImage();
  },
  begin() {
    let child;
    return {
      async up() {
        const begin = performance.now();
        const env = { ...process.env, TESTCONTAINERS_RYUK_DISABLED: 'true' };
        child = spawn(process.execPath, [script, modules, image], {
          stdio: ['pipe', 'pipe', 'inherit'],
          env,
        });
        const [line] = await Promise.race([
          once(createInterface({ input: child.stdout }), 'line'),
          once(child, 'exit').then(() => ['it ended']),
        ]);
        if (line !== 'up') throw new Error(`testcontainers: ${line}`);
        return performance.now() - begin;
      },
      async down() {
        const begin = performance.now();
        child.stdin.end();
        if (child.exitCode === null) await once(child, 'exit');
        return performance.now() - begin;
      },
    };
  },
};

/** What the module wants of an image, over the local one: the same jars, JVM and class-data archive. */
async function buildImage() {
  const context = join(modules, 'image');
  mkdirSync(context, { recursive: true });
  const java = 'java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1';
  const server = `org.apache.zookeeper.server.quorum.QuorumPeerMain "$1"`;
  writeFileSync(
    join(context, 'zookeeper-server-start'),
    `#!/bin/sh\nexec ${java} -cp "$(cat /opt/kcluster/classpath)" -Dzookeeper.admin.enableServer=false ${server}\n`,
    { mode: 0o755 },
  );
  writeFileSync(join(context, 'run'), '#!/bin/sh\nexec sh /opt/kcluster/entrypoint.sh\n', {
    mode: 0o755,
  });
  writeFileSync(
    join(context, 'Dockerfile'),
    [
      `FROM kcluster/kafka:${versions.kafka}`,
      'USER 0:0',
      'COPY zookeeper-server-start /usr/local/bin/',
      'COPY run /etc/confluent/docker/',
      'RUN mkdir -p /var/lib/zookeeper/data /var/lib/zookeeper/log',
      'ENV KAFKA_HEAP_OPTS="-Xms64m -Xmx384m" KAFKA_JVM_PERFORMANCE_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"',
    ].join('\n'),
  );
  await run('docker', ['build', '-q', '-t', image, context]);
}
