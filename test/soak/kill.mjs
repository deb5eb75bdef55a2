import { isNote } from './place.mjs';

// One run of kcluster, one process of which gets a signal at a moment; both by chance, from a seed.
const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'];
const kinds = ['kcluster', 'reaper', 'node', 'command'];
/** More often the process that has most to lose. */
const chances = { kcluster: 4, node: 3, reaper: 2, command: 2 };
/** How long the work of a lease may take: stops of nodes that hang included. */
const leaseMs = 60_000;
/** What a run may end with when the process got the signal: another one has failed that should not have. */
const allowed = {
  // SIGINT and SIGTERM before Node.js listens to them end it as they end any program.
  kcluster: ({ code, signal }, sent) =>
    [0, 130, 143].includes(code) || signal === sent || (sent === 'SIGKILL' && code === 137),
  reaper: ({ code }) => code === 0,
  // A node that dies before the cluster works fails the start.
  node: ({ code }) => code === 0 || code === 6,
  command: ({ code }) => [0, 130, 137, 143].includes(code),
  none: ({ code }) => code === 0,
};

/**
 * @param span milliseconds, within which the moment is
 * @returns what was hit, when, how the run ended, and what is wrong about it: `findings`; `notes` is how many files of dead
 * processes were left to the next command
 */
export async function killOnce(place, { name, random, span }) {
  const { child, ended } = place.start(name, ['sleep', '2']);
  const begin = performance.now();
  // One in four in the first half second, where little is there to find.
  const at = random() < 0.25 ? random() * 500 : random() * span;
  const preferred = byChance(random);
  const sent = signals[Math.floor(random() * signals.length)];
  const pick = random();
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, at))]);
  const tree = child.exitCode === null && child.signalCode === null ? await place.tree(name) : [];
  const kind = preferred.find((each) => tree.some((process) => process.kind === each)) ?? 'none';
  const candidates = tree.filter((process) => process.kind === kind);
  const target = candidates[Math.floor(pick * candidates.length)];
  const hit = target !== undefined && send(target.pid, sent);
  const moment = Math.round(performance.now() - begin);
  const end = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 180_000))]);
  const findings = [];
  if (!end) findings.push('has not ended after 180 s');
  else if (!allowed[hit ? kind : 'none'](end, sent))
    findings.push(`ended with ${end.code ?? end.signal}: ${place.tail(name).join(' | ')}`);
  let left = await place.settle(name, leaseMs);
  const notes = left.length > 0 && left.every(isNote) ? left.length : 0;
  if (notes > 0) {
    await place.kcluster('prune');
    left = await place.left(name);
  }
  findings.push(...left.map((each) => `left ${each}`));
  return {
    kind: hit ? kind : 'none',
    sent,
    moment,
    end,
    notes,
    settled: Math.round(performance.now() - begin),
    findings,
  };
}

function byChance(random) {
  const lots = kinds.flatMap((kind) => Array(chances[kind]).fill(kind));
  const drawn = lots.map((kind) => [random(), kind]).sort(([a], [b]) => a - b);
  return [...new Set(drawn.map(([, kind]) => kind))];
}

function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
