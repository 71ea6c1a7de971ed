import { readNodeSettings, type NodeSettings } from "./voice-node/node-settings.ts";

/** Runs a voice node as a process, until a signal or the instance ends it. */
async function run(settings: NodeSettings): Promise<void> {
  process.title = "miscord voice node";
  // Loaded here, so that a platform without the engine is told in one sentence.
  const { startVoiceNode } = await import("./voice-node/start-voice-node.ts");
  const node = await startVoiceNode(settings, (line) => void process.stdout.write(`${line}\n`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void node.stop().then(() => process.exit(0)));
  }
  fail(await node.failure);
  process.exit();
}

function fail(reason: string): void {
  process.stderr.write(`This voice node cannot work. ${reason}\n`);
  process.exitCode = 1;
}

const outcome = readNodeSettings();
if ("help" in outcome) {
  process.stdout.write(outcome.help);
} else if ("faults" in outcome) {
  fail(`These settings are wrong:\n${outcome.faults.map((fault) => `  ${fault}`).join("\n")}`);
} else {
  await run(outcome.settings).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
}
