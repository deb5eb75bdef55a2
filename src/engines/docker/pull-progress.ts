/** One line of what Docker tells during a pull. */
export interface PullMessage {
  status?: string;
  /** The layer. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
}

interface Layer {
  current: number;
  /** Undefined until its download begins. */
  total?: number | undefined;
}

/** Adds up the layers' downloaded bytes. A layer that is there already counts as nothing. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();

  /** The sum after this message; undefined when the message changes nothing. */
  add({
    status,
    id,
    progressDetail,
  }: PullMessage): { current: number; total?: number } | undefined {
    if (id === undefined) return undefined;
    const layer = nextLayer(this.#layers.get(id), status, progressDetail);
    if (!layer) return undefined;
    this.#layers.set(id, layer);
    return this.#sum();
  }

  /** The total is known when every layer's is; Docker downloads three at a time. */
  #sum(): { current: number; total?: number } {
    const layers = [...this.#layers.values()];
    const current = layers.reduce((sum, layer) => sum + layer.current, 0);
    const total = layers.reduce((sum, layer) => sum + (layer.total ?? NaN), 0);
    return { current, ...(!Number.isNaN(total) && { total }) };
  }
}

type Next = (known: Layer, detail: Partial<Layer>) => Layer;

/** By dockerd's own words for the stages of a layer; others, such as its extraction, move no bytes over the network. */
const nextByStatus: Readonly<Record<string, Next>> = {
  'Pulling fs layer': (known) => known,
  Waiting: (known) => known,
  Downloading: (known, { current = 0, total = known.total }) => ({ current, total }),
  // A small layer is there before any of its bytes is told.
  'Download complete': ({ current, total = current }) => ({ current: total, total }),
  'Already exists': () => ({ current: 0, total: 0 }),
};

function nextLayer(
  known: Layer = { current: 0 },
  status = '',
  detail: PullMessage['progressDetail'] = {},
): Layer | undefined {
  return nextByStatus[status]?.(known, detail);
}
