import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apiVersionsRequest,
  decodeAnswer,
  identityRequest,
  isServed,
  isWholeAnswer,
  clusterRequest,
  printable,
  saslMechanismsRequest,
} from '../../src/clients/protocol/diagnosis.js';
import { frameOf, type Request } from '../../src/clients/protocol/request.js';
import { Writer } from '../../src/clients/protocol/wire.js';

const requests: Request<unknown>[] = [
  apiVersionsRequest,
  clusterRequest(new Map([[3, { min: 0, max: 12 }]])),
  saslMechanismsRequest,
  identityRequest(1),
];

/** An answer as a broker frames it, with the correlation id of the request. */
function answerTo(request: Request<unknown>, body: Uint8Array | ((to: Writer) => unknown)): Buffer {
  const correlationId = frameOf(request).subarray(8, 12);
  const writer = new Writer(false);
  if (typeof body === 'function') body(writer);
  const message = Buffer.concat([
    correlationId,
    typeof body === 'function' ? writer.bytes() : body,
  ]);
  return Buffer.concat([new Writer(false).int32(message.length).bytes(), message]);
}

describe('requests', () => {
  it('have their length, key and version before them', () => {
    for (const request of requests) {
      const bytes = frameOf(request);
      expect(bytes.readInt32BE(0)).toBe(bytes.length - 4);
      expect(bytes.readInt16BE(4)).toBe(request.apiKey);
      expect(bytes.readInt16BE(6)).toBe(request.apiVersion);
    }
  });

  it.each([
    [0, 12, 7, true],
    [0, 5, 5, true],
    [0, 3, 4, false],
    [9, 13, 7, false],
  ])(
    'for metadata, of a broker that serves %i to %i, are of version %i',
    (min, max, version, served) => {
      const apis = new Map([[3, { min, max }]]);
      const request = clusterRequest(apis);
      expect(request.apiVersion).toBe(version);
      expect(isServed(request, apis)).toBe(served);
    },
  );
});

describe('answers', () => {
  it('to Metadata list brokers by id, with what is no text made harmless', () => {
    const request = clusterRequest(new Map([[3, { min: 0, max: 7 }]]));
    const brokers = [
      { id: 2, host: 'b' },
      { id: 1, host: 'a\u001b[2J' },
    ];
    const bytes = answerTo(request, (to) =>
      to
        .int32(0)
        .array(brokers, ({ id, host }) => to.int32(id).string(host).int32(9092).string(null))
        .string('cluster')
        .int32(-1)
        .array([], () => undefined),
    );
    expect(decodeAnswer(request, bytes)).toEqual({
      clusterId: 'cluster',
      brokers: [
        { id: 1, address: { host: 'a?[2J', port: 9092 } },
        { id: 2, address: { host: 'b', port: 9092 } },
      ],
    });
  });

  it.each([
    [33, ['PLAIN', 'SCRAM-SHA-256']],
    [34, undefined],
  ])('to SaslHandshake with error %i are %j', (error, mechanisms) => {
    const bytes = answerTo(saslMechanismsRequest, (to) =>
      to.int16(error).array(['PLAIN', 'SCRAM-SHA-256'], (each) => to.string(each)),
    );
    expect(decodeAnswer(saslMechanismsRequest, bytes)).toEqual(mechanisms);
  });

  it.each([
    [0, '', { is: 'expected' }],
    [
      42,
      'Unexpected broker id, expected 2 or empty string, but received 1',
      { is: 'other', id: 2 },
    ],
    [42, 'no', { is: 'other' }],
    [31, 'Cluster authorization failed', { is: 'untold' }],
  ])('to DescribeConfigs with error %i "%s" are %j', (error, message, identity) => {
    const request = identityRequest(1);
    const bytes = answerTo(request, (to) =>
      to.int32(0).array([message], (text) => to.int16(error).string(text)),
    );
    expect(decodeAnswer(request, bytes)).toEqual(identity);
  });

  it('are none when bytes are of something else, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...requests),
        (raw, request) => {
          expect(decodeAnswer(request, Buffer.from(raw))).toBeUndefined();
        },
      ),
    );
  });

  it('are none when they are cut off, and nothing breaks when their body is anything', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(...requests),
        (raw, request) => {
          const bytes = answerTo(request, raw);
          expect(isWholeAnswer(bytes)).toBe(true);
          decodeAnswer(request, bytes);
          const cut = bytes.subarray(0, -1);
          expect(isWholeAnswer(cut)).toBe(false);
          expect(decodeAnswer(request, cut)).toBeUndefined();
        },
      ),
    );
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', true],
    ['\x15\x03\x03\x00\x02\x02\x50', true],
    ['\x00\x00', false],
  ])('of another protocol are not waited for: %j', (text, whole) => {
    expect(isWholeAnswer(Buffer.from(text, 'latin1'))).toBe(whole);
  });
});

describe('what a stranger sends', () => {
  it('keeps its letters and loses what moves the cursor', () => {
    expect(printable('bröker-1\r\n\u001b[31m\u202e')).toBe('bröker-1???[31m?');
  });
});
