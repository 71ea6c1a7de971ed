import { expect, test } from "vitest";
import { expectAccessible } from "../harness/accessibility.ts";
import { logIn, logOut, openSettings, register } from "../harness/arriving.ts";
import { phone } from "../harness/browser.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage();

test.each([
  { language: "en", viewport: undefined },
  { language: "ru", viewport: phone },
] as const)("registers, stays after a reload, logs out and in again ($language)", async ({ language, viewport }) => {
  const anna = await stage.stranger("Анна Ахматова", { language, ...(viewport && { viewport }) });
  await anna.open();
  await expect.poll(() => anna.page.title()).toContain(anna.t("auth:login.title"));
  await expectAccessible(anna.page);
  await anna.page.getByRole("link", { name: anna.t("auth:login.register") }).click();
  await register(anna);
  await anna.page.getByRole("heading", { name: anna.t("servers:none.heading") }).waitFor();

  await anna.page.reload();
  await anna.page.getByRole("heading", { name: anna.t("servers:none.heading") }).waitFor();

  await logOut(anna);
  await logIn(anna);
  await anna.page.getByRole("heading", { name: anna.t("servers:none.heading") }).waitFor();
  await openSettings(anna, "profile");
  await expect.poll(() => anna.field(anna.t("settings:profile.displayName")).inputValue()).toBe("Анна Ахматова");
  await expectAccessible(anna.page);
});
