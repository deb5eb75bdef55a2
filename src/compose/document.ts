/**
 * The compose document that kcluster renders: the one contract between the core and an engine.
 * A closed subset of the Compose specification: a key that is not here is refused by name, because an
 * engine that ignored it would run something else than what the document says.
 */

export interface ComposeService {
  image: string;
  /** In place of the image's own. */
  entrypoint?: string[] | undefined;
  command?: string[] | undefined;
  /** `UID:GID` in place of the image's own. */
  user?: string | undefined;
  hostname?: string | undefined;
  environment: Record<string, string>;
  /** Published ports, each `HOST_IP:HOST_PORT:CONTAINER_PORT`. */
  ports?: string[] | undefined;
  /** Mounted named volumes, each `VOLUME:/PATH`. */
  volumes?: string[] | undefined;
  /** Lines of /etc/hosts, each `NAME:ADDRESS`; `host-gateway` is where Docker has the host. */
  extra_hosts?: string[] | undefined;
  network_mode?: 'host' | undefined;
  /** `default` and networks of other projects; the default network alone when undefined. */
  networks?: Record<string, { aliases?: string[] | undefined } | null> | undefined;
  depends_on?: string[] | undefined;
  /** Seconds between SIGTERM and SIGKILL, written as `60s`. */
  stop_grace_period: string;
  labels: Record<string, string>;
}

export interface ComposeDocument {
  /** Keyed by service name, in start order: ZooKeepers before brokers. */
  services: Record<string, ComposeService>;
  /** The keys of the named volumes. */
  volumes: string[];
  /** The names of networks that other projects made, and nodes join. */
  externalNetworks: string[];
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
