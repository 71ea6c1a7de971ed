import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import * as nodes from "../domain/instance/voice-nodes.ts";
import { OperatorError } from "../errors.ts";
import { deleteVoiceNode, voiceNodes } from "../store/queries/voice-nodes.ts";
import { withStore } from "./open-store.ts";

/** Prints the token by which a voice node joins, once. */
export function addVoiceNode(config: Config, name: string): Promise<string> {
  return withStore(config, async (store) => {
    const token = await nodes.addVoiceNode({ store, clock: systemClock, ownRegion: config.voiceRegion }, name);
    const address = config.publicUrl ?? `http://localhost:${config.port}`;
    return [
      `The voice node ${name} joins with this token, which is shown only once:`,
      "",
      `  INSTANCE_URL=${address}`,
      `  VOICE_NODE_TOKEN=${token}`,
      "",
      "Put both lines into .env beside Miscord on the other machine, and start it with npm run voice-node.",
    ].join("\n");
  });
}

export function listVoiceNodes(config: Config): Promise<string> {
  return withStore(config, async ({ db }) => {
    const all = await voiceNodes(db);
    const lines = all.map(({ name, created_at }) => `${name.padEnd(34)}since ${new Date(created_at).toISOString()}`);
    return lines.length > 0 ? lines.join("\n") : "There are no voice nodes.";
  });
}

/** Also while it is connected: its link ends within some seconds, and its calls go on elsewhere. */
export function removeVoiceNode(config: Config, name: string): Promise<string> {
  return withStore(config, async ({ db }) => {
    if (!(await deleteVoiceNode(db, name))) throw new OperatorError(`There is no voice node ${name}.`);
    return `The token of ${name} is no longer valid. Its calls go on elsewhere.`;
  });
}
