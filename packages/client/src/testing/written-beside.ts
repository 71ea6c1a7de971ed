import { expect } from "vitest";
import { messageToolCalls, type MiscordClient } from "../index.ts";

/** Writes messages that have more than their present text: one that is edited, one with a poll, one that forwards the first. */
export async function writeBeside(
  client: MiscordClient,
  { channelId, first, mark }: { channelId: number; first: number; mark: string },
): Promise<void> {
  const edited = await client.rest.createMessage(channelId, { content: `${mark} draft` });
  await client.rest.editMessage(edited.id, `${mark} edited`);
  const poll = { answers: [`${mark} a <b>`, "other"], multiple: false, anonymous: true, duration_s: null };
  await client.rest.createMessage(channelId, { content: "Which?", poll });
  await messageToolCalls(client.rest).forward(first, { channel_id: channelId, content: `${mark} look` });
}

/** What an export of their author says of them. */
export function expectBeside(exported: readonly Record<string, unknown>[], mark: string): void {
  const of = (content: string) => exported.find((one) => one["content"] === content);
  expect(of(`${mark} edited`)).toMatchObject({ earlier_texts: [{ content: `${mark} draft` }] });
  expect(of("Which?")).toMatchObject({ poll_answers: [`${mark} a <b>`, "other"] });
  expect(of(`${mark} look`)).toMatchObject({ forwarded: { content: "hello" } });
}
