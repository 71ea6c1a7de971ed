import { isPrivateAddress } from "../client-address.ts";
import type { Config } from "../config.ts";
import { localUrl } from "../http/listen.ts";
import { announcedAddresses } from "../voice/forwarding/announced-addresses.ts";
import { hasEngine } from "../voice/forwarding/has-engine.ts";
import { tryUnit } from "../voice/forwarding/try-unit.ts";
import { isMiscord } from "./check-machine.ts";
import { attention, broken, works, type Finding } from "./finding.ts";

type VoiceConfig = Pick<Config, "forwardsVoice" | "voicePort" | "voiceAddresses" | "publicUrl" | "port" | "host">;

const mesh =
  "Calls are a mesh: participants connect to each other and see each other's addresses, ten of them at most.";

/** Checks that the forwarding process of calls can start, and which addresses browsers are told. */
export async function checkVoice(config: VoiceConfig): Promise<Finding[]> {
  if (!config.forwardsVoice) return [attention("Calls", `VOICE_MODE is mesh. ${mesh}`)];
  if (!hasEngine()) {
    return [attention("Calls", `There is no forwarding engine for ${process.platform} on ${process.arch}. ${mesh}`)];
  }
  return Promise.all([checkUdpPort(config), checkAddresses(config)]);
}

async function checkUdpPort({ voicePort, port, host }: VoiceConfig): Promise<Finding> {
  const piece = `Calls, UDP port ${voicePort}`;
  const problem = await tryUnit(voicePort);
  if (problem === null) return works(piece, "The forwarding process starts, and the port is free.");
  const isTaken = problem.includes("EADDRINUSE");
  if (isTaken && (await isMiscord(localUrl(host, port)))) return works(piece, "It is in use while Miscord runs.");
  return broken(piece, `${isTaken ? "Something else holds it" : problem}. Choose another with VOICE_PORT.`);
}

async function checkAddresses(config: VoiceConfig): Promise<Finding> {
  const piece = "Calls, addresses";
  const addresses = await announcedAddresses(config);
  if (addresses.length === 0) return broken(piece, "There is none to tell browsers. Set VOICE_ADDRESS.");
  const told = `Browsers are told ${addresses.join(", ")}`;
  if (addresses.some((address) => !isPrivateAddress(address))) {
    return works(piece, `${told}. The firewall must let UDP port ${config.voicePort} in.`);
  }
  return attention(piece, `${told}. All are private: people elsewhere need the public one in VOICE_ADDRESS.`);
}
