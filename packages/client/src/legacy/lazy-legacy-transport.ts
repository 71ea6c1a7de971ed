import type { MainCommand } from "@miscord/protocol";
import type { Transport } from "../connection/transport.ts";
import type { Timer } from "../platform.ts";
import type { LegacyTransport } from "./legacy-transport.ts";

type Options = ConstructorParameters<typeof LegacyTransport>[0];

const retryMs = 2_000;

/** The transport of legacy mode, whose code is loaded when it is first started: most clients never need it. */
export class LazyLegacyTransport implements Transport {
  readonly #options: Options;
  #transport: LegacyTransport | null = null;
  #isWanted = false;
  #isLoading = false;
  #retry: Timer | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  get isOnline(): boolean {
    return this.#transport?.isOnline ?? false;
  }

  get backlog(): number {
    return this.#transport?.backlog ?? 0;
  }

  start(): void {
    this.#isWanted = true;
    if (this.#transport) this.#transport.start();
    else void this.#load();
  }

  stop(): void {
    this.#isWanted = false;
    this.#retry?.cancel();
    if (this.#transport) this.#transport.stop();
    else this.#options.listener.onStatus({ status: "stopped", retryAt: null });
  }

  reconnect(force: boolean): void {
    if (this.#transport) this.#transport.reconnect(force);
    else if (this.#isWanted) void this.#load();
  }

  measure(): void {
    this.#transport?.measure();
  }

  send(command: MainCommand): boolean {
    return this.#transport?.send(command) ?? false;
  }

  authenticate(): void {
    this.#transport?.authenticate();
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    const { listener, platform } = this.#options;
    this.#isLoading = true;
    this.#retry?.cancel();
    listener.onStatus({ status: "connecting", retryAt: null });
    const code = await import("./legacy-transport.ts").catch(() => null);
    this.#isLoading = false;
    if (code) this.#transport = new code.LegacyTransport(this.#options);
    if (!this.#isWanted) return;
    if (this.#transport) return this.#transport.start();
    this.#retry = platform.clock.setTimeout(() => void this.#load(), retryMs);
    listener.onStatus({ status: "waiting", retryAt: platform.clock.now() + retryMs });
  }
}
