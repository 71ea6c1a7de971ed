import { closeCodes } from "@miscord/protocol";
import { WebSocket } from "ws";
import type { Config } from "../config.ts";
import { attention, broken, reasonOf, works, type Finding } from "./finding.ts";
import { isMiscord } from "./check-machine.ts";

type Address = Pick<Config, "publicUrl">;

/** Checks the public address: https, which browsers require for the microphone, the API, and WebSockets. */
export async function checkPublicUrl({ publicUrl }: Address): Promise<Finding[]> {
  if (publicUrl === undefined) return [noUrl];
  const findings = [checkScheme(publicUrl)];
  if (await isMiscord(publicUrl)) findings.push(works("Public address", `Miscord answers at ${publicUrl}.`));
  else return [...findings, await explainSilence(publicUrl)];
  return [...findings, await checkSockets(publicUrl)];
}

const noUrl = attention(
  "HTTPS",
  "PUBLIC_URL is not set, so it cannot be checked. Without https, browsers give the microphone to this machine's own pages only.",
);

function checkScheme(publicUrl: string): Finding {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === "https:") return works("HTTPS", "Pages are secure, so browsers give them the microphone.");
  if (["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost")) {
    return works("HTTPS", "Not needed: browsers trust this machine's own pages with the microphone.");
  }
  return broken(
    "HTTPS",
    `${publicUrl} is not https, so browsers withhold the microphone. deploy/Caddyfile is a front with https.`,
  );
}

async function explainSilence(publicUrl: string): Promise<Finding> {
  const what = await fetch(`${publicUrl}/health/live`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ status }) => `something else answers with ${status}`,
    (error: unknown) => reasonOf(error),
  );
  return broken(
    "Public address",
    `Miscord does not answer at ${publicUrl} (${what}). Does it run, does the name lead here, does the proxy pass it on?`,
  );
}

/** Without a token the gateway closes with its own code, which proves that the proxy passes WebSockets on. */
async function checkSockets(publicUrl: string): Promise<Finding> {
  const piece = "WebSockets";
  const socket = new WebSocket(`${publicUrl.replace(/^http/, "ws")}/ws/main`, { handshakeTimeout: 5_000 });
  const outcome = await new Promise<number | string>((resolve) => {
    socket.once("close", (code) => resolve(code));
    socket.once("error", (error) => resolve(reasonOf(error)));
  });
  if (outcome === closeCodes.tokenInvalid) return works(piece, "They get through.");
  return broken(piece, `They do not get through (${outcome}). The proxy must pass upgrades on /ws/.`);
}
