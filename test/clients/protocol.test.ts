import fc from 'fast-check';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { anyMetadata, askController } from '../../src/clients/access.js';
import { scanBatches } from '../../src/clients/protocol/batches.js';
import { metadataRequest } from '../../src/clients/protocol/metadata.js';
import { ask, ErrorCode, wordsOf, type Request } from '../../src/clients/protocol/request.js';
import { setConfigsRequest } from '../../src/clients/protocol/set-configs.js';
import { Reader, Writer } from '../../src/clients/protocol/wire.js';
import type { Address } from '../../src/topology/address.js';

describe('values on the wire', () => {
  const anyStructure = fc.record({
    name: fc.option(fc.string({ maxLength: 300, unit: 'binary' })),
    ids: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 300 }),
    code: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
    kind: fc.integer({ min: -128, max: 127 }),
    offset: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    flag: fc.boolean(),
  });

  it.each([
    ['classic', false],
    ['flexible', true],
  ])('are read as they were written, %s', (_name, flexible) => {
    fc.assert(
      fc.property(fc.array(anyStructure, { maxLength: 5 }), (structures) => {
        const writer = new Writer(flexible).array(structures, (each, to) =>
          to
            .string(each.name)
            .array(each.ids, (id) => to.int32(id))
            .int16(each.code)
            .int8(each.kind)
            .int64(each.offset)
            .bool(each.flag)
            .end(),
        );
        const reader = new Reader(writer.bytes(), flexible);
        const read = reader.array((from) => {
          const structure = {
            name: from.string(),
            ids: from.array(() => from.int32()),
            code: from.int16(),
            kind: from.int8(),
            offset: from.int64(),
            flag: from.bool(),
          };
          from.end();
          return structure;
        });
        expect(read).toEqual(structures);
      }),
    );
  });

  // The bytes are those of the protocol guide's own definitions, so that both sides can not be wrong alike.
  it.each<[string, boolean, (to: Writer) => Writer, string]>([
    ['a classic string', false, (to) => to.string('ab'), '00026162'],
    ['a flexible string', true, (to) => to.string('ab'), '036162'],
    ['no classic string', false, (to) => to.string(null), 'ffff'],
    ['no flexible string', true, (to) => to.string(null), '00'],
    ['a classic array', false, (to) => to.array([1], (n) => to.int32(n)), '0000000100000001'],
    ['a flexible array', true, (to) => to.array([1], (n) => to.int32(n)), '0200000001'],
    ['no classic array', false, (to) => to.array(null, () => undefined), 'ffffffff'],
    ['a long flexible string', true, (to) => to.string('x'.repeat(299)), `ac02${'78'.repeat(299)}`],
    ['no tagged fields', true, (to) => to.end(), '00'],
  ])('have the bytes that Kafka gives %s', (_name, flexible, write, hex) => {
    expect(write(new Writer(flexible)).bytes().toString('hex')).toBe(hex);
  });

  it('skip tagged fields, and end where the bytes do', () => {
    const reader = new Reader(Buffer.from('0205016101ff07', 'hex'), true);
    expect(() => reader.end()).toThrow(RangeError);
    const whole = new Reader(Buffer.from('02050161010200ff07', 'hex'), true).end();
    expect(whole.int8()).toBe(7);
  });
});

