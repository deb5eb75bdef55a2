import type { Profile } from '../spec/profile.js';
import { splitOptions } from './jvm.js';
import { environmentOf, nodeTemplate } from './template.js';
import { brokerOptions } from './broker-setup.js';
import { zooKeeperOptions } from './zookeeper-setup.js';

/** The heap and the options of a JVM, as a specification says them. */
interface SaidJvm {
  heap?: string;
  jvmOptions: string[];
}

/** The JVMs of a profile. Pure but for reading the templates. */
export function jvmDefaults(profile: Profile): Record<'zookeeper' | 'kafka', SaidJvm> {
  return {
    zookeeper: said(zooKeeperOptions(environmentOf(nodeTemplate('zookeeper', profile)))),
    kafka: said(brokerOptions(environmentOf(nodeTemplate('broker', profile)))),
  };
}

function said(options: string): SaidJvm {
  const { heap, others } = splitOptions(options);
  const most = heap.find((option) => option.startsWith('-Xmx'));
  return { ...(most !== undefined && { heap: most.slice('-Xmx'.length) }), jvmOptions: others };
}
