import { expect } from "vitest";
import { patient } from "../checks/hearing.ts";
import type { Person } from "../person.ts";
import { callPanel } from "./call.ts";

/** Opens what is behind the closed lock of the call, and reads the code. */
export async function readCode(person: Person): Promise<string> {
  const { page, t } = person;
  await person.button(t("voice:encryption.on"), callPanel(person)).click();
  const code = await page.locator("[data-code]").getAttribute("data-code");
  await page.keyboard.press("Escape");
  await page.locator("[data-code]").waitFor({ state: "detached" });
  return code!;
}

/** Waits until everybody has the same code, which is none of these. */
export async function untilSameCode(people: readonly Person[], former: readonly string[] = []): Promise<string> {
  let code = "";
  await expect
    .poll(async () => {
      const codes = new Set<string>();
      for (const person of people) codes.add(await readCode(person));
      code = [...codes][0]!;
      return codes.size === 1 && !former.includes(code);
    }, patient)
    .toBe(true);
  return code;
}
