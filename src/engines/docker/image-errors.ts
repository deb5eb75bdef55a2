import { KclusterError } from '../../errors.js';
import { findLocalImage } from '../../images/local.js';
import { defaultKafkaVersion } from '../../jars/lock.js';
import { diskFull, isDiskFull } from './api-errors.js';

/** Images of `kcluster images build`: no registry has them. */
export function isLocalImage(image: string): boolean {
  return image.startsWith('kcluster/');
}

/** An image that a node needs is not there, and is not fetched. */
export function missingImage(image: string): KclusterError {
  return new KclusterError('startFailed', `image ${image} is not there`, {
    hints: [
      isLocalImage(image)
        ? `Make it with \`${buildCommand(image)}\`.`
        : `Fetch it with \`docker pull ${image}\`.`,
    ],
  });
}

/** What makes a local image; the default version of Kafka needs no flag. */
function buildCommand(image: string): string {
  const kafka = findLocalImage(image)?.lock.kafka ?? defaultKafkaVersion;
  const flag = kafka === defaultKafkaVersion ? '' : ` --kafka ${kafka}`;
  return `kcluster images build${flag}`;
}

/** Why an image did not come, from what Docker said. Pure. */
export function pullFailure(image: string, reason: string, cause?: unknown): KclusterError {
  if (isDiskFull(reason)) return diskFull(`fetch image ${image}`, cause);
  const { because, hint } = pullCause(image, reason);
  return new KclusterError('startFailed', `cannot fetch image ${image}: ${because}`, {
    hints: [
      ...(hint === undefined ? [] : [hint]),
      'Build the images here, from Maven Central and without a registry: `kcluster images build`, then `kcluster up --images local`.',
      'Or run without Docker: `kcluster up --engine process`.',
    ],
    // Where the message is not Docker's own, that is shown below it.
    details: because.includes(reason) ? [] : [reason],
    cause,
  });
}

/** The words are those of dockerd and of the registries' errors that it passes on; rate limits look like denials. */
function pullCause(image: string, reason: string): { because: string; hint?: string } {
  const registry = registryOf(image);
  const byHand = `Log in with \`docker login ${registry}\` and fetch it by hand: \`docker pull ${image}\`.`;
  if (/toomanyrequests|rate limit|too many requests/i.test(reason))
    return { because: `${registry} limits how much is fetched without a login`, hint: byHand };
  if (/manifest unknown|manifest for .* not found|name unknown/i.test(reason))
    return { because: `${registry} has no such image` };
  if (/no matching manifest/i.test(reason))
    return { because: 'it does not exist for the processor of this machine' };
  if (/denied|unauthorized|authentication required|no basic auth/i.test(reason))
    return { because: `${registry} has no such image, or wants a login for it`, hint: byHand };
  if (/not found/i.test(reason)) return { because: `${registry} has no such image` };
  if (isUnreachable(reason))
    return {
      because: `${registry} cannot be reached`,
      hint: 'Look at the network and at the proxy settings of the Docker daemon, or give it a mirror ("registry-mirrors" in /etc/docker/daemon.json).',
    };
  return { because: reason };
}

function isUnreachable(reason: string): boolean {
  return /no such host|dial tcp|i\/o timeout|TLS handshake|connection (refused|reset)|network is unreachable|Client\.Timeout|context deadline exceeded|proxyconnect|x509|server misbehaving|EOF$/i.test(
    reason,
  );
}

/** The registry that Docker asks for an image, by the rule of image references: a first part with `.` or `:`, or localhost. */
function registryOf(image: string): string {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}
