import { expect, test } from "vitest";
import { inviteCodeOf, safeNext } from "./paths.ts";

test.each([
  ["abc123", "abc123"],
  [" https://chat.example/invite/abc123 ", "abc123"],
  ["chat.example/invite/abc123?x=1#y", "abc123"],
  ["/invite/abc123/", "abc123"],
])("the invite code in %j is %j", (input, code) => {
  expect(inviteCodeOf(input)).toBe(code);
});

test.each([
  ["/invite/x", "/invite/x"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/\n\\evil.example", "/"],
  ["https://evil.example", "/"],
  [null, "/"],
])("the next path %j after login becomes %s", (next, path) => {
  expect(safeNext(next)).toBe(path);
});
