import { expect } from "vitest";
import { gifCalls, messageToolCalls, pictureCalls, reportCalls, type MiscordClient } from "../index.ts";
import { movingPicture, tinyPicture } from "./tiny-picture.ts";

/**
 * Leaves what is no simple message: one that is edited, one with a poll, one that forwards the first, a report of that, a picture of
 * the client's user, and a GIF that they keep.
 */
export async function writeBeside(
  client: MiscordClient,
  { channelId, first, mark }: { channelId: number; first: number; mark: string },
): Promise<void> {
  const edited = await client.rest.createMessage(channelId, { content: `${mark} draft` });
  await client.rest.editMessage(edited.id, `${mark} edited`);
  const poll = { answers: [`${mark} a <b>`, "other"], multiple: false, anonymous: true, duration_s: null };
  await client.rest.createMessage(channelId, { content: "Which?", poll });
  await reportCalls(client.rest).report({ message_id: first, reason: "not nice", notify: false });
  await pictureCalls(client.rest).set({ kind: "me" }, tinyPicture);
  const { id } = await client.uploadAttachment(new File([movingPicture], `${mark}.gif`));
  await gifCalls(client.rest).add({ attachment_id: id });
  await messageToolCalls(client.rest).forward(first, { channel_id: channelId, content: `${mark} look` });
}

/** What an export of their author says of them. */
export function expectBeside(
  exported: readonly Record<string, unknown>[],
  files: ReadonlyMap<string, Buffer>,
  mark: string,
): void {
  expect(files.get("files/profile-picture.webp")!.subarray(8, 12).toString()).toBe("WEBP");
  const [gif] = [...files.keys()].filter((name) => /^files\/gif-\d+\.webp$/.test(name));
  expect(files.get(gif!)!.subarray(8, 12).toString()).toBe("WEBP");
  const of = (content: string) => exported.find((one) => one["content"] === content);
  expect(of(`${mark} edited`)).toMatchObject({ earlier_texts: [{ content: `${mark} draft` }] });
  expect(of("Which?")).toMatchObject({ poll_answers: [`${mark} a <b>`, "other"] });
  expect(of(`${mark} look`)).toMatchObject({ forwarded: { content: "hello" } });
}
