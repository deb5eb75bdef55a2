import { Duplex } from 'node:stream';
import { formatAddress, type Address } from '../../topology/address.js';
import { frames } from './frames.js';

/**
 * Carries bytes between its own stdin and stdout and HOST PORT, its arguments. It writes a zero byte once the connection
 * stands. When either direction ends both do: a shell cannot close one half of a connection.
 */
const script = `
exec 3<>"/dev/tcp/$1/$2" 4<&0 || exit 1
printf '\\0'
cat <&3 4<&- & from=$!
cat <&4 >&3 & to=$!
exec 3>&- 4<&-
wait -n
kill "$from" "$to"
wait
`;

/** The command to run inside a container with bash. The address is passed as arguments, never as program text. */
export function relayCommand({ host, port }: Address): string[] {
  return ['bash', '-c', script, 'bash', host, String(port)];
}

/**
 * The near end of a connection that a relay in a container holds. It emits `connect` when the connection stands, and
 * has those methods of a socket that clients call. Ending its writable side closes the whole connection.
 */
export class Relay extends Duplex {
  readonly #to: Address;
  readonly #opened: Promise<Duplex>;
  #upstream: Duplex | undefined;
  #connected = false;
  #complaint = '';
  #resume: (() => void) | undefined;

  /** `open`: runs `relayCommand` and gives the mixed stream of its output, into which its input is written. */
  constructor(to: Address, open: () => Promise<Duplex>) {
    super({ allowHalfOpen: false });
    this.#to = to;
    this.#opened = open();
    this.#opened.then(
      (upstream) => this.#attach(upstream),
      (error: unknown) => this.destroy(this.#failure(error)),
    );
  }

  override _read(): void {
    this.#resume?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#opened.then(
      (upstream) => upstream.write(chunk, done),
      () => done(),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#opened.then(
      (upstream) => upstream.end(() => done()),
      () => done(),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#upstream?.destroy();
    this.#resume?.();
    done(error);
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #attach(upstream: Duplex): void {
    if (this.destroyed) return void upstream.destroy();
    this.#upstream = upstream;
    // A failed write is told by the reading side as well.
    upstream.on('error', () => undefined);
    this.#pump(upstream).then(
      () => (this.#connected ? this.push(null) : this.destroy(this.#failure())),
      (error: unknown) => this.destroy(this.#failure(error)),
    );
  }

  async #pump(upstream: Duplex): Promise<void> {
    for await (const { channel, payload } of frames(upstream)) {
      if (this.destroyed) return;
      const data = this.#connected ? payload : this.#greet(payload, channel === 'stdout');
      if (channel === 'stderr' || data.length === 0) continue;
      if (!this.push(data)) await this.#wanted();
    }
  }

  /** Everything before the zero byte is a complaint, also of Docker, which writes on stdout that there is no bash. */
  #greet(payload: Buffer, stdout: boolean): Buffer {
    if (!stdout || payload[0] !== 0) {
      this.#complaint += payload.toString('utf8');
      return Buffer.alloc(0);
    }
    this.#connected = true;
    this.emit('connect');
    return payload.subarray(1);
  }

  async #wanted(): Promise<void> {
    await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#resume = undefined;
  }

  #failure(error?: unknown): Error {
    const why =
      error instanceof Error ? error.message : whyNot(this.#complaint) || 'the relay ended';
    const failure = new Error(`no connection with ${formatAddress(this.#to)}: ${why}`, {
      cause: error ?? this.#complaint,
    });
    return Object.assign(failure, { code: /refused/i.test(why) ? 'ECONNREFUSED' : 'ECONNRESET' });
  }
}

/** The point of a complaint: the end of bash's last line, or that Docker found no bash to run. */
function whyNot(complaint: string): string | undefined {
  if (/"bash".*executable file not found/.test(complaint))
    return 'the node to connect from has no bash';
  return complaint.trim().split('\n').at(-1)?.split(': ').at(-1);
}
