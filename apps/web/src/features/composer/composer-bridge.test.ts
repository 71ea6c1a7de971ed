import { afterEach, expect, test } from "vitest";
import { insertIntoComposer, registerComposer } from "./composer-bridge.ts";

let mounted: (() => void)[] = [];
const mount = (serverId: number) => {
  const texts: string[] = [];
  mounted.push(registerComposer(serverId, (text) => texts.push(text)));
  return texts;
};
const unmountAll = () => {
  for (const unmount of mounted) unmount();
  mounted = [];
};

afterEach(unmountAll);

test("text goes to the mounted composer of its server", () => {
  const texts = mount(1);
  insertIntoComposer(1, "@bob ", () => expect.unreachable());
  expect(texts).toEqual(["@bob "]);
});

test("text for another server waits for the composer that is opened for it, and is inserted once", () => {
  const here = mount(1);
  let there: string[] = [];
  insertIntoComposer(2, "@bob ", () => {
    unmountAll();
    there = mount(2);
  });
  expect([here, there, mount(2)]).toEqual([[], ["@bob "], []]);
});

test("text is forgotten when a composer of a third server is mounted", () => {
  insertIntoComposer(2, "@bob ", () => {});
  expect([mount(3), mount(2)]).toEqual([[], []]);
});
