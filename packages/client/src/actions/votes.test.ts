import { beforeEach, expect, test } from "vitest";
import { ChannelStory } from "../testing/channel-story.ts";

let story: ChannelStory;
let bodies: number[][];
let held: ((answer: Response) => void)[];

beforeEach(async () => {
  story = await ChannelStory.begin();
  [bodies, held] = [[], []];
  story.server.answers.set("PUT /api/messages/7/vote", (body) => {
    bodies.push((body as { answers: number[] }).answers);
    return new Promise<Response>((resolve) => held.push(resolve));
  });
  return () => story.client.close();
});

const chosen = () => story.client.store.getState().votes[7]?.answers;
const add = (place: number) => (answers: readonly number[]) => [...answers, place];
const answer = (seq: number) => held.shift()!(Response.json({ answers: bodies.at(-1), seq }));
const sent = (count: number) => expect.poll(() => bodies.length).toBe(count);

test("answers that are pressed while an earlier one is on its way are added, and sent together after it", async () => {
  const votes = await story.client.votes();
  const casts = [0, 1, 2].map((place) => votes.cast(7, add(place)));
  expect(chosen()).toEqual([0, 1, 2]);
  await sent(1);
  answer(5);
  await sent(2);
  expect(bodies).toEqual([[0], [0, 1, 2]]);
  expect(chosen()).toEqual([0, 1, 2]);
  answer(6);
  await Promise.all(casts);
  expect(chosen()).toEqual([0, 1, 2]);
});

test("a vote that is refused leaves what the server has", async () => {
  const votes = await story.client.votes();
  const casts = [0, 1].map((place) => votes.cast(7, add(place)));
  const ends = Promise.allSettled(casts);
  await sent(1);
  answer(5);
  await sent(2);
  held.shift()!(Response.json({ error: { code: "conflict", message: "no" } }, { status: 409 }));
  expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(chosen()).toEqual([0]);
  const again = votes.cast(7, [1]);
  await sent(3);
  answer(8);
  await again;
  expect(chosen()).toEqual([1]);
});
