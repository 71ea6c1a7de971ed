import { expect, test } from "vitest";
import { createFormat } from "./format.ts";
import { preferredLocale } from "./index.ts";

const now = new Date(2026, 4, 10, 15, 0);

test("relative times near the present are words", () => {
  const format = createFormat("en");
  expect(format.relative(new Date(2026, 4, 10, 14, 59, 40), now)).toBe("now");
  expect(format.relative(new Date(2026, 4, 10, 12, 0), now)).toBe("3 hours ago");
  expect(format.relative(new Date(2026, 4, 9, 15, 0), now)).toBe("yesterday");
  expect(format.relative(new Date(2026, 4, 17, 14, 59), now)).toBe("in 7 days");
});

test("the day format names today and yesterday and shows the date of other days", () => {
  const format = createFormat("ru");
  expect(format.day(new Date(2026, 4, 10, 0, 1), now)).toBe("Сегодня");
  expect(format.day(new Date(2026, 4, 9, 23, 59), now)).toBe("Вчера");
  expect(format.day(new Date(2026, 4, 8), now)).toBe("8 мая 2026 г.");
});

test("file sizes are written in the largest fitting unit", () => {
  expect(createFormat("en").fileSize(0)).toBe("0 B");
  expect(createFormat("en").fileSize(25 * 1024 * 1024)).toBe("25 MB");
  expect(createFormat("ru").fileSize(1_536)).toBe("1,5 кБ");
});

test("tenths keep one decimal digit with the separator of the language", () => {
  expect(createFormat("en").tenths(2.5)).toBe("2.5");
  expect(createFormat("ru").tenths(2.5)).toBe("2,5");
  expect(createFormat("ru").tenths(0)).toBe("0,0");
});

test("the preferred locale is the browser's first supported language", () => {
  expect(preferredLocale(null, ["de-DE", "ru-RU", "en"])).toBe("ru");
  expect(preferredLocale(null, ["fr"])).toBe("en");
  expect(preferredLocale("ru", ["en"])).toBe("ru");
});
