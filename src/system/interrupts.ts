/** The signals by which a run is asked to end. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const endSignals: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Where the signals go that ask this process to end. */
export class Interrupts {
  readonly #abort = new AbortController();
  readonly #hearers = new Set<(signal: EndSignal) => void>();
  #receiver: ((signal: EndSignal) => void) | undefined;

  /** @param leave what the second signal does; the first one aborts `signal` */
  constructor(leave: () => void) {
    for (const each of endSignals) {
      process.on(each, () => {
        if (this.#receiver) this.#receiver(each);
        else if (this.signal.aborted) leave();
        else {
          this.#abort.abort();
          for (const hear of this.#hearers) hear(each);
        }
      });
    }
  }

  /** Aborts when the run is to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Sends signals to someone else, such as a program that runs in the foreground; until the returned call. */
  divert(receiver: (signal: EndSignal) => void): () => void {
    this.#receiver = receiver;
    return () => {
      this.#receiver = undefined;
    };
  }

  /** Tells someone else of the signal that ends the run as well, such as programs beside it; until the returned call. */
  share(hear: (signal: EndSignal) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }
}
