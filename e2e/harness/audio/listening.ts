import type { Person } from "../person.ts";
import type { AudioProbe } from "./probe.ts";

/** Runs in a page that has the probe installed. */
interface ProbedPage {
  audioProbe: AudioProbe;
}

/** Level in dBFS of a tone in what this person's loudspeaker plays: the loudest of the last `seconds` (1 by default). */
export function heard({ page }: Person, frequency: number, seconds?: number): Promise<number> {
  return page.evaluate(([hz, s]) => (globalThis as unknown as ProbedPage).audioProbe.heard(hz, s), [
    frequency,
    seconds,
  ] as const);
}

/** What is played until `act` has ended and the recording has this many seconds; mono at 48 kHz. */
export async function record(
  person: Person,
  seconds: number,
  act: () => Promise<void> = async () => {},
): Promise<Int16Array> {
  const { page } = person;
  await page.evaluate(() => (globalThis as unknown as ProbedPage).audioProbe.record());
  await act();
  await untilRecorded(person, seconds);
  const text = await page.evaluate(() => (globalThis as unknown as ProbedPage).audioProbe.stopRecording());
  const bytes = Buffer.from(text, "base64");
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export async function untilRecorded({ page }: Person, seconds: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => (globalThis as unknown as ProbedPage).audioProbe.recordedSeconds() >= wanted,
    seconds,
    { timeout: 120_000 },
  );
}

/** Unplugs the microphone, or plugs it in again. */
export function plugMicrophone({ page }: Person, isIn: boolean): Promise<void> {
  return page.evaluate((isIn) => (globalThis as unknown as ProbedPage).audioProbe.plug(isIn), isIn);
}

/** Labels of the microphones in use. */
export function liveMicrophones({ page }: Person): Promise<string[]> {
  return page.evaluate(() => {
    const { microphones } = (globalThis as unknown as ProbedPage).audioProbe;
    return microphones.filter(({ readyState }) => readyState === "live").map(({ label }) => label);
  });
}

/** Number of peer connections that the page has now. */
export function openConnections({ page }: Person): Promise<number> {
  return page.evaluate(() => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    return connections.filter(({ connectionState }) => connectionState !== "closed").length;
  });
}

/** Number of peer connections that the page has created so far. */
export function connectionCount({ page }: Person): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as ProbedPage).audioProbe.connections.length);
}

/**
 * Resolves once the page has a connection beyond the first `former` ones, and has heard all the tones over it, each above
 * this level in dBFS. `heardAt`: milliseconds since the epoch, by the page's own clock, so that neither other pages nor this
 * process count.
 */
export function untilRecovered(
  { page }: Person,
  wanted: { former: number; tones: readonly number[]; level: number },
): Promise<{ heardAt: number }> {
  return page.evaluate(async ({ former, tones, level }) => {
    const { audioProbe } = globalThis as unknown as ProbedPage;
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
      return Date.now();
    };
    await until(() => audioProbe.connections.slice(former).at(-1)?.connectionState === "connected");
    const since = performance.now();
    const heard = new Set<number>();
    const heardAt = await until(() => {
      for (const tone of tones) {
        if (audioProbe.heard(tone, (performance.now() - since) / 1_000) > level) heard.add(tone);
      }
      return heard.size === tones.length;
    });
    return { heardAt };
  }, wanted);
}

/** Bytes of video sent to all others together, over the connections that are open. */
export function sentVideoBytes({ page }: Person): Promise<number> {
  return page.evaluate(async () => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    const sent = reports.flatMap((report) => [...report.values()] as RTCOutboundRtpStreamStats[]);
    const videos = sent.filter(({ type, kind }) => type === "outbound-rtp" && kind === "video");
    return videos.reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0);
  });
}

/** Packets of sound over the connections that are open. */
export interface ReceivedSound {
  received: number;
  /** On their way, whether or not they were repaired. */
  lost: number;
  /** From the second form of a frame that the next packet holds. */
  repaired: number;
}

