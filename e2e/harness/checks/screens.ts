import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { desktop, phone } from "../browser.ts";
import type { Person, PersonOptions } from "../person.ts";
import { expectAccessible } from "./accessibility.ts";
import { atRest } from "./at-rest.ts";
import { isLongForm } from "../variants.ts";
import { expectReachable } from "./reachable.ts";

const settings = [
  { locale: "ru", theme: "light", viewport: desktop },
  { locale: "en", theme: "dark", viewport: phone },
  ...(isLongForm
    ? ([
        { locale: "en", theme: "dark", viewport: desktop },
        { locale: "ru", theme: "dark", viewport: phone },
        { locale: "en", theme: "light", viewport: phone },
      ] as const)
    : []),
] as const satisfies readonly PersonOptions[];
/** Each size, theme and language; with EVERY_SCREEN every combination of theme and size, and each language in both sizes. */
export const screenVariants = settings.map((options) => ({
  ...options,
  size: options.viewport === phone ? "phone" : "desktop",
}));
/**
 * For dialogs and stories, which are looked at in one of the variants; with EVERY_SCREEN in every one. Those that have a
 * layout of their own on a phone are looked at there.
 */
export const onOneDesktop = isLongForm ? screenVariants : screenVariants.slice(0, 1);
export const onOnePhone = isLongForm ? screenVariants : screenVariants.slice(1, 2);
const output = new URL("../../output/screens", import.meta.url).pathname;

/**
 * The screen has no accessibility problem. The long form of the tests leaves a picture of it in e2e/output/screens, for
 * people to look at.
 */
export async function expectScreenAccessible(
  person: Person,
  { locale, theme, size }: (typeof screenVariants)[number],
  screen: string,
) {
  await atRest(person.page);
  if (isLongForm) {
    await mkdir(output, { recursive: true });
    await person.page.screenshot({ path: join(output, `${screen} ${size} ${theme} ${locale}.png`) });
  }
  await expectAccessible(person.page);
  // A phone has no keyboard, and its rows have their commands behind a long press.
  if (!person.isOnPhone) await expectReachable(person.page);
}
