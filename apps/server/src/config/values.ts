import { isIP } from "node:net";
import proxyAddress from "@fastify/proxy-addr";
import { z } from "zod";
import type { Rate } from "../concurrency/token-bucket.ts";
import { parseSmtpUrl } from "../mail/smtp-url.ts";
import { parseStorageLocation } from "../storage/location.ts";

/**
 * Schemas that parse settings from text. Each error message continues a sentence that starts with the setting's name.
 */

export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const fault = bounds("a whole number", min, max);
  return z.coerce.number(fault).int(fault).min(min, fault).max(max, fault);
}

/** Parses seconds and returns milliseconds. */
export function seconds(min: number, max: number) {
  const fault = bounds("a number of seconds", min, max);
  return z.coerce
    .number(fault)
    .min(min, fault)
    .max(max, fault)
    .transform((value) => Math.round(value * 1_000));
}

function bounds(what: string, min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `must be ${what}, ${min} or more` : `must be ${what} from ${min} to ${max}`;
}

export function oneOf<const T extends readonly [string, ...string[]]>(choices: T) {
  return z.enum(choices, `must be one of ${choices.join(", ")}`);
}

/** A JSON array of strings or a list with commas. */
const list = z.string().transform((text, context): string[] => {
  if (!text.trimStart().startsWith("[")) return items(text.split(","));
  try {
    return items(z.array(z.string()).parse(JSON.parse(text)));
  } catch {
    context.addIssue({ code: "custom", message: "must be a JSON array of strings or a list with commas" });
    return z.NEVER;
  }
});

function items(texts: string[]): string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** Some of these, each once. */
export function someOf<const T extends readonly [string, ...string[]]>(choices: T) {
  return list.transform((texts, context): T[number][] => {
    const known = new Set<string>(choices);
    const wrong = texts.find((text) => !known.has(text));
    if (wrong === undefined) return [...new Set(texts)];
    context.addIssue({ code: "custom", message: `must list some of ${choices.join(", ")}, not "${wrong}"` });
    return z.NEVER;
  });
}

export const origins = list.transform((texts, context) =>
  texts.map((text) => {
    if (text === "*") return text;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && url.origin !== "null") return url.origin;
    context.addIssue({ code: "custom", message: `must list origins like https://chat.example.org, not "${text}"` });
    return text;
  }),
);

/** Addresses and networks like 10.0.0.0/8, in the syntax of the proxy library. */
export const networks = list.refine((texts) => {
  try {
    proxyAddress.compile(texts);
    return true;
  } catch {
    return false;
  }
}, "must list addresses or networks like 127.0.0.1 or 10.0.0.0/8");

/** Host names and IP addresses. */
export const hosts = list.refine(
  (texts) => texts.every((text) => isIP(text) !== 0 || /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(text)),
  "must list IP addresses or host names",
);

export function url(protocols: readonly string[]) {
  const fault = `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), fault)
    .transform((text) => text.replace(/\/+$/, ""));
}

/** An address without a path: links are formed by appending a path to it. */
export function rootUrl(protocols: readonly string[]) {
  return url(protocols).refine((text) => {
    const { pathname, search, hash, username } = new URL(text);
    return pathname === "/" && search === "" && hash === "" && username === "";
  }, "must be an address without a path, like https://chat.example.org: Miscord is served at the root of a host");
}

export const nodeName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/,
    "must be at most 60 letters, digits, dots and dashes, and start with a letter or digit",
  );

/** A folder or a bucket of an S3-compatible store; undefined for `folder`, the one in the data folder. */
export const storageLocation = z.string().transform((text, context) => {
  if (text === "folder") return undefined;
  const location = parseStorageLocation(text);
  if (typeof location !== "string") return location;
  context.addIssue({ code: "custom", message: location });
  return z.NEVER;
});

/** The text of an address that `parseSmtpUrl` takes. */
export const smtpUrl = z.string().superRefine((text, context) => {
  const server = parseSmtpUrl(text);
  if (typeof server === "string") context.addIssue({ code: "custom", message: server });
});

/** STUN and TURN URLs: `stun:host:port`, `turns:host:port?transport=tcp`. */
export function iceUrls(schemes: readonly string[]) {
  const pattern = new RegExp(`^(?:${schemes.join("|")}):[^\\s/@]+$`);
  return list
    .transform((texts) => (texts[0] === "none" ? [] : texts))
    .refine(
      (texts) => texts.every((text) => pattern.test(text)),
      `must list addresses that start with ${schemes.map((scheme) => `${scheme}:`).join(" or ")}`,
    );
}

const periodSeconds: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };

/**
 * Parses `10/s,20`: ten a second with a burst of twenty. Without the second number, the burst is the count of the
 * period.
 */
export const rate = z.string().transform((text, context): Rate => {
  const [, count, period, burst] = /^(\d+)\/(s|min|h)(?:,(\d+))?$/.exec(text.replaceAll(" ", "")) ?? [];
  const perSecond = Number(count) / periodSeconds[period ?? "s"]!;
  if (perSecond > 0 && Number(burst ?? count) >= 1) return { perSecond, burst: Number(burst ?? count) };
  context.addIssue({ code: "custom", message: 'must be a rate like "10/s,20", "60/min" or "30/h"' });
  return z.NEVER;
});

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const usualWeeklyTime = { day: 1, minute: 9 * 60 };

/** `mon 09:00`, or `off`; a day from 0 (Sunday) and a minute of it. */
export const weeklyTime = z.string().transform((text, context) => {
  if (text === "off") return { ...usualWeeklyTime, isTold: false };
  const [, name, hour, minute] = /^([a-z]{3}) (\d\d):(\d\d)$/.exec(text.toLowerCase()) ?? [];
  const day = days.indexOf(name ?? "");
  if (day !== -1 && Number(hour) < 24 && Number(minute) < 60) {
    return { day, minute: Number(hour) * 60 + Number(minute), isTold: true };
  }
  context.addIssue({ code: "custom", message: "must be a day and a time such as mon 09:00, or off" });
  return z.NEVER;
});
