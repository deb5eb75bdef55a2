import type { Verb } from './verb.js';
import { describing } from './verbs/describing.js';
import { lifecycle } from './verbs/lifecycle.js';
import { observing } from './verbs/observing.js';

/** The verbs under their headings, in the order of the help. */
export const verbGroups: readonly { heading: string; verbs: readonly Verb[] }[] = [
  { heading: 'Clusters:', verbs: lifecycle },
  { heading: 'Looking at them:', verbs: observing },
  { heading: 'Files and images:', verbs: describing },
];

/** Every verb, a group such as `images` before those below it. */
export const verbs: readonly Verb[] = verbGroups.flatMap((group) => group.verbs);
