// npm run bench:voice: what the forwarding process costs, by listeners and speakers. Prints a table and saves nothing.
import { fork } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { systemClock } from "../../apps/server/src/clock.ts";
import type { MediaSeat } from "../../apps/server/src/voice/routing.ts";
import { createForwarding } from "../../apps/server/src/voice/forwarding/forwarding.ts";
import { readProcs } from "../proc.ts";
import type { FromParticipants, ToParticipants } from "./messages.ts";

const { values } = parseArgs({
  options: {
    listeners: { type: "string", default: "50" },
    speakers: { type: "string", default: "1,3,8" },
    seconds: { type: "string", default: "8" },
    /** Of the sound in a packet: 160 is Opus at 64 kbit/s. */
    payload: { type: "string", default: "160" },
  },
});
const status = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };

/** Waits for it, a minute at most. */
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isSo() && Date.now() < end) await wait(20);
}

/** A call of people who all hear each other, of whom some speak. */
async function measure(listeners: number, speakers: number): Promise<string> {
  const settings = {
    forwardsVoice: true,
    voicePort: 0,
    voiceAddresses: ["127.0.0.1"],
    publicUrl: undefined,
    turnUrls: [],
  };
  const forwarding = createForwarding({ clock: systemClock, settings, onFailure: (error) => console.error(error) });
  const child = fork(new URL("./participants.ts", import.meta.url), { serialization: "advanced" });
  const send = (message: ToParticipants) => void child.send(message);
  const seats = new Map<number, MediaSeat>();
  let connected = 0;
  const measured: Extract<FromParticipants, { kind: "measured" }>[] = [];
  child.on("message", (message: FromParticipants) => {
    if (message.kind === "connected") connected = message.count;
    else if (message.kind === "measured") measured.push(message);
    else {
      const { sdp, connectionId } = message;
      seats.get(message.userId)?.signal({ kind: "answer", sdp, extra: { target_connection_id: connectionId } }, 0);
    }
  });
  const people = listeners + speakers;
  for (let userId = 1; userId <= people; userId += 1) {
    const seat = forwarding.connect({
      channelId: 1,
      userId,
      status,
      isBridged: false,
      onLost() {},
      deliver(event) {
        if (event.kind !== "signal" || event.signal.kind !== "offer") return;
        const connectionId = String(event.signal.extra["connection_id"]);
        send({ kind: "offer", userId, sdp: event.signal.sdp, connectionId });
      },
    });
    seats.set(userId, seat);
  }
  await until(() => connected >= people);
  const userIds = Array.from({ length: speakers }, (_, at) => at + 1);
  send({ kind: "speak", userIds, payloadBytes: Number(values.payload) });
  await wait(2_000);
  send({ kind: "measure" });
  const [before, othersBefore] = [readProcs([forwarding.pid!]), readProcs([child.pid!])];
  await wait(Number(values.seconds) * 1_000);
  const [after, othersAfter] = [readProcs([forwarding.pid!]), readProcs([child.pid!])];
  send({ kind: "measure" });
  await until(() => measured.length === 2);
  child.kill();
  forwarding.close();
  const { packets, p50Ms, p99Ms } = measured[1]!;
  const seconds = (after.at - before.at) / 1_000;
  const cpu = (after.cpuMs - before.cpuMs) / (after.at - before.at);
  const others = (othersAfter.cpuMs - othersBefore.cpuMs) / (othersAfter.at - othersBefore.at);
  const perPacket = ((after.cpuMs - before.cpuMs) * 1_000) / packets;
  return [
    listeners,
    speakers,
    `${connected} of ${people}`,
    Math.round(packets / seconds),
    `${(cpu * 100).toFixed(1)} %`,
    `${perPacket.toFixed(1)} µs`,
    `${(others * 100).toFixed(0)} %`,
    `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)} ms`,
    `${Math.round(after.rssBytes / 2 ** 20)} MiB`,
  ].join(" | ");
}

console.log(
  "| listeners | speakers | connected | packets/s | share of a core | CPU per packet | participants' share | delay p50 / p99 | memory |",
);
console.log("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const listeners of values.listeners.split(",").map(Number)) {
  for (const speakers of values.speakers.split(",").map(Number)) {
    console.log(`| ${await measure(listeners, speakers)} |`);
  }
}
process.exit(0);
