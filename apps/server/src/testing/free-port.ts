import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give to connections, of which suites that run at the same time open many. */
const ports = { from: 15_000, to: 32_000 };

/** A TCP port that is free at the moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.from + Math.floor(Math.random() * (ports.to - ports.from));
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await Promise.race([
      once(probe, "listening").then(() => true),
      once(probe, "error").then(() => false),
    ]).catch(() => false);
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}
