import type { Mount, Service } from './model.js';

/**
 * One service over another, as Compose merges them for `extends` and for override files: maps key by key, lists of
 * ports and mounts one behind the other, everything else replaced.
 * @see Compose specification, "Merge and override"
 */
export function mergeServices(base: Service, over: Service): Service {
  return {
    ...base,
    ...over,
    environment: new Map([...base.environment, ...over.environment]),
    ports: [...base.ports, ...over.ports],
    mounts: byTarget([...base.mounts, ...over.mounts]),
    dependsOn: new Map([...base.dependsOn, ...over.dependsOn]),
    links: [...base.links, ...over.links],
    networks: over.keys.has('networks')
      ? new Map([...base.networks, ...over.networks])
      : base.networks,
    profiles: [...base.profiles, ...over.profiles],
    extraHosts: [...base.extraHosts, ...over.extraHosts],
    keys: new Map([...base.keys, ...over.keys]),
    faults: [...base.faults, ...over.faults],
  };
}

/** A later mount takes the place of an earlier one at the same target. */
function byTarget(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [mount.target, mount])).values()];
}
