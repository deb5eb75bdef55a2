// What the steps of the action go by: the flags of the cluster, its name, and the keys of what can be cached for it.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../build/system/directories.js';

const { env } = process;
const root = fileURLToPath(new URL('../', import.meta.url));

const name = env.INPUT_NAME || `job-${randomBytes(4).toString('hex')}`;
const flags = flagsOf({
  name,
  engine: env.INPUT_ENGINE,
  file: env.INPUT_FILE,
  brokers: env.INPUT_BROKERS,
  zookeepers: env.INPUT_ZOOKEEPERS,
  kafka: env.INPUT_KAFKA,
  images: env.INPUT_IMAGES,
  ports: env.INPUT_PORTS,
  timeout: env.INPUT_TIMEOUT,
});
const directory = mkdtempSync(join(env.RUNNER_TEMP, 'kcluster.'));
const flagsFile = join(directory, 'flags');
writeFileSync(flagsFile, flags.map((flag) => `${flag}\0`).join(''));

output('name', name);
output('flags', flagsFile);
output('bundles', join(directory, 'bundles'));
output('artifact', env.INPUT_BUNDLE_NAME || `kcluster-${name}`);
// Before anything is made, so that a job that is cancelled knows what to take down.
if (!env.INPUT_RUN) append('GITHUB_ENV', 'KCLUSTER_NAME', name);

const planned = plan(flags);
if (planned?.engine === 'process') outputsForJars(planned.images);
if (planned?.engine === 'docker') outputsForImages(planned.images);

function flagsOf(values) {
  return Object.entries(values)
    .filter(([, value]) => value)
    .map(([flag, value]) => `--${flag}=${value}`);
}

/** What `up` would do; undefined where it would fail, which it tells better itself. */
function plan(flags) {
  const args = ['up', '--dry-run', ...flags, '--output=json'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist', 'main.js'), ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 },
  );
  if (status !== 0) return undefined;
  const events = stderr.split('\n').filter((line) => line.startsWith('{'));
  const { engine } = events.map((line) => JSON.parse(line)).find(({ type }) => type === 'engine');
  const steps = JSON.parse(stdout).stages.flat();
  const images = steps.flatMap(({ step }) => (step.kind === 'fetch-image' ? [step.image] : []));
  return { engine, images: images.toSorted() };
}

/** The content of jars is what the lock files say. */
function outputsForJars(images) {
  const locks = join(root, 'templates', 'jars');
  const files = readdirSync(locks).toSorted();
  const content = files.map((file) => readFileSync(join(locks, file), 'utf8'));
  output('jars-path', join(cacheDirectory(env), 'jars'));
  output('jars-key', `kcluster-jars-${digest([...images, ...content])}`);
}

/** Only images that are to be pulled: another one of that name may have been built here. */
function outputsForImages(images) {
  const missing = images.filter((image) => !isHere(image));
  if (missing.length === 0) return;
  output('images', missing.join('\n'));
  output('images-path', join(env.RUNNER_TEMP, 'kcluster-images'));
  output('images-key', `kcluster-images-${env.RUNNER_OS}-${env.RUNNER_ARCH}-${digest(missing)}`);
}

function isHere(image) {
  try {
    execFileSync('docker', ['image', 'inspect', image], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function digest(texts) {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
}

function output(name, value) {
  append('GITHUB_OUTPUT', name, value);
}

/** The form for values of any kind, which no value can end before its time. */
function append(file, name, value) {
  const end = randomUUID();
  appendFileSync(env[file], `${name}<<${end}\n${value}\n${end}\n`);
}
