import { WebSocket } from "ws";
import { administer } from "./voice-node-process.ts";
import { linkVersion } from "../voice/regions/link-messages.ts";

/** Joins the server as a voice node that forwards nothing. Returns what ends its link. */
export async function joinAsVoiceNode(server: { url: string; dataDir: string }, region: string): Promise<() => void> {
  const token = /VOICE_NODE_TOKEN=(\S+)/.exec(administer(server, "add-voice-node", region))?.[1];
  const socket = new WebSocket(`${server.url.replace(/^http/, "ws")}/ws/voice-node`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const say = (message: object) => socket.send(JSON.stringify(message));
  socket.on("open", () => say({ kind: "hello", link: linkVersion, version: "2.0.0", url: null }));
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", (code, reason) => reject(new Error(`${code} ${reason.toString()}`)));
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { kind: string; ping?: number };
      if (message.kind === "beat") return say(message);
      if (message.kind !== "welcome") return;
      say({ kind: "ready", stunUrl: null });
      say({ kind: "figures", peers: 2, packetsIn: 0, packetsOut: 0, bytesOut: 0 });
      resolve();
    });
  });
  return () => socket.terminate();
}
