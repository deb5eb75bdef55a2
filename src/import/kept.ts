import type { Broker } from './broker.js';
import { wurstmeisterBroker } from './broker-dialects.js';
import type { Mount, Service } from './model.js';
import type { Server } from './server.js';

/** The mount that a directory is on and that outlives the container; undefined for one that does not. */
export function keptBy({ mounts }: Service, directory: string): Mount | undefined {
  return mounts.find(
    ({ kind, target }) => (kind === 'bind' || kind === 'volume') && isWithin(directory, target),
  );
}

/** Whether a new container begins with another directory, since the container's id is in its name. */
export function movesWithContainer({ dialect, properties, service }: Broker): boolean {
  const isSaid = properties.has('log.dirs') || properties.has('log.dir');
  return dialect === wurstmeisterBroker && !isSaid && service.hostname === undefined;
}

/** The mount that keeps a broker's data, if any does. */
export function keptBroker(broker: Broker): Mount | undefined {
  if (movesWithContainer(broker)) return undefined;
  return mountOf(broker);
}

/** The mount that a node's data is on; whether it finds it again is another matter. */
export function mountOf({ service, dataDirs }: Broker | Server): Mount | undefined {
  return dataDirs.map((dir) => keptBy(service, dir)).find((mount) => mount !== undefined);
}

/** A mount whose path speaks of data rather than of settings, certificates or single files. */
export function isMeantForData({ kind, target }: Mount): boolean {
  const speaksOfData = /data|log|bitnami|(^|\/)(kafka|zookeeper)[^/]*$/i;
  const speaksOfElse = /secret|cert|conf|jmx|libs|plugin|script|jaas|ssl|\.\w+$/i;
  return (
    (kind === 'bind' || kind === 'volume') &&
    speaksOfData.test(target) &&
    !speaksOfElse.test(target)
  );
}

function isWithin(directory: string, target: string): boolean {
  return directory === target || directory.startsWith(target.endsWith('/') ? target : `${target}/`);
}
