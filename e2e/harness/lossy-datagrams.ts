import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { BrowserContext } from "playwright-core";

/** Bytes that pass at once after a silence, as a share of those of a second. */
const burst = 0.1;

/** Passes the datagrams of a browser to the forwarding unit and back, and loses a share of them both ways. */
export class LossyDatagrams {
  /** From 0 to 1. */
  loss = 0;
  /** What the browser can receive; the rest is lost. */
  bytesPerSecond = Infinity;
  #passedBytes = 0;
  #spare = { bytes: 0, at: 0 };
  readonly #sockets = new Map<number, Promise<Socket>>();

  /** The browser of this context reaches the forwarding unit through this alone, whatever address it is told. */
  async stand(context: BrowserContext): Promise<void> {
    await context.exposeFunction("throughLossyDatagrams", (port: number) => this.#portFor(port));
    await context.addInitScript(rewriteCandidates);
  }

  /** Bytes a second that the browser is sent meanwhile. */
  async measure(ms: number): Promise<number> {
    const before = this.#passedBytes;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ((this.#passedBytes - before) / ms) * 1_000;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) (await socket).close();
  }

  async #portFor(unitPort: number): Promise<number> {
    const opening = this.#sockets.get(unitPort) ?? this.#open(unitPort);
    this.#sockets.set(unitPort, opening);
    return (await opening).address().port;
  }

  async #open(unitPort: number): Promise<Socket> {
    const socket = createSocket("udp4");
    let browserPort = 0;
    socket.on("message", (datagram, { port }) => {
      if (port !== unitPort) browserPort = port;
      if (Math.random() < this.loss || (port === unitPort && !this.#fits(datagram.length))) return;
      if (port === unitPort) this.#passedBytes += datagram.length;
      socket.send(datagram, port === unitPort ? browserPort : unitPort, "127.0.0.1");
    });
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return socket;
  }

  #fits(bytes: number): boolean {
    if (this.bytesPerSecond === Infinity) return true;
    const now = performance.now();
    const gained = ((now - this.#spare.at) / 1_000) * this.bytesPerSecond;
    this.#spare = { bytes: Math.min(burst * this.bytesPerSecond, this.#spare.bytes + gained), at: now };
    if (this.#spare.bytes < bytes) return false;
    this.#spare.bytes -= bytes;
    return true;
  }
}

/** Runs in the page. */
function rewriteCandidates(): void {
  const page = globalThis as unknown as { throughLossyDatagrams(port: number): Promise<number> };
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const candidate = /(a=candidate:\S+ \d+ udp \d+ 127\.0\.0\.1 )(\d+)/gi;
      const [told] = (description.sdp ?? "").matchAll(candidate);
      const port = told ? await page.throughLossyDatagrams(Number(told[2])) : 0;
      const sdp = description.sdp?.replaceAll(candidate, `$1${port}`) ?? "";
      await super.setRemoteDescription({ ...description, sdp });
    }
  };
}
