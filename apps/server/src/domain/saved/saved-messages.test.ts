import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { send } from "../../store/conformance/world.ts";
import { codeOf } from "../../testing/code-of.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { listSaved, saveMessage } from "./saved-messages.ts";

test("a page of saved messages is read at once, and not one message after the other", async () => {
  let single = 0;
  const world = await RealtimeWorld.open({
    wrapStore: (store) => {
      const message = (id: number) => {
        single += 1;
        return store.log.message(id);
      };
      return { ...store, log: { ...store.log, message } };
    },
  });
  const ann = await world.person("ann");
  const { channelId } = await world.server(ann);
  const actor = { userId: ann.id };
  for (let saved = 0; saved < 20; saved += 1) {
    const { id } = await send(world.store, channelId, ann.id, { content: `message ${saved}` });
    await saveMessage(world.context, actor, { messageId: id });
  }
  single = 0;
  const { saved } = await listSaved(world.context, actor, { onlyDue: false });
  expect(saved.map(({ message }) => message.content)).toContain("message 19");
  expect([saved.length, single]).toEqual([20, 0]);
  await world.close();
});

test("of messages that are saved at once no more are kept than one person may save", async () => {
  const world = await RealtimeWorld.open();
  const ann = await world.person("ann");
  const { channelId } = await world.server(ann);
  const ids: number[] = [];
  for (let sent = 0; sent < limits.savedPerUser + 3; sent += 1)
    ids.push((await send(world.store, channelId, ann.id)).id);
  const rows = ids.slice(4).map((message_id) => ({ user_id: ann.id, message_id, saved_at: 1 }));
  await world.store.db.insertInto("saved_messages").values(rows).execute();
  const save = (messageId: number) => codeOf(saveMessage(world.context, { userId: ann.id }, { messageId }));
  expect((await Promise.all(ids.slice(0, 4).map(save))).toSorted()).toEqual([
    "limit_reached",
    "limit_reached",
    "limit_reached",
    "ok",
  ]);
  await world.close();
});
