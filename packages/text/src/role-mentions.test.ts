import { expect, test } from "vitest";
import { markRoles, mentionsOf, parseMessage, plainText, withRoleNames } from "./index.ts";
import { sketch } from "./testing/sketch.ts";

const roles = [
  { id: 5, name: "Crew" },
  { id: 6, name: "Crew lead" },
  { id: 7, name: "Команда" },
];

test("a mark names a role, but in code, links, spoilers and escapes", () => {
  expect(mentionsOf("<@&5> and **<@&6>**, <@&5>").roles).toEqual([5, 6]);
  for (const text of ["`<@&5>`", "||<@&5>||", "\\<@&5>", "[<@&5>](https://example.org)", "<@&0>", "<@5>", "<@&>"]) {
    expect(mentionsOf(text).roles, text).toBeUndefined();
  }
  expect(sketch(parseMessage("_<@&5>_"))).toContain("<role>5</>");
  expect(withRoleNames(plainText("**<@&5>** <@&9>"), (id) => roles.find((role) => role.id === id)?.name)).toBe(
    "@Crew <@&9>",
  );
});

test("@here addresses those who are online and is nobody's name", () => {
  expect(mentionsOf("@Here @bob")).toMatchObject({ here: true, everyone: false, names: ["bob"] });
});

test("a role's name becomes its mark where the grammar reads a mention, the longest name first", () => {
  for (const [typed, sent] of [
    ["@crew lead, @Crew @команда!", "<@&6>, <@&5> <@&7>!"],
    ["@crews @Crew_2 a@crew @@crew", "@crews @Crew_2 a@crew @@crew"],
    ["`@Crew` ||@Crew|| @Crew", "`@Crew` ||@Crew|| <@&5>"],
    ["<@&5> @crew", "<@&5> <@&5>"],
    ["nobody", "nobody"],
  ] as const) {
    expect(markRoles(typed, roles), typed).toBe(sent);
  }
});
