import type Dockerode from 'dockerode';
import type { Emit } from '../../report/events.js';

/** What a step of the docker engine works with. */
export interface StepScope {
  docker: Dockerode;
  project: string;
  signal: AbortSignal;
  emit: Emit;
}
