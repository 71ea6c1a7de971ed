import type { Signal } from "./events.ts";

/** The related address of a relay candidate is the sender's own address as the TURN server saw it. */
const relatedAddress = /\braddr \S+ rport \d+/;

/**
 * The signal without addresses of its sender: only candidates of a TURN server are left in. Null for a candidate of any
 * other kind. Browsers that use relays only send none; clients of version 1 do not know that setting.
 */
export function hideAddresses(signal: Signal): Signal | null {
  if (signal.kind !== "candidate") return { ...signal, sdp: hideInDescription(signal.sdp) };
  if (!signal.candidate) return signal;
  const candidate = hideInCandidate(signal.candidate);
  return candidate === null ? null : { ...signal, candidate };
}

function hideInDescription(sdp: string): string {
  return sdp
    .split(/\r\n|\r|\n/)
    .flatMap((line) => {
      if (/^a=(?:candidate|remote-candidates):/i.test(line)) return hideInCandidate(line) ?? [];
      // These lines repeat the address of the default candidate; WebRTC reads the candidates only.
      if (line.startsWith("c=")) return "c=IN IP4 0.0.0.0";
      return /^a=rtcp:/i.test(line) ? "a=rtcp:9 IN IP4 0.0.0.0" : line;
    })
    .join("\r\n");
}

function hideInCandidate(candidate: string): string | null {
  if (!/^[^\r\n]* typ relay(?: [^\r\n]*)?$/i.test(candidate)) return null;
  return candidate.replace(relatedAddress, "raddr 0.0.0.0 rport 0");
}
