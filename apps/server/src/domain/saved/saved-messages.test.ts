import { expect, test } from "vitest";
import { send } from "../../store/conformance/world.ts";
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
