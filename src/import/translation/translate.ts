import type { Cluster, ComposeContext } from '../context.js';
import { usersOf } from '../users.js';
import { fitted } from './fit.js';
import { portsPart } from './host-ports.js';
import { imageRemarks, imagesPart } from './image-choice.js';
import { jvmPart } from './jvm.js';
import { kafkaSettingsPart, racksPart } from './kafka-settings.js';
import { leftBehindRemarks } from './left-behind.js';
import { neighboursPart } from './neighbours.js';
import { changed, joined, type Part, type Remark } from './part.js';
import { sizesPart } from './sizes.js';
import { topicsPart } from './topics.js';
import { tryOut } from './trial.js';
import { idRemarks, unitsOf } from './units.js';
import { zooKeeperSettingsPart } from './zookeeper-settings.js';

/** One cluster of a compose file as a specification that can be made. Pure. */
export function translate(context: ComposeContext, cluster: Cluster): Part {
  const units = unitsOf(cluster);
  const users = usersOf(context, cluster);
  const first = units[0]!.broker;
  const sizes = sizesPart(cluster, units);
  const frame = fitted(
    joined([
      imagesPart(cluster),
      sizes,
      portsPart(context, cluster, units),
      racksPart(units),
      jvmPart(units, cluster.servers),
      neighboursPart(context, cluster, users, {
        brokers: units.length,
        servers: Math.max(1, cluster.servers.length),
      }),
    ]),
    first,
  );
  const usual = tryOut(frame.tree);
  const whole = joined([
    frame,
    kafkaSettingsPart(units, usual.brokers),
    zooKeeperSettingsPart(cluster, usual.servers[0]!, frame.tree['images']),
    topicsPart(context, cluster, users),
    {
      tree: {},
      decisions: [],
      remarks: [
        ...otherClusters(context, cluster),
        ...idRemarks(units),
        ...leftBehindRemarks(context, cluster),
      ],
    },
  ]);
  const fit = fitted(whole, first);
  const { images } = tryOut(fit.tree);
  return { ...fit, remarks: [...fit.remarks, ...imageRemarks(cluster, images!)] };
}

function otherClusters({ clusters }: ComposeContext, cluster: Cluster): Remark[] {
  const others = clusters.filter((each) => each !== cluster);
  return others.flatMap(({ brokers }) =>
    brokers.slice(0, 1).map(({ service }) =>
      changed({
        level: 'warning',
        at: service.at,
        service,
        message: 'is a broker of another cluster, which is not in this kcluster.yaml',
        why: 'A kcluster.yaml describes one cluster, and this broker has a ZooKeeper of its own.',
        fix: `Import it into a file of its own: \`kcluster import --service ${service.name} --to other.yaml\`.`,
      }),
    ),
  );
}
