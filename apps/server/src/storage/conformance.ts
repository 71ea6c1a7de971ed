import { createHash, randomBytes } from "node:crypto";
import { appendFile, utimes } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { eventually } from "../testing/eventually.ts";

/** An empty place of uploads. */
export interface StorageUnderTest {
  /** Opens it as one more node, or after a restart. */
  open(): Promise<AttachmentStorage>;
  /** Files of this machine that are still arriving. */
  unfinished(): Promise<string[]>;
  cleanUp(): Promise<void>;
}

const hourMs = 3_600_000;

/** Tests the rules of the `AttachmentStorage` contract, cited by number. */
export function describeStorage(name: string, create: () => Promise<StorageUnderTest>): void {
  describe(`storage of uploads: ${name}`, () => {
    let place: StorageUnderTest;
    let storage: AttachmentStorage;
    beforeEach(async () => {
      place = await create();
      storage = await place.open();
    });
    afterEach(() => place.cleanUp());

    async function keepText(text: string): Promise<string> {
      const key = newKey();
      await storage.receive(key, Readable.from([Buffer.from(text)]));
      await storage.keep(key);
      return key;
    }

    test("[U1] a received file has the bytes of its source on this machine", async () => {
      const { path, size } = await storage.receive(newKey(), Readable.from([Buffer.from("one "), Buffer.from("two")]));
      await appendFile(path, "");
      expect(size).toBe(7);
      expect(await place.unfinished()).toHaveLength(1);
    });

    test("[U1] a source that fails midway rejects with its error and leaves nothing behind", async () => {
      const source = new PassThrough();
      source.write("half");
      const receiving = storage.receive(newKey(), source);
      source.destroy(new Error("the line was cut"));
      await expect(receiving).rejects.toThrow("the line was cut");
      expect(await place.unfinished()).toEqual([]);
    });

    test("[U2] a received file cannot be read, and its bytes at the time of keep can, on every node", async () => {
      const other = await place.open();
      const key = newKey();
      const { path } = await storage.receive(key, Readable.from([Buffer.from("cleaned")]));
      await expect(storage.read(key)).rejects.toMatchObject({ code: "not_found" });
      await appendFile(path, " later");
      await storage.keep(key);
      for (const node of [storage, other]) expect(await text(await node.read(key))).toBe("cleaned later");
      expect(await place.unfinished()).toEqual([]);
    });

    test("[U2] an empty file can be kept and read", async () => {
      const key = await keepText("");
      expect(await text(await storage.read(key))).toBe("");
      expect(await storage.size(key)).toBe(0);
    });

    test("[U2] a file of 24 MiB is read as it was received", async () => {
      const key = newKey();
      const pieces = Array.from({ length: 24 }, () => randomBytes(1024 * 1024));
      const { size } = await storage.receive(key, Readable.from(pieces));
      await storage.keep(key);
      const hash = createHash("sha256");
      for await (const piece of await storage.read(key)) hash.update(piece as Buffer);
      expect(hash.digest("hex")).toBe(createHash("sha256").update(Buffer.concat(pieces)).digest("hex"));
      expect(await storage.size(key)).toBe(size);
    });

    test("[U2] a file that was never received cannot be kept", async () => {
      await expect(storage.keep(newKey())).rejects.toBeInstanceOf(Error);
    });

    test("[U3] a range is read from its start to its end, both included", async () => {
      const key = await keepText("0123456789");
      expect(await text(await storage.read(key, { start: 2, end: 5 }))).toBe("2345");
      expect(await text(await storage.read(key, { start: 9, end: 9 }))).toBe("9");
      expect(await text(await storage.read(key, { start: 0, end: 9 }))).toBe("0123456789");
    });

    test("[U4] a key without a file is not_found and has no size", async () => {
      await expect(storage.read(newKey())).rejects.toMatchObject({ code: "not_found" });
      await expect(storage.read(newKey(), { start: 0, end: 1 })).rejects.toMatchObject({ code: "not_found" });
      expect(await storage.size(newKey())).toBeNull();
    });

    test("[U5] a removed file is gone, whether it was kept or only received, and removing it again does nothing", async () => {
      const kept = await keepText("kept");
      const received = newKey();
      await storage.receive(received, Readable.from([Buffer.from("received")]));
      for (const key of [kept, received, kept, received, newKey()]) await storage.remove(key);
      expect(await storage.size(kept)).toBeNull();
      expect(await place.unfinished()).toEqual([]);
    });

    test("[U6] a received file is swept once nothing has written to it for an hour", async () => {
      const [old, young] = [newKey(), newKey()];
      const { path } = await storage.receive(old, Readable.from([Buffer.from("abandoned")]));
      await storage.receive(young, Readable.from([Buffer.from("arriving")]));
      const longAgo = new Date(Date.now() - hourMs - 1_000);
      await utimes(path, longAgo, longAgo);
      const kept = await keepText("kept");
      await storage.sweep();
      expect(await place.unfinished()).toEqual([young]);
      expect(await text(await storage.read(kept))).toBe("kept");
    });

    test("[U6] a start removes what a crash left an hour ago, and not what another process receives", async () => {
      const [old, young] = [newKey(), newKey()];
      const { path } = await storage.receive(old, Readable.from([Buffer.from("abandoned")]));
      await storage.receive(young, Readable.from([Buffer.from("arriving")]));
      const longAgo = new Date(Date.now() - hourMs - 1_000);
      await utimes(path, longAgo, longAgo);
      await place.open();
      expect(await place.unfinished()).toEqual([young]);
    });

    test("[U7] a kept file can be read after a restart", async () => {
      const key = await keepText("still here");
      expect(await text(await (await place.open()).read(key))).toBe("still here");
    });

    test("[U8] a key with a path is rejected by every method", async () => {
      const key = "../../secrets";
      const calls: (() => Promise<unknown>)[] = [
        () => storage.receive(key, Readable.from([Buffer.from("x")])),
        () => storage.keep(key),
        () => storage.read(key),
        () => storage.size(key),
        () => storage.remove(key),
      ];
      for (const call of calls) await expect(Promise.try(call)).rejects.toThrow("not a storage key");
    });

    test("[U9] a reader that goes away leaves the file readable", async () => {
      const key = newKey();
      await storage.receive(key, Readable.from([randomBytes(4 * 1024 * 1024)]));
      await storage.keep(key);
      const reader = await storage.read(key);
      await new Promise((resolve) => reader.once("data", resolve));
      reader.destroy();
      await eventually(() => expect(reader.closed).toBe(true));
      expect(await buffer(await storage.read(key))).toHaveLength(4 * 1024 * 1024);
    });

    test("[U10] the check of a storage that works resolves, again and again and on every node", async () => {
      const other = await place.open();
      for (const node of [storage, other, storage]) await expect(node.check()).resolves.toBeUndefined();
    });

    test("free bytes are those of the disk on which uploads arrive", async () => {
      expect(await storage.freeBytes()).toBeGreaterThan(0);
    });
  });
}

function newKey(): string {
  return randomBytes(18).toString("base64url");
}

async function text(stream: Readable): Promise<string> {
  return (await buffer(stream)).toString();
}
