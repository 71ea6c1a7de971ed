/** Audio bitrate by the number of voice connections on this instance, highest load first. */
const steps = [
  { above: 500, bitrate: 32_000 },
  { above: 200, bitrate: 48_000 },
] as const;
const unloadedBitrate = 64_000;

function bitrateFor(connections: number): number {
  return steps.find(({ above }) => connections > above)?.bitrate ?? unloadedBitrate;
}

/** Counts voice connections and reports when their number changes the bitrate of the instance. */
export class LoadPolicy {
  #connections = 0;
  readonly #onChange: (bitrate: number) => void;

  constructor(onChange: (bitrate: number) => void) {
    this.#onChange = onChange;
  }

  get connections(): number {
    return this.#connections;
  }

  get bitrate(): number {
    return bitrateFor(this.#connections);
  }

  connected(): void {
    this.#move(1);
  }

  disconnected(): void {
    this.#move(-1);
  }

  #move(by: 1 | -1): void {
    const before = this.bitrate;
    this.#connections += by;
    if (this.bitrate !== before) this.#onChange(this.bitrate);
  }
}