describe('a request', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (onSocket: (socket: Socket) => void): Promise<Address> => {
    const server = createServer(onSocket);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  };
  const dial = (to: Address): Socket => connect(to);
  const echo: Request<string | null> = {
    apiKey: 7,
    apiVersion: 1,
    flexible: false,
    encode: (to) => to.string('question'),
    decode: (from) => from.string(),
  };
  const frame = (payload: Buffer): Buffer =>
    Buffer.concat([new Writer(false).int32(payload.length).bytes(), payload]);
  const answer = frame(new Writer(false).int32(1).string('answer').bytes());

  it('has its key, version and client in front, and an answer in pieces is put together', async () => {
    const asked: Buffer[] = [];
    const address = await listen((socket) => {
      socket.on('data', (chunk) => {
        asked.push(chunk);
        for (const byte of answer) socket.write(Buffer.from([byte]));
      });
    });
    expect(await ask(address, dial, 5000, echo)).toBe('answer');
    const header = '00070001' + '00006b63' + '0008' + Buffer.from('kcluster').toString('hex');
    expect(Buffer.concat(asked).subarray(4).toString('hex')).toMatch(new RegExp(`^${header}`));
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['is closed', (socket) => socket.destroy(), /the connection was closed|ECONNRESET/],
    ['answers nothing', () => undefined, /it took longer than 200 ms/],
    [
      'answers too little',
      (socket) => socket.write(frame(answer.subarray(4, 9))),
      /ends too early/,
    ],
  ])('fails with words where the connection %s', async (_name, onSocket, words) => {
    const address = await listen(onSocket);
    const asking = ask(address, dial, 200, echo);
    await expect(asking).rejects.toMatchObject({ kind: 'notReady' });
    await expect(asking).rejects.toThrow(words);
    await expect(asking).rejects.toThrow(`no answer from 127.0.0.1:${address.port}`);
  });

  it('fails where nobody listens', async () => {
    const nowhere = { host: '127.0.0.1', port: 1 };
    await expect(anyMetadata({ bootstrap: [nowhere, nowhere], dial })).rejects.toMatchObject({
      kind: 'notReady',
      message: 'no broker answers at 127.0.0.1:1, 127.0.0.1:1',
    });
  });

  it('goes to the broker that has become the controller meanwhile', async () => {
    const asked: number[] = [];
    const controllers = [1, 2];
    const addresses: Address[] = [];
    const metadata = (controller: number): Buffer =>
      new Writer(false)
        .int32(1)
        .int32(0)
        .array(addresses, ({ host, port }, to) =>
          to
            .int32(addresses.findIndex((each) => each.port === port) + 1)
            .string(host)
            .int32(port)
            .string(null),
        )
        .string(null)
        .int32(controller)
        .array([], () => undefined)
        .bytes();
    const verdict = (code: number): Buffer =>
      new Writer(false)
        .int32(1)
        .int32(0)
        .array([code], (each, to) => to.int16(each).string(null).int8(2).string('orders'))
        .bytes();
    for (const id of [1, 2])
      addresses.push(
        await listen((socket) => {
          socket.on('data', (chunk) => {
            const apiKey = chunk.readInt16BE(4);
            if (apiKey === metadataRequest.apiKey)
              return socket.write(
                frame(metadata(controllers.length > 1 ? controllers.shift()! : 2)),
              );
            asked.push(id);
            return socket.write(frame(verdict(id === 1 ? ErrorCode.notController : 0)));
          });
        }),
      );
    const verdicts = await askController({ bootstrap: addresses, dial }, setConfigsRequest([]));
    expect(verdicts).toEqual([{ topic: 'orders', code: 0, message: null }]);
    expect(asked).toEqual([1, 2]);
  });

  it('that is refused has words, or a number', () => {
    expect(wordsOf({ code: 40, message: 'no such key' })).toBe('no such key');
    expect(wordsOf({ code: 97, message: null })).toBe("Kafka's error code 97");
  });
});

describe('record batches', () => {
  interface Batch {
    base: number;
    count: number;
    producer?: number;
    control?: boolean;
  }
  const log = (...batches: Batch[]): Buffer =>
    Buffer.concat(
      batches.map(({ base, count, producer, control }) => {
        const bytes = Buffer.alloc(61 + 10 * count);
        bytes.writeBigInt64BE(BigInt(base), 0);
        bytes.writeInt32BE(bytes.length - 12, 8);
        bytes.writeInt16BE((producer === undefined ? 0 : 0x10) | (control ? 0x20 : 0), 21);
        bytes.writeInt32BE(Math.max(0, count - 1), 23);
        bytes.writeBigInt64BE(BigInt(producer ?? -1), 43);
        bytes.writeInt32BE(count, 57);
        return bytes;
      }),
    );
  const aborted = (...transactions: [producer: number, from: number][]) =>
    transactions.map(([producerId, firstOffset]) => ({
      producerId: BigInt(producerId),
      firstOffset: BigInt(firstOffset),
    }));

  it.each<[string, Buffer, ReturnType<typeof aborted>, boolean, bigint]>([
    ['none', log(), [], false, 0n],
    ['one outside of transactions', log({ base: 0, count: 3 }), [], true, 3n],
    [
      'those of a transaction that was committed',
      log({ base: 0, count: 3, producer: 7 }, { base: 3, count: 1, producer: 7, control: true }),
      [],
      true,
      3n,
    ],
    [
      'those of a transaction that was aborted',
      log({ base: 0, count: 3, producer: 7 }, { base: 3, count: 1, producer: 7, control: true }),
      aborted([7, 0]),
      false,
      4n,
    ],
    [
      'an aborted transaction, and a committed one of the same producer',
      log(
        { base: 0, count: 3, producer: 7 },
        { base: 3, count: 1, producer: 7, control: true },
        { base: 4, count: 1, producer: 7 },
      ),
      aborted([7, 0]),
      true,
      5n,
    ],
    [
      'an aborted transaction around one of another producer',
      log({ base: 0, count: 1, producer: 7 }, { base: 1, count: 1, producer: 8 }),
      aborted([7, 0]),
      true,
      2n,
    ],
    [
      'the rest of a transaction that began before, and was aborted',
      log({ base: 5, count: 2, producer: 7 }),
      aborted([7, 0]),
      false,
      7n,
    ],
    ['a batch that compaction has emptied', log({ base: 4, count: 0 }), [], false, 5n],
  ])('with %s', (_name, records, abortedTransactions, committed, next) => {
    expect(scanBatches({ records, aborted: abortedTransactions }, 0n)).toEqual({ committed, next });
  });

  it('the last of which is cut off', () => {
    const records = log({ base: 0, count: 1, producer: 7 }, { base: 1, count: 1 });
    const cut = { records: records.subarray(0, 100), aborted: aborted([7, 0]) };
    expect(scanBatches(cut, 0n)).toEqual({ committed: false, next: 1n });
  });
});
