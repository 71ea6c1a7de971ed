import type { Draft } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DraftSync, pauseMs, type KnownDraft } from "./draft-sync.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const channel = 1;

/** An account with one draft, and devices that write it. */
class Account {
  draft: Draft = { channel_id: channel, text: "", rev: 0 };
  saves = 0;
  readonly devices: Device[] = [];

  save(text: string): Draft {
    this.saves += 1;
    this.draft = { channel_id: channel, text, rev: this.draft.rev + 1 };
    for (const device of this.devices) if (device.isOnline) device.sync.received(this.draft);
    return this.draft;
  }
}

class Device {
  text: string;
  isOnline = true;
  known: ReadonlyMap<number, KnownDraft>;
  readonly sync: DraftSync;

  constructor(account: Account, former: { text?: string; known?: ReadonlyMap<number, KnownDraft> } = {}) {
    this.text = former.text ?? "";
    this.known = former.known ?? new Map();
    this.sync = new DraftSync({
      list: () => Promise.resolve(account.draft.rev > 0 ? [account.draft] : []),
      save: (_channelId, text) => (this.isOnline ? Promise.resolve(account.save(text)) : Promise.reject(new Error())),
      written: () => (this.text === "" ? [] : [channel]),
      textOf: () => this.text,
      show: (_channelId, text) => void (this.text = text),
      known: this.known,
      onKnown: (known) => void (this.known = new Map(known)),
      isGone: () => false,
      longest: 100,
    });
    account.devices.push(this);
  }

  type(text: string): void {
    this.text = text;
    this.sync.changed(channel);
  }
}

const pause = () => vi.advanceTimersByTimeAsync(pauseMs);

test("what is typed on one device is shown on the other, saved once for many letters", async () => {
  const account = new Account();
  const [phone, desk] = [new Device(account), new Device(account)];
  for (const text of ["h", "he", "hel"]) phone.type(text);
  await pause();
  expect([desk.text, account.saves]).toEqual(["hel", 1]);
  desk.type("hello");
  await pause();
  expect([phone.text, account.saves]).toEqual(["hello", 2]);
  phone.type("");
  await pause();
  expect([desk.text, account.draft.text]).toEqual(["", ""]);
});

test("what was typed before the page was connected is saved then", async () => {
  const account = new Account();
  const [desk, phone] = [new Device(account), new Device(account, { text: "early" })];
  await phone.sync.load();
  await pause();
  expect(desk.text).toBe("early");
});

test("words that a page never knew of are kept before those that were typed there meanwhile", async () => {
  const account = new Account();
  const desk = new Device(account);
  desk.type("from the desk");
  await pause();
  const phone = new Device(account, { text: "from the phone" });
  await phone.sync.load();
  await pause();
  expect([desk.text, phone.text]).toEqual(Array<string>(2).fill("from the desk\nfrom the phone"));
});

test("letters that are not saved yet are not replaced, and win", async () => {
  const account = new Account();
  const [phone, desk] = [new Device(account), new Device(account)];
  phone.type("from the phone");
  await vi.advanceTimersByTimeAsync(pauseMs / 2);
  desk.type("from the desk");
  await vi.advanceTimersByTimeAsync(pauseMs / 2);
  expect([phone.text, desk.text]).toEqual(["from the phone", "from the desk"]);
  await pause();
  expect([phone.text, desk.text, account.draft.text]).toEqual(Array<string>(3).fill("from the desk"));
});

test("a page that comes back takes what was written elsewhere, unless it has unsaved words", async () => {
  const account = new Account();
  const phone = new Device(account);
  phone.type("begun");
  await pause();
  const former = { text: phone.text, known: phone.known };
  phone.isOnline = false;
  const desk = new Device(account, former);
  desk.type("begun and ended");
  await pause();

  const reopened = new Device(account, former);
  await reopened.sync.load();
  expect(reopened.text).toBe("begun and ended");

  const unsaved = new Device(account, { ...former, text: "begun offline" });
  await unsaved.sync.load();
  expect(unsaved.text).toBe("begun offline");
  await pause();
  expect([account.draft.text, desk.text]).toEqual(["begun offline", "begun offline"]);
});
