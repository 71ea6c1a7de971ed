import { expect, test } from "vitest";
import { innerLinkOf } from "./inner-link.ts";

const origin = "https://chat.example";

test("addresses of messages, channels and invites of this instance are inner links", () => {
  expect(innerLinkOf(`${origin}/channels/1/2/3`, origin)).toEqual({
    kind: "channel",
    path: "/channels/1/2/3",
    channelId: 2,
    messageId: 3,
  });
  expect(innerLinkOf(`${origin}/channels/1/2`, origin)).toMatchObject({ channelId: 2, messageId: null });
  expect(innerLinkOf(`${origin}/invite/aB-9`, origin)).toMatchObject({ kind: "invite", code: "aB-9" });
});

test.each([
  "https://other.example/channels/1/2/3",
  "http://chat.example/channels/1/2/3",
  `${origin}/channels/1/x`,
  `${origin}/settings`,
  `${origin}/api/attachments/1/a.png`,
  "mailto:a@chat.example",
])("%s is not an inner link", (href) => expect(innerLinkOf(href, origin)).toBeNull());
