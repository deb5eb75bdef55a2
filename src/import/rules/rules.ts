import type { Rules } from '../finding.js';
import { addressRules } from './address-rules.js';
import { brokerRules } from './broker-rules.js';
import { commandRules } from './command-rules.js';
import { connectRules } from './connect-rules.js';
import { dataRules } from './data-rules.js';
import { ensembleRules } from './ensemble-rules.js';
import { fileRules } from './file-rules.js';
import { imageRules } from './image-rules.js';
import { listenerRules } from './listener-rules.js';
import { portRules } from './port-rules.js';
import { startRules } from './start-rules.js';
import { topicRules } from './topic-rules.js';
import { variableRules } from './variable-rules.js';

/** Every rule, by the name that findings have. */
export const composeRules: Rules = {
  ...fileRules,
  ...imageRules,
  ...variableRules,
  ...listenerRules,
  ...addressRules,
  ...brokerRules,
  ...connectRules,
  ...ensembleRules,
  ...dataRules,
  ...portRules,
  ...startRules,
  ...commandRules,
  ...topicRules,
};
