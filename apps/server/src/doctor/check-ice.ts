import type { Config } from "../config.ts";
import { turnCredentials } from "../voice/turn-credentials.ts";
import { attention, broken, reasonOf, works, type Finding } from "./finding.ts";
import { openLink, type IceLink } from "./ice-link.ts";
import { readIceUrl } from "./ice-url.ts";
import { allocateRequest, bindingRequest, releaseRequest, type Proof, type StunAnswer } from "./stun-message.ts";

type IceConfig = Pick<Config, "stunUrls" | "turnUrls" | "turnSecret">;

/** Checks the STUN and TURN servers the way browsers use them, with credentials like those of a call. */
export function checkIce({ stunUrls, turnUrls, turnSecret }: IceConfig): Promise<Finding[]> {
  const stun = stunUrls.map(checkStun);
  if (turnUrls.length === 0) stun.push(Promise.resolve(noTurn));
  else if (!turnSecret) stun.push(Promise.resolve(noSecret));
  else stun.push(...turnUrls.map((url) => checkTurn(url, turnSecret)));
  return Promise.all(stun);
}

const noTurn = attention(
  "TURN",
  "TURN_URLS is not set. People whose networks let no UDP through take part in no call; docs/operations.md shows coturn.",
);
const noSecret = broken("TURN", "TURN_URLS is set but TURN_SECRET is not, so browsers get no relay. Set both.");

async function checkStun(url: string): Promise<Finding> {
  const piece = `STUN ${url}`;
  try {
    const { mapped, error } = await over(url, (link) => link.ask(bindingRequest()));
    if (error) return broken(piece, `It answers ${error.code} ${error.reason}.`);
    return works(piece, `It sees this machine as ${mapped ?? "an address that it does not name"}.`);
  } catch (error) {
    return broken(piece, unreachable(url, error));
  }
}

async function checkTurn(url: string, secret: string): Promise<Finding> {
  const piece = `TURN ${url}`;
  try {
    const { relayed, error } = await over(url, (link) => allocate(link, secret));
    if (error?.code === 401) {
      return broken(
        piece,
        "It refuses our credentials (401). Is TURN_SECRET its static-auth-secret, are both clocks right?",
      );
    }
    if (error) return broken(piece, `It answers ${error.code} ${error.reason}.`);
    return works(piece, `It relays through ${relayed ?? "an address that it does not name"}.${relayHint(relayed)}`);
  } catch (error) {
    return broken(piece, unreachable(url, error));
  }
}

export async function over<T>(url: string, talk: (link: IceLink) => Promise<T>): Promise<T> {
  const link = await openLink(readIceUrl(url));
  try {
    return await talk(link);
  } finally {
    link.close();
  }
}

/** Allocates a relay and releases it. The first request is refused with the realm and nonce that the proof needs. */
async function allocate(link: IceLink, secret: string): Promise<StunAnswer> {
  const first = await link.ask(allocateRequest());
  const { realm, nonce } = first;
  if (realm === null || nonce === null) return first;
  const proof: Proof = { ...turnCredentials(secret, 0, Date.now() + 60_000), realm, nonce };
  const answer = await link.ask(allocateRequest(proof));
  if (!answer.error) await link.ask(releaseRequest(proof)).catch(() => {});
  return answer;
}

/** A relay with a private address is reachable in its own network only. */
function relayHint(relayed: string | null): string {
  const isPrivate = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(relayed ?? "");
  return isPrivate ? " That address is private: set external-ip if people elsewhere shall use it." : "";
}

function unreachable(url: string, error: unknown): string {
  const { host, port, transport } = readIceUrl(url);
  return `${host} does not answer on ${transport.toUpperCase()} port ${port} (${reasonOf(error)}). Does it run, is the port open?`;
}
