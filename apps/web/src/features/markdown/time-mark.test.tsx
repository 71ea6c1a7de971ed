import type { TimeStyle } from "@miscord/text";
import { createInstance } from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { expect, test, vi } from "vitest";
import { TimeMark } from "./time-mark.tsx";

test("a thousand moments of a message take a formatter for each of their styles", async () => {
  await createInstance().use(initReactI18next).init({ lng: "en", resources: {} });
  const styles: TimeStyle[] = ["t", "T", "d", "D", "f", "F"];
  const made = vi.spyOn(Intl, "DateTimeFormat");
  const marks = Array.from({ length: 1_000 }, (_, at) => (
    <TimeMark key={at} atMs={at * 86_400_000} style={styles[at % styles.length]!} />
  ));
  const markup = renderToStaticMarkup(marks);
  expect(made.mock.calls.length).toBeLessThanOrEqual(styles.length);
  made.mockRestore();
  expect(markup.match(/<time /g)).toHaveLength(1_000);
});
