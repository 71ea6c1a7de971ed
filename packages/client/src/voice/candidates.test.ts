import { expect, test } from "vitest";
import { hasTurnedCandidates, withCandidates } from "./candidates.ts";

const plain = "a=candidate:1 1 UDP 2122317823 192.0.2.1 7882 typ host\r\n";
const turned = "a=candidate:2 1 UDP 2122317567 192.0.2.1 7982 typ host turned 1\r\n";
const offer = (...lines: string[]) => `v=0\r\na=mid:mic\r\n${lines.join("")}a=end-of-candidates\r\n`;

test("an offer is answered with the addresses of one kind, and with those that there are when it has one kind only", () => {
  expect(hasTurnedCandidates(offer(plain, turned))).toBe(true);
  expect(withCandidates(offer(plain, turned), false)).toBe(offer(plain));
  expect(withCandidates(offer(plain, turned), true)).toBe(offer(turned));
  expect(hasTurnedCandidates(offer(plain))).toBe(false);
  expect(withCandidates(offer(plain), true)).toBe(offer(plain));
});
