import type { FavouriteGif, MainEvent } from "@miscord/protocol";
import { expect, test } from "vitest";
import type { MiscordClient } from "../client.ts";
import { EventEmitter } from "../event-emitter.ts";
import { FavouriteGifList } from "./favourite-gifs.ts";

const gif = (id: number): FavouriteGif => {
  return { id, url: `/api/pictures/${id}`, width: 1, height: 1, title: "", source: `attachment:${id}` };
};

/** A client whose answers come when the test says so. */
function fakeClient() {
  const events = new EventEmitter<{ event: MainEvent }>();
  const asked: PromiseWithResolvers<{ gifs: FavouriteGif[] }>[] = [];
  let state = { session: { me: { id: 1 } }, connection: { ready: true } };
  const listeners: ((now: typeof state, former: typeof state) => void)[] = [];
  const call = () => {
    const answer = Promise.withResolvers<{ gifs: FavouriteGif[] }>();
    asked.push(answer);
    return answer.promise;
  };
  const client = {
    rest: { call },
    on: (name: "event", listener: (event: MainEvent) => void) => events.on(name, listener),
    store: { subscribe: (listener: (typeof listeners)[number]) => listeners.push(listener) },
  };
  return {
    list: new FavouriteGifList(client as unknown as MiscordClient),
    asked,
    emit: (event: MainEvent) => events.emit("event", event),
    become: (change: Partial<typeof state>) => {
      const former = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, former);
    },
  };
}

const added = (id: number): MainEvent => ({ type: "favourite_gif_added", gif: gif(id) });
const removed = (id: number): MainEvent => ({ type: "favourite_gif_removed", gif_id: id });
const ids = ({ state }: FavouriteGifList) => [state.status, ...state.gifs.map(({ id }) => id)];
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("nothing is asked for until the list is wanted, and then once", async () => {
  const { list, asked, emit } = fakeClient();
  emit(added(1));
  expect([asked.length, ids(list)]).toEqual([0, ["loading"]]);
  list.load();
  list.load();
  asked[0]!.resolve({ gifs: [gif(2), gif(1)] });
  await settled();
  expect([asked.length, ids(list)]).toEqual([1, ["ready", 2, 1]]);
});

test("events that come during the fetch, twice or in another order make what a fetch afterwards would", async () => {
  const { list, asked, emit } = fakeClient();
  list.load();
  for (const event of [added(3), removed(1), removed(4), added(4)]) emit(event);
  asked[0]!.resolve({ gifs: [gif(2), gif(1)] });
  await settled();
  expect(ids(list)).toEqual(["ready", 3, 2]);
  for (const event of [added(5), added(5), removed(6), added(6), removed(2)]) emit(event);
  expect(ids(list)).toEqual(["ready", 5, 3]);
});

test("what was missed comes with the next connection and after lost events; the last fetch counts", async () => {
  const { list, asked, become, emit } = fakeClient();
  list.load();
  asked[0]!.resolve({ gifs: [gif(1)] });
  await settled();
  become({ connection: { ready: false } });
  become({ connection: { ready: true } });
  emit({ type: "resync" } as MainEvent);
  asked[2]!.resolve({ gifs: [gif(3)] });
  asked[1]!.resolve({ gifs: [gif(2)] });
  await settled();
  expect(ids(list)).toEqual(["ready", 3]);
});

test("a failure is shown until it is tried again, and a shown list stays", async () => {
  const { list, asked, become } = fakeClient();
  list.load();
  asked[0]!.reject(new Error("no"));
  await settled();
  expect(ids(list)).toEqual(["failed"]);
  list.load();
  expect(ids(list)).toEqual(["loading"]);
  asked[1]!.resolve({ gifs: [gif(1)] });
  await settled();
  become({ connection: { ready: false } });
  become({ connection: { ready: true } });
  asked[2]!.reject(new Error("no"));
  await settled();
  expect(ids(list)).toEqual(["ready", 1]);
});

test("another user has a list of their own", async () => {
  const { list, asked, become, emit } = fakeClient();
  list.load();
  asked[0]!.resolve({ gifs: [gif(1)] });
  await settled();
  become({ session: { me: { id: 2 } } });
  emit(added(7));
  expect(ids(list)).toEqual(["loading"]);
  list.load();
  asked[1]!.resolve({ gifs: [] });
  await settled();
  expect(ids(list)).toEqual(["ready"]);
});
