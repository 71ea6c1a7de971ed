import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import { framesOf, movingGif } from "../../testing/moving-picture.ts";
import { inspectPicture } from "./picture/inspect-picture.ts";
import { StillAttachments } from "./still-attachment.ts";

let gif: Buffer;
beforeAll(async () => {
  gif = Buffer.concat(inspectPicture(await movingGif(), "image/gif")!.parts);
});

/** A storage of one file that says what was read of it, and waits for each read to be let go. */
function storage(bytes: Buffer) {
  const reads: [start: number, end: number][] = [];
  let running = 0;
  const state = { most: 0 };
  async function* stream(start: number, end: number) {
    running += 1;
    state.most = Math.max(state.most, running);
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(start, end + 1);
    running -= 1;
  }
  const read = (_key: string, range = { start: 0, end: bytes.length - 1 }) => {
    reads.push([range.start, range.end]);
    return Promise.resolve(Readable.from(stream(range.start, range.end), { objectMode: false }));
  };
  return { read, reads, state };
}

const file = (id: number, size: number) => ({ id, size, storage_key: "key", content_type: "image/gif" });

test("the first frame is looked for once, and read from the storage by whoever takes it", async () => {
  const store = storage(gif);
  const stills = new StillAttachments(store);
  const asked = await Promise.all([1, 1, 2].map((readerId) => stills.of(file(1, gif.length), readerId)));
  // Of two readers at the same time each looks for it.
  expect(store.reads).toEqual([
    [0, gif.length - 1],
    [0, gif.length - 1],
  ]);
  for (const still of asked) {
    const bytes = await buffer(still!.read());
    expect(bytes.length).toBe(still!.length);
    expect((await framesOf(bytes)).frames).toBe(1);
  }
  expect(store.reads.slice(2).map(([start]) => start)).toEqual([0, 0, 0]);
  expect(store.reads.at(-1)![1]).toBe(asked[0]!.length - 2);
});

test("the beginnings of few files are in memory at once, of one reader that of one", async () => {
  for (const [readers, most] of [
    [1, 1],
    [20, 4],
  ] as const) {
    const store = storage(gif);
    const stills = new StillAttachments(store);
    const asked = Array.from({ length: 40 }, (_, index) => stills.of(file(index, gif.length), index % readers));
    await Promise.all(asked);
    expect(store.state.most).toBe(most);
  }
});

test("a file without a first frame that is found is remembered as one", async () => {
  const store = storage(gif.subarray(0, 30));
  const stills = new StillAttachments(store);
  expect(await stills.of(file(1, 30), 1)).toBeNull();
  expect(await stills.of(file(1, 30), 1)).toBeNull();
  expect(store.reads).toHaveLength(1);
});
