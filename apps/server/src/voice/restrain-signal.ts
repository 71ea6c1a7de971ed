import type { Restraint, Signal } from "./events.ts";

const sends = { sendrecv: "recvonly", sendonly: "inactive" } as const;
const receives = { sendrecv: "sendonly", recvonly: "inactive" } as const;

/**
 * A signal of a participant of a mesh without the sound that they may not send or receive, and without the pictures that they
 * may not send: its descriptions say so, and browsers neither play nor send what was not agreed on.
 */
export function restrainSignal(signal: Signal, restraint: Restraint): Signal {
  const { isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed } = restraint;
  const isRestrained = isServerMuted || isServerDeafened || isSuppressed || isVideoSuppressed;
  if (signal.kind === "candidate" || !isRestrained) return signal;
  const sections = signal.sdp.split(/^(?=m=)/m).map((section) => {
    const isSound = section.startsWith("m=audio");
    const isPicture = section.startsWith("m=video");
    let restrained = section;
    const maySend = isSound ? !(isServerMuted || isSuppressed) : !isPicture || !(isSuppressed || isVideoSuppressed);
    if (!maySend) restrained = withoutDirection(restrained, sends);
    if (isServerDeafened && isSound) restrained = withoutDirection(restrained, receives);
    return restrained;
  });
  return { ...signal, sdp: sections.join("") };
}

const directions = /^a=(sendrecv|sendonly|recvonly|inactive)\b/gm;

/** A section that names no direction goes both ways (RFC 8866); of several, receivers may take any. */
function withoutDirection(section: string, instead: Readonly<Record<string, string>>): string {
  if (section.search(directions) < 0) return `${section.trimEnd()}\r\na=${instead["sendrecv"]}\r\n`;
  return section.replace(directions, (_, direction: string) => `a=${instead[direction] ?? direction}`);
}
