/** What a check of the machine came to. */
export interface Finding {
  name: string;
  /** `fail`: an engine can't run. `warn`: something will be slow, or fail later. */
  level: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it. */
  mend?: string;
}
