import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "../person.ts";
import { message, say } from "./messages.ts";
import { act } from "./timeline.ts";

/** Anna (at a desktop) and Boris write, answer, edit, react and delete in one channel that both have open. */
export async function converse(anna: Person, boris: Person): Promise<void> {
  await writeAndAnswer(anna, boris);
  await edit(anna, boris);
  await react(anna, boris);
  await remove(anna, boris);
}

const answer = (person: Person): Locator => message(person, "конечно, в шесть");

async function writeAndAnswer(anna: Person, boris: Person): Promise<void> {
  await say(anna, "shall we meet?");
  await message(boris, "shall we meet?").waitFor();
  await act(boris, message(boris, "shall we meet?"), boris.t("chat:action.reply"));
  await say(boris, "конечно, в шесть");
  await answer(anna).getByText("shall we meet?").waitFor();
}

async function edit(anna: Person, boris: Person): Promise<void> {
  await act(anna, message(anna, /^A.*shall we meet\?/).first(), anna.t("chat:action.edit"));
  const editor = anna.field(anna.t("chat:edit.label"));
  await editor.fill("shall we meet today?");
  await editor.press("Enter");
  const edited = message(boris, "shall we meet today?").first();
  await edited.getByText(boris.t("chat:message.edited")).waitFor();
  await answer(boris).getByText("shall we meet today?").waitFor();
}

async function react(anna: Person, boris: Person): Promise<void> {
  await act(anna, answer(anna), anna.t("chat:action.react"));
  await anna.page
    .getByRole("searchbox")
    .or(anna.field(anna.t("chat:emoji.search")))
    .first()
    .fill("rocket");
  await anna.page
    .getByRole("gridcell", { name: /rocket/i })
    .first()
    .click();
  const [own, chip] = [anna, boris].map((person) => answer(person).getByRole("button", { name: /🚀/u }));
  await chip!.click();
  await expect.poll(() => own!.innerText()).toContain("2");
  await expect.poll(() => chip!.getAttribute("aria-pressed")).toBe("true");
  await chip!.click();
  await expect.poll(() => own!.innerText()).toContain("1");
  await own!.click();
  await expect.poll(() => chip!.count()).toBe(0);
}

async function remove(anna: Person, boris: Person): Promise<void> {
  await act(anna, message(anna, "shall we meet today?").first(), anna.t("chat:action.delete"));
  await anna.button(anna.t("chat:delete.confirm"), anna.dialog()).click();
  await answer(boris).getByText(boris.t("chat:message.originalDeleted")).waitFor();
  await expect.poll(() => message(boris, "shall we meet today?").count()).toBe(0);

  // With Shift held, deleting asks for no confirmation.
  await anna.page.keyboard.down("Shift");
  await say(boris, "и ещё");
  await act(anna, message(anna, "и ещё"), anna.t("chat:action.delete"));
  await anna.page.keyboard.up("Shift");
  await expect.poll(() => message(boris, "и ещё").count()).toBe(0);
}