export function receivedSound({ page }: Person): Promise<ReceivedSound> {
  return page.evaluate(async () => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    const all = reports.flatMap((report) => [...report.values()] as RTCInboundRtpStreamStats[]);
    const sounds = all.filter(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
    const sum = (key: keyof RTCInboundRtpStreamStats) =>
      sounds.reduce((total, one) => total + Number(one[key] ?? 0), 0);
    const repaired = sum("fecPacketsReceived") - sum("fecPacketsDiscarded");
    return { received: sum("packetsReceived"), lost: sum("packetsLost"), repaired };
  });
}

/** Kinds of all ICE candidates that this page's connections have received. */
export async function remoteCandidateTypes({ page }: Person): Promise<string[]> {
  const types = await page.evaluate(async () => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    const stats = reports.flatMap((report) => [...report.values()] as { type: string; candidateType: string }[]);
    return stats.flatMap(({ type, candidateType }) => (type === "remote-candidate" ? [candidateType] : []));
  });
  return [...new Set(types)];
}

/** For each of this page's connections that goes through a TURN server: the protocol that leads there. */
export function relayProtocolsOf({ page }: Person): Promise<string[]> {
  return page.evaluate(async () => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    return reports.flatMap((report) => {
      const stats = [...report.values()] as { type: string; selectedCandidatePairId?: string }[];
      return stats.flatMap(({ type, selectedCandidatePairId: id }) => {
        if (type !== "transport" || !id) return [];
        const { localCandidateId } = report.get(id) as { localCandidateId: string };
        return (report.get(localCandidateId) as { relayProtocol?: string }).relayProtocol ?? [];
      });
    });
  });
}

/** Addresses of all ICE candidates that this page was told. Those that it found by itself have none here. */
export async function remoteAddresses({ page }: Person): Promise<string[]> {
  const addresses = await page.evaluate(async () => {
    const { connections } = (globalThis as unknown as ProbedPage).audioProbe;
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    const stats = reports.flatMap((report) => [...report.values()] as { type: string; address?: string }[]);
    return stats.flatMap(({ type, address }) => (type === "remote-candidate" && address ? [address] : []));
  });
  return [...new Set(addresses)];
}

/** Suspends all sound of the page, as a system does for a phone call; it may be resumed at once or in a click only. */
export async function interruptSound({ page }: Person, until: "briefly" | "until a click"): Promise<void> {
  await page.evaluate(async (isBrief) => {
    let isClicked = false;
    const clicked = () => {
      isClicked = true;
      setTimeout(() => (isClicked = false));
    };
    addEventListener("click", clicked, { capture: true });
    for (const context of (globalThis as unknown as ProbedPage).audioProbe.contexts()) {
      const resume = context.resume.bind(context);
      const resumeInClick = async () => (isClicked ? resume() : new Promise<void>(() => {}));
      if (!isBrief) Object.assign(context, { resume: resumeInClick });
      await context.suspend();
    }
  }, until === "briefly");
}

export function isSoundRunning({ page }: Person): Promise<boolean> {
  return page.evaluate(() =>
    (globalThis as unknown as ProbedPage).audioProbe.contexts().every(({ state }) => state === "running"),
  );
}

/** What is sent and received as video, a line for each track that is open. */
export function videoStats({ page }: Pick<Person, "page">): Promise<string[]> {
  return page.evaluate(async () => {
    const { audioProbe } = globalThis as unknown as Partial<ProbedPage>;
    const reports = await Promise.all((audioProbe?.connections ?? []).map((connection) => connection.getStats()));
    const all = reports.flatMap((report) => [...report.values()] as Record<string, unknown>[]);
    const shown = ["mid", "bytesSent", "targetBitrate", "qualityLimitationReason", "bytesReceived", "packetsLost"];
    const more = ["frameHeight", "framesPerSecond", "keyFramesEncoded", "keyFramesDecoded", "framesDecoded"];
    return all
      .filter(({ kind, type }) => kind === "video" && (type === "inbound-rtp" || type === "outbound-rtp"))
      .map((one) =>
        [one["type"], ...[...shown, ...more].flatMap((key) => (key in one ? `${key} ${String(one[key])}` : []))].join(
          ", ",
        ),
      );
  });
}
