import { describe, expect, test } from "vitest";
import { bitsOf, lacksTag, mayChangeTags } from "./index.ts";

const facts = {
  userId: 1,
  ownerId: 2,
  isMember: true,
  isAdmin: false,
  permissions: bitsOf("viewChannel", "sendMessages"),
};
const moderator = { ...facts, permissions: bitsOf("viewChannel", "manageThreads") };
const tags = [
  { id: 1, moderated: false },
  { id: 2, moderated: true },
];

describe("the tags of a post", () => {
  test("that are moderated are given, kept and taken away by those who manage threads", () => {
    expect(mayChangeTags(facts, tags, [], [1])).toBe(true);
    expect(mayChangeTags(facts, tags, [2], [1, 2])).toBe(true);
    expect(mayChangeTags(facts, tags, [], [2])).toBe(false);
    expect(mayChangeTags(facts, tags, [1, 2], [1])).toBe(false);
    expect(mayChangeTags(moderator, tags, [2], [1])).toBe(true);
  });

  test("are required only where the author can choose one", () => {
    expect(lacksTag(facts, { tags, requires_tag: true }, [])).toBe(true);
    expect(lacksTag(facts, { tags, requires_tag: true }, [1])).toBe(false);
    expect(lacksTag(facts, { tags, requires_tag: false }, [])).toBe(false);
    expect(lacksTag(facts, { tags: tags.slice(1), requires_tag: true }, [])).toBe(false);
    expect(lacksTag(moderator, { tags: tags.slice(1), requires_tag: true }, [])).toBe(true);
  });
});
