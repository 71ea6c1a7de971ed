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
    const isSound = /^m=[ \t]*audio/i.test(section);
    const isPicture = /^m=[ \t]*video/i.test(section);
    let restrained = section;
    const maySend = isSound ? !(isServerMuted || isSuppressed) : !isPicture || !(isSuppressed || isVideoSuppressed);
    if (!maySend) restrained = withoutDirection(restrained, sends);
    if (isServerDeafened && isSound) restrained = withoutDirection(restrained, receives);
    return restrained;
  });
  return { ...signal, sdp: sections.join("") };
}

const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m;
/** What any browser takes for one: some look at its beginning only, in upper case too, and pass over what precedes it. */
const directions = /^a=[: \t]*(?:sendrecv|sendonly|recvonly|inactive)[^\n]*\n?/gim;

/** A section that names no direction goes both ways (RFC 8866). It has one line that names one then, for all who read it. */
function withoutDirection(section: string, instead: Readonly<Record<string, string>>): string {
  const named = direction.exec(section)?.[1] ?? "sendrecv";
  return `${section.replace(directions, "").trimEnd()}\r\na=${instead[named] ?? named}\r\n`;
}
