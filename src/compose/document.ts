import { z } from 'zod';

/**
 * The compose document that kcluster renders: the one contract between the core and an engine.
 * A closed subset of the Compose specification: a key that is not here is refused by name, because an
 * engine that ignored it would run something else than what the document says.
 */

const portMapping = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}:\d+:\d+$/, 'expected HOST_IP:HOST_PORT:CONTAINER_PORT');
const volumeMount = z.string().regex(/^[a-zA-Z0-9][\w.-]*:\/[^:]*$/, 'expected VOLUME:/PATH');

const service = z.strictObject({
  image: z.string().min(1),
  /** In place of the image's own. */
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  /** `UID:GID` in place of the image's own. */
  user: z
    .string()
    .regex(/^\d+:\d+$/, 'expected UID:GID')
    .optional(),
  hostname: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  /** Published ports, each `HOST_IP:HOST_PORT:CONTAINER_PORT`. */
  ports: z.array(portMapping).optional(),
  /** Mounted named volumes, each `VOLUME:/PATH`. */
  volumes: z.array(volumeMount).optional(),
  /** Lines of /etc/hosts, each `NAME:ADDRESS`; `host-gateway` is where Docker has the host. */
  extra_hosts: z
    .array(
      z.string().regex(/^[\w.-]+:(\d{1,3}(\.\d{1,3}){3}|host-gateway)$/, 'expected NAME:ADDRESS'),
    )
    .optional(),
  network_mode: z.literal('host').optional(),
  /** `default` and networks of other projects; the default network alone when undefined. */
  networks: z
    .record(z.string(), z.strictObject({ aliases: z.array(z.string()).optional() }).nullable())
    .optional(),
  depends_on: z.array(z.string()).optional(),
  /** Seconds between SIGTERM and SIGKILL, written as `60s`. */
  stop_grace_period: z.string().regex(/^\d+s$/, 'expected seconds, such as 60s'),
  labels: z.record(z.string(), z.string()),
});

const document = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.strictObject({}).nullable()).optional(),
  networks: z
    .record(z.string(), z.strictObject({ external: z.literal(true), name: z.string() }))
    .optional(),
});

export type ComposeService = z.infer<typeof service>;

export interface ComposeDocument {
  /** Keyed by service name, in start order: ZooKeepers before brokers. */
  services: Record<string, ComposeService>;
  /** The keys of the named volumes. */
  volumes: string[];
  /** The names of networks that other projects made, and nodes join. */
  externalNetworks: string[];
}

/**
 * Reads a parsed YAML tree as a document.
 * @throws Error that lists every key which is not part of the subset, by path.
 */
export function toComposeDocument(tree: unknown): ComposeDocument {
  const result = document.safeParse(tree);
  if (!result.success) {
    const problems = result.error.issues.map((i) => `${i.path.join('.') || '(top)'}: ${i.message}`);
    throw new Error(`not a document that kcluster runs:\n${problems.join('\n')}`);
  }
  const { services, volumes = {}, networks = {} } = result.data;
  return {
    services,
    volumes: Object.keys(volumes),
    externalNetworks: Object.values(networks).map(({ name }) => name),
  };
}

/** The grace period of a service in seconds. */
export function graceSeconds(service: Pick<ComposeService, 'stop_grace_period'>): number {
  return Number.parseInt(service.stop_grace_period, 10);
}

/** A volume mount in its parts. */
export function parseVolume(mount: string): { volume: string; target: string } {
  const colon = mount.indexOf(':');
  return { volume: mount.slice(0, colon), target: mount.slice(colon + 1) };
}

/** A published port in its parts. */
export function parsePort(mapping: string): {
  hostIp: string;
  hostPort: number;
  containerPort: number;
} {
  const [hostIp = '', hostPort = '', containerPort = ''] = mapping.split(':');
  return { hostIp, hostPort: Number(hostPort), containerPort: Number(containerPort) };
}
