/**
 * Pins the class path of a Kafka version: resolves it with Maven, checks it against the repository's own
 * checksums and for what both programs need, and writes templates/jars/kafka-VERSION.lock.json.
 * For maintainers: npm run lock -- 3.9.2
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const central = 'https://repo.maven.apache.org/maven2';
/**
 * Kafka compiles against log4j 1.2 and leaves it to the distribution to bring it; reload4j is log4j 1.2 without its
 * known holes. SLF4J has it since 1.7.33, so that older lines get a newer SLF4J than their own.
 */
const logging = [
  'org.slf4j:slf4j-api:1.7.36',
  'org.slf4j:slf4j-reload4j:1.7.36',
  'ch.qos.reload4j:reload4j:1.2.25',
];

/**
 * Versions of what comes by way of others. One version of ZooKeeper has the same jars in every lock: this is the one
 * that the newer lines of Kafka ask for.
 */
const managed = ['commons-io:commons-io:2.14.0'];

/** Other back ends, and what no class that a broker or a ZooKeeper server can load refers to. */
const excluded = [
  'ch.qos.logback:*',
  'log4j:log4j',
  'org.slf4j:slf4j-log4j12',
  // Annotations of the compiler's helpers.
  'com.google.errorprone:error_prone_annotations',
  'org.checkerframework:checker-qual',
  // The macros of scala-logging have done their work when Kafka was compiled; the other is for Scala 2.12.
  'org.scala-lang:scala-reflect',
  'org.scala-lang.modules:scala-collection-compat_2.13',
  // commons-validator reads rules from XML with them; a broker asks it whether an address is an IPv4 one.
  'commons-beanutils:commons-beanutils',
  'commons-collections:commons-collections',
  'commons-digester:commons-digester',
  // Of tools: the table of kafka-consumer-groups, and the shell of ZooKeeper.
  'com.fasterxml.jackson.dataformat:jackson-dataformat-csv',
  'com.fasterxml.jackson.datatype:jackson-datatype-jdk8',
  'com.fasterxml.jackson.module:*',
  'com.thoughtworks.paranamer:paranamer',
  'commons-cli:commons-cli',
];

/** Each is in one jar of the class path: it must not be missing, and of two the wrong one might be taken. */
const classes = [
  'kafka/Kafka',
  'org/apache/kafka/clients/NetworkClient',
  'org/apache/zookeeper/server/quorum/QuorumPeerMain',
  'org/apache/jute/Record',
  'io/netty/handler/ssl/SslHandler',
  'io/netty/channel/epoll/Epoll',
  'com/yammer/metrics/core/MetricsRegistry',
  'com/github/luben/zstd/Zstd',
  'net/jpountz/lz4/LZ4Factory',
  'org/xerial/snappy/Snappy',
  'scala/Predef',
  'org/slf4j/Logger',
  'org/slf4j/impl/StaticLoggerBinder',
  'org/apache/log4j/Logger',
];
/** ZooKeeper keeps metrics with it since 3.6, and expects that somebody else brings it. */
const classesSince36 = ['com/codahale/metrics/Reservoir'];

const [version] = process.argv.slice(2);
if (!version) {
  process.stderr.write('usage: npm run lock -- KAFKA_VERSION\n');
  process.exit(2);
}
const temp = await mkdtemp(join(tmpdir(), 'kcluster-lock-'));
try {
  const jars = await Promise.all((await resolve(version)).map(pin));
  await checkClasses(jars);
  const target = fileURLToPath(
    new URL(`../templates/jars/kafka-${version}.lock.json`, import.meta.url),
  );
  const lock = { kafka: version, zookeeper: zooKeeperOf(jars), jars };
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
  const element = (name, content) => `<${name}>${content}</${name}>`;
  const coordinates = (text) => {
    const [group, artifact, version] = text.split(':');
    return (
      element('groupId', group) +
      element('artifactId', artifact) +
      (version ? element('version', version) : '')
    );
  };
  const dependency = (text, inner = '') => element('dependency', coordinates(text) + inner);
  const exclusions = element(
    'exclusions',
    excluded.map((each) => element('exclusion', coordinates(each))).join(''),
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${coordinates('kcluster:class-path:1')}
  <dependencyManagement><dependencies>
    ${managed.map((each) => dependency(each)).join('\n    ')}
  </dependencies></dependencyManagement>
  <dependencies>
    ${[dependency(`org.apache.kafka:kafka_2.13:${kafka}`, exclusions), ...logging.map((each) => dependency(each))].join('\n    ')}
  </dependencies>
</project>
`;
}

async function readJar(path) {
  return await readFile(join(temp, 'repository', path));
}

/** The entry of one jar in the lock file. */
async function pin(path) {
  const content = await readJar(path);
  await compareWithPublished(path, content);
  return {
    coordinates: coordinatesOf(path),
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
  };
}

/** A jar has the names of its files in clear. */
async function checkClasses(jars) {
  const contents = await Promise.all(jars.map(({ path }) => readJar(path)));
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(zooKeeperOf(jars)).map(Number);
  const since36 = major > 3 || minor >= 6;
  for (const name of [...classes, ...(since36 ? classesSince36 : [])]) {
    const holders = jars.filter((_, index) => contents[index].includes(`${name}.class`));
    if (holders.length === 1) continue;
    const found = holders.map(({ coordinates }) => coordinates).join(' and ') || 'none';
    throw new Error(`${name} should be in one jar, and is in ${found}`);
  }
}

function zooKeeperOf(jars) {
  const names = jars.map(({ coordinates }) => coordinates.split(':'));
  return names.find(([group, name]) => group === 'org.apache.zookeeper' && name === 'zookeeper')[2];
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
