import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { RecentAnswers } from "./recent-answers.ts";

test("an answer is kept for its time, for the latest questions, unless it failed or is not to be kept", async () => {
  const clock = new ManualClock();
  const answers = new RecentAnswers<string>(clock, { ms: 1_000, count: 2 });
  let asked = 0;
  const ask = async () => `answer ${(asked += 1)}`;
  expect(await Promise.all([answers.get("a", ask), answers.get("a", ask)])).toEqual(["answer 1", "answer 1"]);
  await answers.get("b", ask);
  await answers.get("c", ask);
  expect(await answers.get("c", ask)).toBe("answer 3");
  expect(await answers.get("a", ask)).toBe("answer 4");
  clock.advance(1_001);
  expect(await answers.get("a", ask)).toBe("answer 5");
  await expect(answers.get("d", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await answers.get("d", ask, () => false)).toBe("answer 6");
  expect(await answers.get("d", ask)).toBe("answer 7");
});
