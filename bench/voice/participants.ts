// The participants of a call, in a process of their own: the bench measures the forwarding process beside it.
import { payloadOf, RtpParticipant } from "../../apps/server/src/voice/forwarding/testing/rtp-participant.ts";
import type { FromParticipants, ToParticipants } from "./messages.ts";

const packetMs = 20;
/** The sections that a call of voices uses. Participants without the others cost this process less, so that it delays less. */
const used = /^a=mid:(?:mic|camera|a\d)\r$/m;
const participants = new Map<number, RtpParticipant>();
let delaysMs: number[] = [];
let packets = 0;

const send = (message: FromParticipants) => void process.send?.(message);
process.on("disconnect", () => process.exit(0));

process.on("message", (message: ToParticipants) => {
  if (message.kind === "offer") join(message);
  else if (message.kind === "speak") speak(message);
  else measure();
});

setInterval(() => {
  send({ kind: "connected", count: [...participants.values()].filter(({ isConnected }) => isConnected).length });
}, 100);

function join({ userId, sdp: offer, connectionId }: Extract<ToParticipants, { kind: "offer" }>): void {
  const participant = new RtpParticipant({
    name: `user ${userId}`,
    offer: usedOf(offer),
    answer: (sdp) => send({ kind: "answer", userId, sdp, connectionId }),
    onPacket(_mid, packet) {
      packets += 1;
      delaysMs.push(performance.now() - payloadOf(packet).readDoubleBE(0));
    },
  });
  participants.set(userId, participant);
}

function usedOf(offer: string): string {
  const [session, ...sections] = offer.split(/^(?=m=)/m);
  return [session, ...sections.filter((section) => used.test(section))].join("");
}

/** Each speaker sends a packet every 20 ms, and each at another moment. The payload has the time at which it was sent. */
function speak({ userIds, payloadBytes }: Extract<ToParticipants, { kind: "speak" }>): void {
  for (const [at, userId] of userIds.entries()) {
    let due = performance.now() + (at * packetMs) / userIds.length;
    const next = () => {
      const payload = Buffer.alloc(payloadBytes);
      payload.writeDoubleBE(performance.now(), 0);
      participants.get(userId)?.speak(payload);
      due += packetMs;
      setTimeout(next, Math.max(0, due - performance.now()));
    };
    setTimeout(next, Math.max(0, due - performance.now()));
  }
}

/** Answers with what has arrived since the last time. */
function measure(): void {
  const sorted = delaysMs.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  send({ kind: "measured", packets, p50Ms: at(0.5), p99Ms: at(0.99) });
  delaysMs = [];
  packets = 0;
}
