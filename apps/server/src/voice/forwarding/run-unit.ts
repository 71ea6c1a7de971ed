// The forwarding process: all media of the rooms of one node. A server starts it, and it ends with the server.
import type { FromUnit, ToUnit, UnitOptions } from "./messages.ts";
import { findUdpPort } from "./unit/find-udp-port.ts";
import { guarded } from "./unit/guard.ts";

const reportMs = 2_000;

process.title = "miscord standby";

const send = (message: FromUnit) => void process.send?.(message);
process.on("disconnect", () => process.exit(0));
// A terminal sends these to all processes; calls go on until the server has stopped.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});

const started = new Promise<UnitOptions>((resolve) => {
  process.on("message", function onStart(message: ToUnit) {
    if (message.kind !== "start") return;
    process.off("message", onStart);
    resolve(message.options);
  });
});

async function run(): Promise<void> {
  // Loaded here, so that a platform without the engine is reported, and before it is needed.
  const { ForwardingUnit } = await import("./unit/forwarding-unit.ts");
  const options = await started;
  process.title = "miscord forwarding";
  const port = await findUdpPort(options.port);
  const unit = await ForwardingUnit.open({ ...options, port }, send);
  // What one participant cannot be given does not end the calls of the others.
  process.on(
    "message",
    guarded((message: ToUnit) => unit.receive(message)),
  );
  setInterval(() => unit.report(), reportMs).unref();
  send({ kind: "ready", port });
}

try {
  await run();
} catch (error) {
  send({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
}
