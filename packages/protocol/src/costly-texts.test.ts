import { expect, test } from "vitest";
import { automodRuleBody, channelPatch, nicknameBody, profileBody, registerBody } from "./schemas.ts";

/** As long as the body of a request may be. */
const texts: Record<string, string> = {
  "marks out of order": `a${"\u0315".repeat(15_000)}${"\u0316".repeat(15_000)}`,
  "what is idle only once the character before it is gone": "\uFE0F\u200C".repeat(10_000),
  "many places where a part may end": `${"a".repeat(30_000)}*${"b".repeat(30_000)}`,
};

test.each(Object.entries(texts))("a text is refused in no long time for %s", (_, text) => {
  const before = process.threadCpuUsage();
  const words = { kind: "words", words: [text] };
  const results = [
    registerBody.safeParse({ username: text, display_name: text, password: "correct horse battery" }),
    profileBody.safeParse({ display_name: text }),
    nicknameBody.safeParse({ nickname: text }),
    channelPatch.safeParse({ topic: text }),
    automodRuleBody.safeParse({ name: text, trigger: words, actions: {} }),
  ];
  expect(results.map(({ success }) => success)).toEqual([false, false, false, false, false]);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(500);
});

test("a text that is too long says how long it may be", () => {
  const { error } = registerBody.safeParse({ username: "a".repeat(1_000), password: "correct horse battery" });
  expect(error?.issues[0]).toMatchObject({ path: ["username"], message: expect.stringContaining("<=32") });
});
