import type { Message } from "@miscord/protocol";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import type { LogCommand } from "../contract.ts";
import { catchUp, fold } from "./fold.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import { createAttachment, createWorld, type World } from "./world.ts";

/** Users and messages are indexes, taken modulo the number of users or messages. */
type Step =
  | {
      kind: "send";
      who: number;
      text: string;
      nonce: number | null;
      replyTo: number | null;
      attach: boolean;
      names: boolean;
    }
  | { kind: "edit" | "delete"; who: number; target: number; text: string }
  | { kind: "react"; who: number; target: number; emoji: string; on: boolean }
  | { kind: "preview" | "remove_previews"; who: number; target: number; text: string };

const index = fc.nat({ max: 30 });
const link = fc.constantFrom("https://a.example/", "https://a.example/ https://b.example/");
const text = fc.oneof(
  link,
  fc.constantFrom("a", "b", "", "\ud800", "x".repeat(199) + "😀!"),
  fc.string({ maxLength: 20 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("send" as const),
    who: index,
    text,
    nonce: fc.option(fc.nat({ max: 3 })),
    replyTo: fc.option(index),
    attach: fc.boolean(),
    names: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom("edit" as const, "delete" as const), who: index, target: index, text }),
  fc.record({
    kind: fc.constantFrom("preview" as const, "remove_previews" as const),
    who: index,
    target: index,
    text: link,
  }),
  fc.record({
    kind: fc.constant("react" as const),
    who: index,
    target: index,
    emoji: fc.constantFrom("👍", "🎉", "❤️"),
    on: fc.boolean(),
  }),
);
/** Commands of a group are committed at once, so that they share a transaction. */
const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 10 });

export function describeConvergence(open: OpenStore): void {
  describe("convergence", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());

    test("[L9] state plus events, and older state plus changesSince, equal a fresh fetch", async () => {
      await fc.assert(
        fc.asyncProperty(groups, index, async (groups, leavesAfter) => {
          const world = await createWorld(fixture.store);
          const { log } = fixture.store;
          let folded: Message[] = [];
          let left = { messages: folded, seq: 0 };
          let position = 0;
          log.onCommitted(({ event }) => {
            if (!event) return;
            expect(event.seq).toBe((position += 1));
            folded = fold(folded, event);
          });
          for (const [number, group] of groups.entries()) {
            const commands = await Promise.all(group.map((wanted) => toCommand(world, wanted)));
            await Promise.all(commands.map((command) => log.commit(command)));
            if (number === leavesAfter % groups.length) left = { messages: folded, seq: position };
          }
          const fresh = await log.history(world.general, { limit: 500 });
          expect(fresh.seq).toBe(position);
          expect(folded).toEqual(fresh.messages);
          const { changes } = await log.changesSince(world.general, left.seq, 500);
          expect(catchUp(left.messages, changes ?? [])).toEqual(fresh.messages);
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** Targets are existing messages, deleted ones, or an id that does not exist yet. */
async function toCommand(world: World, wanted: Step): Promise<LogCommand> {
  const { store, general, owner, ann, bob, stranger, names } = world;
  const who = [ann, bob, owner, ann, bob, stranger][wanted.who % 6] ?? ann;
  const target = async (guess: number) => {
    const rows = await store.db.selectFrom("messages").select("id").where("channel_id", "=", general).execute();
    return rows[guess % (rows.length + 1)]?.id ?? (rows.at(-1)?.id ?? 0) + 1;
  };
  // Previews check no rights, and the next id may be a message of an earlier world.
  const ownTarget = async (guess: number) => {
    const rows = await store.db.selectFrom("messages").select("id").where("channel_id", "=", general).execute();
    return rows[guess % Math.max(1, rows.length)]?.id ?? Number.MAX_SAFE_INTEGER;
  };
  const mentionNames = [names.ann, names.bob];
  switch (wanted.kind) {
    case "send":
      return sending(general, who, {
        content: wanted.text,
        nonce: wanted.nonce === null ? null : `nonce ${wanted.nonce}`,
        replyToId: wanted.replyTo === null ? null : await target(wanted.replyTo),
        attachmentIds: wanted.attach ? [await createAttachment(store, who, "a/b ü.png")] : [],
        mentionNames: wanted.names ? mentionNames : [],
        mentionsEveryone: wanted.names,
      });
    case "edit":
      return editing(await target(wanted.target), who, wanted.text, wanted.who % 2 ? mentionNames : []);
    case "delete":
      return deleting(await target(wanted.target), who);
    case "react":
      return reacting(await target(wanted.target), who, wanted.emoji, wanted.on);
    case "preview":
      return {
        kind: "preview",
        actorId: who,
        messageId: await ownTarget(wanted.target),
        content: wanted.text,
        previews: wanted.text.split(" ").map((url) => ({ kind: "link", url, image: { url: `/api/pictures/${who}` } })),
        at: 5,
      };
    case "remove_previews":
      return { kind: "remove_previews", actorId: who, messageId: await target(wanted.target), at: 6 };
  }
}
