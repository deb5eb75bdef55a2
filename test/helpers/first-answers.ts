import { connect } from 'node:net';
import { Duplex, type DuplexOptions } from 'node:stream';
import type { Address } from '../../src/topology/address.js';

/** What becomes of an answer: its bytes as they go on, or undefined where the connection ends instead. */
export type Change = (answer: Buffer) => Buffer | undefined;

/** The broker has done what it was asked, but its answer is lost. */
export const lose: Change = () => undefined;

/** Passes bytes between clients and brokers, and changes the first answers to requests of one kind. */
export class FirstAnswers {
  left: number;
  readonly #apiKey: number;
  readonly #change: Change;

  /** @param apiKey as in the protocol guide's list of API keys */
  constructor(apiKey: number, times: number, change: Change) {
    this.left = times;
    this.#apiKey = apiKey;
    this.#change = change;
  }

  dial(to: Address): Duplex {
    const socket = connect(to);
    const changing = new Set<number>();
    let received = Buffer.alloc(0);
    const options: DuplexOptions = {
      read: () => undefined,
      write: (request: Buffer, _encoding, done) => {
        if (request.readInt16BE(4) === this.#apiKey) changing.add(request.readInt32BE(8));
        socket.write(request, done);
      },
      final: (done) => socket.end(done),
      destroy: (error, done) => {
        socket.destroy();
        done(error);
      },
    };
    const stream = Object.assign(new Duplex(options), { unref: () => socket.unref() });
    socket.on('connect', () => stream.emit('connect'));
    socket.on('error', (error) => stream.destroy(error));
    socket.on('close', () => stream.push(null));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const size = 4 + received.readInt32BE(0);
        const answer = this.#answer(received.subarray(0, size), changing);
        if (!answer) return socket.destroy();
        stream.push(answer);
        received = received.subarray(size);
      }
    });
    return stream;
  }

  #answer(answer: Buffer, changing: ReadonlySet<number>): Buffer | undefined {
    // Behind its size, an answer has the number of its request.
    if (this.left === 0 || !changing.has(answer.readInt32BE(4))) return answer;
    this.left--;
    return this.#change(Buffer.from(answer));
  }
}
