import { createHash } from 'node:crypto';
import { graceSeconds, parsePort, parseVolume, type ComposeService } from './document.js';

/**
 * What Compose v2 writes into its `config-hash` label: `docker compose config --hash SERVICE`. Its `up` keeps a
 * container whose label has this value, and makes it anew otherwise.
 *
 * It is the SHA-256 of the service as Go writes it as JSON, with the keys in the order of compose-go's types, those of
 * maps sorted, and `depends_on` left out. Compose before 2.35 has other hashes for some services, docker-compose 1 for all.
 */
export function composeConfigHash(definition: ComposeService): string {
  return createHash('sha256')
    .update(goJson(canonicalService(definition)))
    .digest('hex');
}

/** The long form of the definition; the order of its keys counts. */
function canonicalService(definition: ComposeService): unknown {
  const { environment, hostname, image, labels, network_mode, networks, ports, volumes } =
    definition;
  return {
    command: definition.command ?? null,
    entrypoint: definition.entrypoint ?? null,
    environment: sorted(environment),
    extra_hosts: definition.extra_hosts?.map((entry) => entry.replace(':', '=')),
    hostname,
    image,
    labels: sorted(labels),
    network_mode,
    networks: network_mode === undefined ? sorted(networks ?? { default: null }) : undefined,
    ports: ports?.map(longPort),
    stop_grace_period: goDuration(graceSeconds(definition)),
    user: definition.user,
    volumes: volumes?.map(longVolume),
  };
}

function longPort(mapping: string): unknown {
  const { hostIp, hostPort, containerPort } = parsePort(mapping);
  return {
    mode: 'ingress',
    host_ip: hostIp,
    target: containerPort,
    published: String(hostPort),
    protocol: 'tcp',
  };
}

function longVolume(mount: string): unknown {
  const { volume, target } = parseVolume(mount);
  return { type: 'volume', source: volume, target, volume: {} };
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `90` -> `1m30s`. */
function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** JSON in which, as Go has it, no character could end a script element. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
