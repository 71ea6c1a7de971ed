/** For speech: nothing is sent in silence (DTX), and a lost packet is rebuilt from the next one (FEC). */
const speech = { usedtx: "1", useinbandfec: "1" };
/** For the sound of a shared screen, which is often music. */
const programme = { stereo: "1", "sprop-stereo": "1", useinbandfec: "1", maxaveragebitrate: "128000" };

/**
 * The SDP with Opus parameters set: the first audio section is the microphone, later ones are a screen's sound.
 * The parameters of a description apply to the encoder at the other end, whatever client that is.
 */
export function tuneOpus(sdp: string): string {
  let audioSections = 0;
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => {
      if (!section.startsWith("m=audio")) return section;
      audioSections += 1;
      return tuneSection(section, audioSections === 1 ? speech : programme);
    })
    .join("");
}

/** The answer to the forwarding unit, which takes a screen's sound in stereo. Voices are in sections `a0`, `a1` and so on. */
export function tuneForwarded(sdp: string): string {
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => (/^a=mid:s\d+\r?$/m.test(section) ? tuneSection(section, { stereo: "1" }) : section))
    .join("");
}

function tuneSection(section: string, parameters: Readonly<Record<string, string>>): string {
  const payloadType = /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
  if (payloadType === undefined) return section;
  const line = new RegExp(`^a=fmtp:${payloadType} (.*?)(\\r?)$`, "m");
  const known = line.exec(section)?.[1];
  if (known !== undefined)
    return section.replace(line, (_all, old, end) => `a=fmtp:${payloadType} ${merge(old, parameters)}${end}`);
  const map = new RegExp(`^(a=rtpmap:${payloadType} [^\\r\\n]*)(\\r?\\n)`, "m");
  return section.replace(map, (_all, head, end) => `${head}${end}a=fmtp:${payloadType} ${merge("", parameters)}${end}`);
}

function merge(line: string, parameters: Readonly<Record<string, string>>): string {
  const known = line.split(";").flatMap((part) => {
    const [name = "", value = ""] = part.trim().split("=");
    return name === "" ? [] : [[name, value] as const];
  });
  return Object.entries({ ...Object.fromEntries(known), ...parameters })
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}
