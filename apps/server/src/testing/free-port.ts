import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give to connections, of which suites that run at the same time open many. */
const ports = { from: 15_000, to: 31_896 };
/** Processes that run at the same time take ports from different parts of the range. */
const parts = 64;
const portsOfPart = Math.floor((ports.to - ports.from) / parts);

let taken = 0;

/**
 * A TCP port that is free at the moment. The same port is given again only after all others of the process's part: a
 * server that a test stops or kills finds its port free when it starts again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.from + (process.pid % parts) * portsOfPart + (taken % portsOfPart);
    taken += 1;
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
