import type { AckedReport } from "../load/acked.ts";
import { Samples } from "../load/latencies.ts";
import { TextSource } from "../load/text.ts";
import { readProcs } from "../proc.ts";
import { systemClock } from "../../apps/server/src/clock.ts";
import { CommitPace } from "../../apps/server/src/store/log/commit-pace.ts";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/open-sqlite-store.ts";

export interface SendsPlan {
  senders: number;
  messageBytes: number;
  warmUpMs: number;
  durationMs: number;
}

/** The server's defaults. Nothing is delivered, so the flush interval is 0. */
const pace = new CommitPace({ clock: systemClock, maxIntervalMs: 25, flushIntervalMs: () => 0 });
const texts = 1_000;

/**
 * The channel log alone: senders in this process that each wait for the commit of one message before the next. The group
 * commit, its thread and its transactions are the server's; there are no sockets, accounts, events or logs.
 */
const [file = ""] = process.argv.slice(2);
const { db, log } = await openSqliteStore({ file, pace });
const users = await db.selectFrom("users").where("username", "like", "bench-%").orderBy("id").select("id").execute();
const channel = await db.selectFrom("channels").where("type", "=", "text").select("id").executeTakeFirstOrThrow();

process.on("message", (plan: SendsPlan) => void measure(plan).then((report) => process.send?.(report)));
process.on("disconnect", () => process.exit());
process.send?.({ isReady: true });

async function measure({ senders, messageBytes, warmUpMs, durationMs }: SendsPlan): Promise<AckedReport> {
  const source = new TextSource(4);
  const lines = Array.from({ length: texts }, () => source.line("", messageBytes).trim());
  const ackMs = new Samples();
  const state = { sent: 0, refused: 0, isMeasuring: false, isStopping: false };
  const sender = async (authorId: number): Promise<void> => {
    while (!state.isStopping) {
      const begun = performance.now();
      const number = state.sent++;
      const outcome = await log.commit(send(authorId, lines[number % texts]!, `b${begun}-${number}`));
      if (!outcome.ok) state.refused += 1;
      else if (state.isMeasuring) ackMs.add(performance.now() - begun);
    }
  };
  const all = users.slice(0, senders).map(({ id }) => sender(id));
  await elapsed(warmUpMs);
  state.isMeasuring = true;
  const before = readProcs([process.pid]);
  await elapsed(durationMs);
  state.isMeasuring = false;
  const after = readProcs([process.pid]);
  state.isStopping = true;
  await Promise.all(all);
  const elapsedMs = after.at - before.at;
  const summary = ackMs.summary();
  return {
    acksPerSecond: (summary.count * 1000) / elapsedMs,
    ackMs: summary,
    serverCpuShare: (after.cpuMs - before.cpuMs) / elapsedMs,
    dependencyCpuShare: 0,
    refusals: { refused: state.refused },
    generator: { cpuShare: 0, loopLagP99Ms: 0, sendLatenessP99Ms: 0 },
  };
}

function send(authorId: number, content: string, nonce: string) {
  return {
    kind: "send",
    authorId,
    channelId: channel.id,
    content,
    nonce,
    replyToId: null,
    attachmentIds: [],
    mentionNames: [],
    mentionsEveryone: false,
    at: Date.now(),
  } as const;
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
