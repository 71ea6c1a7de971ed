import { expect, test } from "vitest";
import { sampleUser } from "../features/chat/sample-message.ts";
import { type Destination, searchDestinations } from "./destinations.ts";

const run = () => {};
const all: readonly Destination[] = [
  { key: "c1", kind: "channel", name: "general", detail: "Home", isUnread: false, path: "/channels/1/1" },
  { key: "c2", kind: "channel", name: "планы", detail: "Home", isUnread: false, path: "/channels/1/2" },
  { key: "v1", kind: "voice", name: "Voice lounge", detail: "Home", channelId: 3, path: "/channels/1/3" },
  {
    key: "p1",
    kind: "person",
    name: "Ирина",
    aliases: ["irina_k"],
    detail: "@irina_k",
    serverId: 1,
    user: sampleUser(1),
  },
  { key: "s1", kind: "server", name: "Home", detail: "", serverId: 1, path: "/channels/1/1" },
  { key: "m1", kind: "command", name: "Voice", aliases: ["Settings"], detail: "Settings", run },
  { key: "m2", kind: "command", name: "Create a channel", detail: "Command", run },
  { key: "m3", kind: "command", name: "Dark", aliases: ["Theme"], detail: "Theme", run },
];
const keys = (query: string) => searchDestinations(all, query).map(({ key }) => key);

test.each([
  ["gen", ["c1"]],
  ["ПЛАН", ["c2"]],
  ["lounge", ["v1"]],
  ["ирин", ["p1"]],
  ["Irina", ["p1"]],
  ["voice", ["m1", "v1"]],
  ["theme", ["m3"]],
  ["dark theme", ["m3"]],
  ["theme da", ["m3"]],
  ["settings voice", ["m1"]],
  ["home gen", ["c1"]],
  ["k irina", ["p1"]],
  ["create ch", ["m2"]],
  ["ｇｅｎ", ["c1"]],
  ["nothing like that", []],
])("the quick switcher finds for “%s” %j", (query, found) => {
  expect(keys(query)).toEqual(found);
});

test.each([
  ["#", ["c1", "c2", "v1"]],
  ["@", ["p1"]],
  ["@iri", ["p1"]],
  [">dark", ["m3"]],
  ["#irina", []],
])("the quick switcher's prefix in “%s” keeps the kinds %j", (query, found) => {
  expect(keys(query)).toEqual(found);
});
