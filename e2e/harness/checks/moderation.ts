import { expect } from "vitest";
import { callPanel, ignoringMutes, joinCall, marked, moderate, pressInCall } from "../actions/call.ts";
import type { Person } from "../person.ts";
import { expectHears, expectSilence } from "./hearing.ts";

/**
 * In a call in which everybody hears everybody: the first, who owns the server, mutes the second, whose client goes on
 * sending and joins again, deafens the third, and ends both.
 */
export async function expectModeration(people: readonly Person[]): Promise<void> {
  const [owner, muted, other] = people as [Person, Person, Person];
  await ignoringMutes(muted, async () => {
    await moderate(owner, muted.name, "mute");
    await expectSilence(other, muted);
    await expectHears(other, owner);
    await marked(other, muted.name, "server_muted").waitFor();
    await muted.page.getByText(muted.t("voice:restraint.muted")).waitFor();
    expect(await muted.button(muted.t("voice:panel.mute"), callPanel(muted)).isDisabled()).toBe(true);
    await pressInCall(muted, "leave");
    await joinCall(muted);
    await expectHears(muted, other);
    await expectSilence(other, muted);
    await moderate(owner, muted.name, "unmute");
  });
  await expectHears(other, muted);
  await moderate(owner, other.name, "deafen");
  await expectSilence(other, muted);
  await expectHears(owner, muted);
  await moderate(owner, other.name, "undeafen");
  await expectHears(other, muted);
}
