// What the JVMs of a cluster take, whoever started them. No others may run on the machine.
import { readdirSync, readFileSync } from 'node:fs';

const programs = ['kafka.Kafka', 'org.apache.zookeeper.server.quorum.QuorumPeerMain'];

/** The resident memory of all brokers and ZooKeepers of this machine, together, in MB. */
export function memoryOfNodes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => sum + residentOf(pid), 0);
}

function residentOf(pid) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (!programs.some((program) => words.includes(program))) return 0;
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    // It has ended.
    return 0;
  }
}
