import { expect, test } from "vitest";
import { openStage } from "../harness/stage.ts";
import type { Person } from "../harness/person.ts";

/** No pointer is touched: everything is reached by keys, and whoever presses them sees where they are. */
const stage = openStage();

test("arrives, gathers and looks around by keyboard alone", async () => {
  const anna = await stage.stranger("Анна", { language: "ru" });
  const { page, t } = anna;
  const type = (text: string) => page.keyboard.type(text);
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

  await anna.open("/login");
  await page.getByRole("heading", { name: t("auth:login.title") }).waitFor();
  await tabTo(anna, t("auth:login.register"));
  await press("Enter");
  await focused(anna, t("auth:username"));
  await type(anna.username);
  await tabTo(anna, t("auth:register.displayName"));
  await type(anna.name);
  await tabTo(anna, t("auth:email"));
  await type(anna.email);
  await tabTo(anna, t("auth:password"));
  await type(anna.password);
  await press("Enter");
  await page.getByRole("heading", { name: t("servers:none.heading") }).waitFor();

  await tabTo(anna, t("servers:add.open"));
  await press("Enter");
  await focused(anna, t("servers:add.name"));
  await type("Друзья");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "общий" }).waitFor();

  await tabTo(anna, t("servers:channels.create"));
  await press("Enter");
  await focused(anna, t("servers:channelName"));
  await type("планы");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "планы" }).waitFor();

  await tabTo(anna, t("servers:channels.menu", { channel: "планы" }));
  await press("Enter");
  await focused(anna, t("servers:channels.markRead"));
  await arrowTo(anna, t("servers:channels.moveUp"));
  await press("Enter");
  await expect
    .poll(() =>
      page
        .getByRole("navigation", { name: /Друзья/ })
        .getByRole("list")
        .first()
        .getByRole("link")
        .allInnerTexts(),
    )
    .toEqual(["планы", "общий"]);

  await tabTo(anna, "Друзья");
  await press("Enter");
  await focused(anna, t("servers:invite.open"));
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(anna, t("servers:invite.create"));
  await press("Enter");
  await focused(anna, t("servers:invite.link"));
  await press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  // The focus comes back to what opened it.
  await focused(anna, "Друзья");

  await press("Control+k");
  await focused(anna, t("common:switcher.title"));
  await type("общ");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "общий" }).waitFor();
  await press("Alt+ArrowUp");
  await page.getByRole("heading", { level: 1, name: "планы" }).waitFor();
});

/** What has the focus, by the name that a screen reader says. */
async function focusedName(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return (element.getAttribute("aria-label") ?? label ?? element.textContent).trim();
  });
}

async function focused(person: Person, name: string): Promise<void> {
  await expect.poll(() => focusedName(person)).toBe(name);
}

async function arrowTo(person: Person, name: string): Promise<void> {
  for (let before = await focusedName(person); before !== name; before = await focusedName(person)) {
    await person.page.keyboard.press("ArrowDown");
    await expect.poll(() => focusedName(person)).not.toBe(before);
  }
}

/** Tab by Tab, as far as one round of the page; each stop shows a ring. */
async function tabTo(person: Person, name: string): Promise<void> {
  const stops: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await person.page.keyboard.press("Tab");
    stops.push(await focusedName(person));
    expect(await hasRing(person), `a ring around ${stops.at(-1)}`).toBe(true);
    if (stops.at(-1) === name) return;
  }
  throw new Error(`Tab does not lead to ${name} but to ${stops.join(" → ")}`);
}

function hasRing(person: Person): Promise<boolean> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return true;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const ringed = outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
    // Around the composer it is the frame that lights up; a whole pane shows by what is in it.
    return ringed || boxShadow !== "none" || element.matches('textarea, [role="dialog"], main');
  });
}
