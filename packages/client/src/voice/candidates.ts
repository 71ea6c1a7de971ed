const candidates = /^a=candidate:.*\r?\n/gm;
const turned = / turned 1\s*$/;

/** Whether an offer of the forwarding unit has addresses for those who come through a TURN server over TCP or TLS. */
export function hasTurnedCandidates(sdp: string): boolean {
  return (sdp.match(candidates) ?? []).some((line) => turned.test(line));
}

/**
 * The offer with the addresses of one kind only: a browser that tries both through such a server is refused at the first kind,
 * and the unit answers where the browser does not listen any more.
 */
export function withCandidates(sdp: string, isTurned: boolean): string {
  const isWanted = isTurned && hasTurnedCandidates(sdp);
  return sdp.replace(candidates, (line) => (turned.test(line) === isWanted ? line : ""));
}
