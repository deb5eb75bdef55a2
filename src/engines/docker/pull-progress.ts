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
  total?: number;
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

/** By dockerd's own words for the stages of a layer; others, such as its extraction, move no bytes over the network. */
function nextLayer(
  known: Layer | undefined,
  status: string | undefined,
  detail: PullMessage['progressDetail'],
): Layer | undefined {
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return known ?? { current: 0 };
    case 'Downloading': {
      const total = detail?.total ?? known?.total;
      return { current: detail?.current ?? 0, ...(total !== undefined && { total }) };
    }
    case 'Download complete': {
      const size = known?.total ?? known?.current ?? 0;
      return { current: size, total: size };
    }
    case 'Already exists':
      return { current: 0, total: 0 };
    default:
      return undefined;
  }
}
