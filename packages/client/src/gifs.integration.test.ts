import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWav } from "../../../apps/server/src/domain/attachments/sound/testing/build-sound.ts";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { movingGif } from "../../../apps/server/src/testing/moving-picture.ts";
import { TestSite } from "../../../apps/server/src/testing/test-site.ts";
import { emojiCalls, FavouriteGifList, gifCalls, soundCalls, type ApiError, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, password, say, timelineOf, until } from "./testing/client-world.ts";
import { tinyPicture } from "./testing/tiny-picture.ts";

describe("over two nodes", () => {
  let site: TestSite;
  let instance: TestInstance;
  let world: ClientWorld;
  beforeAll(async () => {
    site = await TestSite.start();
    instance = await layouts["two nodes"]!({ pages: site.rules });
    world = new ClientWorld(instance);
  });
  afterAll(async () => {
    world.close();
    await instance.cleanup();
    await site.close();
  });

  test("favourite GIFs follow their person from device to device, as a fetch has them", async () => {
    const ann = await world.newcomer({ node: 0 });
    const bob = await world.newcomer({ node: 1 });
    const { channelId } = await world.unite(ann, bob);
    const phone = world.open({ node: 1 });
    await phone.login({ username: me(ann).username, password });
    await until(() => phone.store.getState().connection.ready);
    const devices: readonly (readonly [MiscordClient, FavouriteGifList])[] = [ann, phone].map((client) => [
      client,
      new FavouriteGifList(client),
    ]);
    for (const [, list] of devices) list.load();
    const agree = async (count: number) => {
      for (const [client, list] of devices) {
        await until(() => list.state.status === "ready" && list.state.gifs.length === count);
        expect(list.state.gifs).toEqual(await gifCalls(client.rest).list());
      }
    };
    await agree(0);

    site.file("/dance.gif", "image/gif", await movingGif());
    const shared = await say(bob, channelId, site.url("/dance.gif"));
    const imageOf = () => timelineOf(ann, channelId).messages.find(({ id }) => id === shared)?.embeds?.[0]?.image;
    await until(() => imageOf() !== undefined);
    expect(imageOf()).toMatchObject({ animated: true, width: 60, height: 40 });
    const ofLink = await gifCalls(ann.rest).add({ message_id: shared, picture_url: imageOf()!.url });
    await agree(1);
    const file = await bob.uploadAttachment(new Blob([new Uint8Array(await movingGif())], { type: "image/gif" }));
    await bob.rest.createMessage(channelId, { content: "", attachments: [file.id] });
    await gifCalls(phone.rest).add({ attachment_id: file.id });
    await agree(2);
    await gifCalls(phone.rest).remove(ofLink.id);
    await agree(1);

    const [kept] = devices[0]![1].state.gifs;
    phone.sendMessage(channelId, { content: "", attachments: [await gifCalls(phone.rest).upload(kept!.id)] });
    await until(() => timelineOf(bob, channelId).messages.at(-1)?.attachments[0]?.animated === true);
    await allConverge(ann, bob);
  });

  test("of many that are given one name at once, one has it, and the others are told that it is taken", async () => {
    const ann = await world.newcomer({ node: 0 });
    const bob = await world.newcomer({ node: 1 });
    const { serverId } = await world.unite(ann, bob);
    const other = world.open({ node: 1 });
    await other.login({ username: me(ann).username, password });
    const wav = new Blob([new Uint8Array(buildWav(300))], { type: "audio/wav" });
    const outcomesOf = async (calls: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(calls))
        .map((one) => (one.status === "fulfilled" ? "done" : (one.reason as ApiError).code))
        .toSorted();
    const kinds = [ann, other].map(({ rest }) => ({
      sounds: soundCalls(rest, serverId),
      emojis: emojiCalls(rest, serverId),
    }));
    const oneOf = (count: number) => ["done", ...Array.from({ length: count - 1 }, () => "invalid_request")];
    const atOnce = [0, 1, 2, 3, 4, 5];
    const soundIds: number[] = [];
    const emojiIds: number[] = [];
    for (const at of atOnce) {
      soundIds.push((await kinds[0]!.sounds.create(wav, { name: `Drum ${at}`, emoji: null, volume: 100 })).id);
      emojiIds.push((await kinds[0]!.emojis.create(tinyPicture, `cat${at}`)).id);
    }
    const on = (at: number) => kinds[at % 2]!;
    for (const round of [1, 2]) {
      const sounds = soundIds.map((id, at) => on(at).sounds.change(id, { name: `Gong ${round}` }));
      expect(await outcomesOf(sounds)).toEqual(oneOf(6));
      const emojis = emojiIds.map((id, at) => on(at).emojis.change(id, { name: `dog${round}` }));
      expect(await outcomesOf(emojis)).toEqual(oneOf(6));
      const created = atOnce.map((at) =>
        on(at).sounds.create(wav, { name: `Bell ${round}`, emoji: null, volume: 100 }),
      );
      expect(await outcomesOf(created)).toEqual(oneOf(6));
    }
  });
});
