import type { EngineName } from '../cluster/engine.js';
import type { Step } from '../cluster/plan.js';
import type { CellResult } from './cell-result.js';

/** What happens during a run, for a renderer to show. A closed union: every renderer handles every member. */
export type Event =
  /** The engine that was taken, and why. */
  | { type: 'engine'; engine: EngineName; description: string; reason: string }
  | { type: 'step-started'; step: Step; cause: string }
  /** `ms`: how long it took. */
  | { type: 'step-done'; step: Step; ms: number }
  | { type: 'step-failed'; step: Step; ms: number; message: string }
  /** How far a long piece of work is, in bytes or in `unit`; `total` is undefined while unknown. */
  | { type: 'progress'; task: string; current: number; total?: number; unit?: 'partitions' }
  /** The piece of work is over; its progress need not be shown any more. */
  | { type: 'progress-done'; task: string }
  /** What a wait still lacks; each replaces the one before. */
  | { type: 'waiting'; for: string }
  | { type: 'check-started'; name: string }
  /** A smoke check came out; the report has it too. */
  | { type: 'check'; name: string; ok: boolean; ms: number; detail: string }
  /** A command of the user has the terminal until it has ended. */
  | { type: 'command-started'; command: string }
  | { type: 'command-ended'; command: string; exitCode: number; ms: number }
  /** A matrix begins: how many cells it has, and how many of them run at a time. */
  | { type: 'matrix-started'; cells: number; jobs: number }
  | { type: 'cell-started'; cell: string; cluster: string }
  | { type: 'cell-ended'; cell: string; result: CellResult }
  /** What tells of a failure is in a file; `path` is absolute. */
  | { type: 'bundle'; path: string }
  /** `changed`: it tells of a change to what the cluster holds, such as a topic. */
  | { type: 'notice'; message: string; changed?: true }
  | { type: 'warning'; message: string };

export type Emit = (event: Event) => void;
