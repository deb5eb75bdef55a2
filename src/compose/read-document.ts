import { z } from 'zod';
import type { ComposeDocument } from './document.js';

const portMapping = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}:\d+:\d+$/, 'expected HOST_IP:HOST_PORT:CONTAINER_PORT');
const volumeMount = z.string().regex(/^[a-zA-Z0-9][\w.-]*:\/[^:]*$/, 'expected VOLUME:/PATH');

export const serviceSchema = z.strictObject({
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
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.strictObject({}).nullable()).optional(),
  networks: z
    .record(z.string(), z.strictObject({ external: z.literal(true), name: z.string() }))
    .optional(),
});

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
