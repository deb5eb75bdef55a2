import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** An error in the words of a registry (OCI distribution specification, "Error Codes"). */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/**
 * A registry with one image of two layers under the tag `good`. Docker speaks plain HTTP with a registry on loopback.
 * Every other tag is refused as `refusals` says, or else as unknown; blobs of the repository `slow` come
 * byte by byte.
 */
export class TestRegistry {
  readonly refusals = new Map<string, Refusal>();
  /** How many slow blobs are on their way right now. */
  slow = 0;
  readonly #blobs = new Map<string, Buffer>();
  readonly #server: Server;
  #manifest: Buffer = Buffer.alloc(0);
  /** Bytes of the layers as they are sent. */
  layerBytes = 0;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request.url ?? '', response));
  }

  async start(): Promise<void> {
    this.#manifest = await this.#makeImage();
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  image(repository: string, tag: string): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/${repository}:${tag}`;
  }

  #answer(url: string, response: ServerResponse): void {
    const [, repository, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    if (url === '/v2/') return void response.end('{}');
    if (kind === 'blobs') return this.#sendBlob(repository!, reference!, response);
    const known = reference === 'good' || reference === digestOf(this.#manifest);
    if (!known) return this.#refuse(reference ?? '', response);
    response.writeHead(200, {
      'Content-Type': mediaTypes.manifest,
      'Content-Length': this.#manifest.length,
      'Docker-Content-Digest': digestOf(this.#manifest),
    });
    response.end(this.#manifest);
  }

  #sendBlob(repository: string, digest: string, response: ServerResponse): void {
    const blob = this.#blobs.get(digest)!;
    response.writeHead(200, { 'Content-Length': blob.length });
    if (repository !== 'slow') return void response.end(blob);
    let sent = 0;
    // Docker drops a connection with which it is done only when something comes on it.
    const timer = setInterval(() => response.write(blob.subarray(sent, ++sent)), 20);
    this.slow += 1;
    response.on('close', () => {
      clearInterval(timer);
      this.slow -= 1;
    });
  }

  #refuse(tag: string, response: ServerResponse): void {
    const unknown = { status: 404, code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' };
    const { status, code, message } = this.refusals.get(tag) ?? unknown;
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message, detail: {} }] }));
  }

  async #makeImage(): Promise<Buffer> {
    const tars = [await tarOf('first', 2_000_000), await tarOf('second', 1_000_000)];
    const layers = tars.map((tar) => this.#addBlob(mediaTypes.layer, gzipSync(tar)));
    this.layerBytes = layers.reduce((sum, { size }) => sum + size, 0);
    const config = this.#addBlob(
      mediaTypes.config,
      Buffer.from(
        JSON.stringify({
          architecture: process.arch === 'x64' ? 'amd64' : process.arch,
          os: 'linux',
          config: {},
          rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
        }),
      ),
    );
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    return Buffer.from(JSON.stringify(manifest));
  }

  #addBlob(mediaType: string, blob: Buffer): { mediaType: string; size: number; digest: string } {
    const digest = digestOf(blob);
    this.#blobs.set(digest, blob);
    return { mediaType, size: blob.length, digest };
  }
}

const mediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

function digestOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

async function tarOf(name: string, bytes: number): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, randomBytes(bytes));
  archive.finalize();
  return await buffer(archive);
}
