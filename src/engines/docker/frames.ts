/** A part of one of a container's output streams. */
export interface Frame {
  channel: 'stdout' | 'stderr';
  payload: Buffer;
}

const headerBytes = 8;

/**
 * Takes apart the stream in which Docker mixes stdout and stderr of a container without a terminal: frames of a header
 * (the stream's number, three zeros, the length in four bytes, big-endian) and a payload. A payload is passed on as its
 * bytes come, in parts where it comes in parts. Docker Engine API, "Stream format" of ContainerAttach.
 */
export async function* frames(stream: NodeJS.ReadableStream): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  let channel: Frame['channel'] = 'stdout';
  let missing = 0;
  for await (const chunk of stream) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    while (missing > 0 ? rest.length > 0 : rest.length >= headerBytes) {
      if (missing === 0) {
        channel = rest[0] === 2 ? 'stderr' : 'stdout';
        missing = rest.readUInt32BE(4);
        rest = rest.subarray(headerBytes);
        continue;
      }
      const payload = rest.subarray(0, missing);
      missing -= payload.length;
      rest = rest.subarray(payload.length);
      yield { channel, payload };
    }
  }
}
