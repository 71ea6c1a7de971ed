import { join } from "node:path";
import type { RegionRefusal } from "@miscord/protocol";
import type { Config } from "../config.ts";
import { databaseName } from "../data-folder.ts";
import { localUrl } from "../http/listen.ts";
import { peekVoiceNodes, type PeekedVoiceNode } from "../store/peek-voice-nodes.ts";
import { version } from "../version.ts";
import { over } from "./check-ice.ts";
import { isMiscord } from "./check-machine.ts";
import { attention, broken, reasonOf, works, type Finding } from "./finding.ts";
import { bindingRequest } from "./stun-message.ts";

type RegionConfig = Pick<Config, "forwardsVoice" | "databaseUrl" | "dataDir" | "port" | "host">;

/** A node writes every half minute that a voice node is there. */
const awayMs = 90_000;
/** How long it is told that a call had to leave a region. */
const recentMs = 24 * 3_600_000;

const refusals: Readonly<Record<RegionRefusal, string>> = {
  connected: "another voice node with its token was connected. Give each a token of its own",
  version: "its version and this one do not fit. Update the older one",
  mesh: "VOICE_MODE was mesh",
  own_name: "VOICE_REGION has its name. Rename one of the two",
  unready: "it went away before it was ready. Its log says why",
  malformed: "it sent what no voice node sends. Is it Miscord?",
};

/** Checks the voice nodes that have tokens: what the nodes of the instance last saw of them, and what can be reached from here. */
export async function checkRegions(config: RegionConfig): Promise<Finding[]> {
  const { forwardsVoice, databaseUrl, dataDir, host, port } = config;
  // Calls are a mesh: that is said already.
  if (!forwardsVoice) return [];
  try {
    const nodes = await peekVoiceNodes({ databaseUrl, file: join(dataDir, databaseName) });
    if (nodes.length === 0) return [];
    const isRunning = await isMiscord(localUrl(host, port));
    return await Promise.all(nodes.map((node) => checkRegion(node, isRunning)));
  } catch (error) {
    return [broken("Regions", `The database cannot be read (${reasonOf(error)}).`)];
  }
}

async function checkRegion(node: PeekedVoiceNode, isRunning: boolean): Promise<Finding> {
  const piece = `Region ${node.name}`;
  const link = linkOf(node, isRunning, Date.now());
  const udp = node.stun_url === null ? null : await askUdp(node.stun_url);
  const media = mediaOf(node, Date.now());
  const all = [link, udp, versionOf(node), media].filter((one) => one !== null);
  // A voice node says what it likes, and this goes to a terminal.
  const text = all.map((one) => one.text.replaceAll(/[^\x20-\x7e]/g, "?")).join(" ");
  if (all.some(({ state }) => state === "broken")) return broken(piece, text);
  return all.some(({ state }) => state === "attention") ? attention(piece, text) : works(piece, text);
}

type Part = Omit<Finding, "piece">;

function linkOf({ seen_at, refused_at, refusal }: PeekedVoiceNode, isRunning: boolean, now: number): Part {
  if (refusal !== null && (refused_at ?? 0) > (seen_at ?? 0)) {
    return { state: "broken", text: `It was turned away ${at(refused_at!)}: ${refusals[refusal as RegionRefusal]}.` };
  }
  if (seen_at === null) {
    return { state: "broken", text: "It has never been connected. Start npm run voice-node there, with its token." };
  }
  if (!isRunning)
    return { state: "attention", text: `It was last connected ${at(seen_at)}; Miscord does not run now.` };
  if (now - seen_at < awayMs) return { state: "works", text: "It is connected." };
  return {
    state: "broken",
    text: `It is away, and was last connected ${at(seen_at)}. Its log says why; it needs to reach this instance over https.`,
  };
}

/** Over the port by which browsers measure how far away it is. Nothing answers on that of the media without a call. */
async function askUdp(url: string): Promise<Part> {
  const began = performance.now();
  try {
    await over(url, (link) => link.ask(bindingRequest()));
    return { state: "works", text: `${url} answers over UDP in ${Math.round(performance.now() - began)} ms.` };
  } catch (error) {
    const text = `${url} does not answer over UDP (${reasonOf(error)}). Let its UDP ports PORT and VOICE_PORT (7880 and 7882) in there.`;
    return { state: "broken", text };
  }
}

function versionOf({ version: theirs }: PeekedVoiceNode): Part | null {
  if (theirs === null || theirs === version) return null;
  return { state: "attention", text: `It runs Miscord ${theirs}, this is ${version}.` };
}

function mediaOf({ given_up_at }: PeekedVoiceNode, now: number): Part | null {
  if (given_up_at === null || now - given_up_at > recentMs) return null;
  const text = `A call left it ${at(given_up_at)}, since its participants got no connection: is its UDP port VOICE_PORT (7882) open?`;
  return { state: "attention", text };
}

function at(ms: number): string {
  return `at ${new Date(ms).toISOString().slice(0, 19)}Z`;
}
