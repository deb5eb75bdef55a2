import type { Profile } from '../spec/profile.js';
import type { SpecTree } from '../spec/path.js';
import { splitOptions } from './jvm.js';
import { environmentOf, nodeTemplate } from './template.js';
import { brokerOptions } from './broker-setup.js';
import { zooKeeperOptions } from './zookeeper-setup.js';

/** The heaps and options of the JVMs of a profile, as a specification says them. Pure but for reading the templates. */
export function jvmDefaults(profile: Profile): SpecTree {
  return {
    zookeeper: said(zooKeeperOptions(environmentOf(nodeTemplate('zookeeper', profile)))),
    kafka: said(brokerOptions(environmentOf(nodeTemplate('broker', profile)))),
  };
}

function said(options: string): SpecTree {
  const { heap, others } = splitOptions(options);
  const most = heap.find((option) => option.startsWith('-Xmx'));
  return { ...(most !== undefined && { heap: most.slice('-Xmx'.length) }), jvmOptions: others };
}
