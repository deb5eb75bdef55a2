/**
 * Pins the class path of a Kafka version: resolves it with Maven, checks it against the repository's own
 * checksums, and writes templates/jars/kafka-VERSION.lock.json. For maintainers: npm run lock -- 3.9.2
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const central = 'https://repo.maven.apache.org/maven2';
/** Kafka compiles against the logger's back end and leaves it to the distribution to bring it. */
const logging = ['org.slf4j:slf4j-reload4j:1.7.36', 'ch.qos.reload4j:reload4j:1.2.25'];

const [version] = process.argv.slice(2);
if (!version) {
  process.stderr.write('usage: npm run lock -- KAFKA_VERSION\n');
  process.exit(2);
}
const temp = await mkdtemp(join(tmpdir(), 'kcluster-lock-'));
try {
  const jars = await Promise.all((await resolve(version)).map(pin));
  const target = fileURLToPath(
    new URL(`../templates/jars/kafka-${version}.lock.json`, import.meta.url),
  );
  const zookeeper = jars.find((jar) =>
    jar.coordinates.startsWith('org.apache.zookeeper:zookeeper:'),
  );
  const lock = { kafka: version, zookeeper: zookeeper.coordinates.split(':')[2], jars };
  await writeFile(target, `${JSON.stringify(lock, null, 2)}\n`);
  const bytes = jars.reduce((sum, jar) => sum + jar.size, 0);
  process.stdout.write(
    `${target}: Kafka ${lock.kafka}, ZooKeeper ${lock.zookeeper}, ${jars.length} jars, ${bytes} bytes\n`,
  );
} finally {
  await rm(temp, { recursive: true, force: true });
}

/** The runtime class path as paths in a Maven repository, sorted. */
async function resolve(kafka) {
  const repository = join(temp, 'repository');
  const output = join(temp, 'classpath');
  await writeFile(join(temp, 'pom.xml'), pom(kafka));
  execFileSync(
    'mvn',
    [
      ...['--batch-mode', '--quiet', '--strict-checksums', '--file', join(temp, 'pom.xml')],
      `-Dmaven.repo.local=${repository}`,
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath',
      ...['-DincludeScope=runtime', '-Dmdep.pathSeparator=:', `-Dmdep.outputFile=${output}`],
    ],
    { stdio: ['ignore', process.stderr, process.stderr] },
  );
  const files = (await readFile(output, 'utf8')).trim().split(':');
  return files.map((file) => file.slice(repository.length + 1)).toSorted();
}

function pom(kafka) {
  const dependency = (coordinates, inner = '') => {
    const [group, artifact, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${inner}</dependency>`;
  };
  // ZooKeeper would bring a second back end for the logger.
  const exclusions =
    '<exclusions><exclusion><groupId>ch.qos.logback</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kcluster</groupId><artifactId>class-path</artifactId><version>1</version>
  <dependencies>
    ${[dependency(`org.apache.kafka:kafka_2.13:${kafka}`, exclusions), ...logging.map((c) => dependency(c))].join('\n    ')}
  </dependencies>
</project>
`;
}

/** The entry of one jar in the lock file. */
async function pin(path) {
  const content = await readFile(join(temp, 'repository', path));
  await compareWithPublished(path, content);
  return {
    coordinates: coordinatesOf(path),
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
  };
}

/** Every jar has a SHA-1 on Maven Central; newer ones a SHA-512 too. */
async function compareWithPublished(path, content) {
  for (const algorithm of ['sha1', 'sha512']) {
    const response = await fetch(`${central}/${path}.${algorithm}`);
    if (response.status === 404 && algorithm !== 'sha1') continue;
    if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
    const published = (await response.text()).trim().split(/\s+/)[0].toLowerCase();
    const actual = createHash(algorithm).update(content).digest('hex');
    if (published !== actual)
      throw new Error(`${path}: ${algorithm} is ${actual}, published ${published}`);
  }
}

/** `org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar` -> `org.slf4j:slf4j-api:1.7.36` */
function coordinatesOf(path) {
  const parts = path.split('/');
  const [artifact, version, file] = parts.slice(-3);
  const classifier = file.slice(`${artifact}-${version}`.length, -'.jar'.length);
  return [parts.slice(0, -3).join('.'), artifact, version + classifier.replace('-', ':')].join(':');
}
