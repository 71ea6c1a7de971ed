import type { Random } from "../../testing/random.ts";
import { bodies, isUpload, type Body, type CallWorld } from "./call-bodies.ts";

/** As fields of texts, numbers, times, lists and objects. */
const garbage: readonly ((random: Random) => unknown)[] = [
  () => -1,
  () => 0.5,
  () => 2 ** 53,
  () => 1e308,
  () => null,
  () => true,
  () => "",
  () => " \t\n",
  () => "\u0000",
  () => "\ud800",
  () => "\u202e\u200b",
  () => "'; drop table users; --",
  () => "💥".repeat(3_000),
  () => "x".repeat(20_000),
  () => "+275760-09-13T00:00:00.001Z",
  () => "0000-00-00T99:99:99Z",
  () => "javascript:alert(1)",
  () => [],
  () => ({}),
  () => Array.from({ length: 2_000 }, (_, index) => index),
  () => [null, [[]], { x: 1 }],
  () => ({ length: 1e9, toString: "x" }),
  (random) => random.bytes(20).toString("latin1"),
];
const badTexts = [
  "abc",
  "-1",
  "0",
  "1.5",
  "1e3",
  "0x10",
  "99999999999999999999",
  "%00",
  "%ff",
  "%F0%9F%92%A5",
  "%2e%2e%2f",
];
const badBodies = [
  "",
  "{",
  "null",
  "[]",
  '"x"',
  "[".repeat(20_000),
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{}}',
];
const badTypes = [
  "text/plain",
  "image/png",
  "audio/ogg",
  "application/octet-stream",
  "multipart/form-data; boundary=x",
];
const fileStarts = [
  ["image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
  ["image/gif", "GIF89a"],
  ["image/jpeg", "\xff\xd8\xff\xe0\0\x10JFIF"],
  ["image/webp", "RIFF\xff\xff\xff\xffWEBPVP8X"],
  ["audio/ogg", "OggS\0\x02"],
  ["audio/mpeg", "ID3\x04\0\0\x7f\x7f\x7f\x7f"],
  ["application/octet-stream", ""],
] as const;
const queryNames = [
  "limit",
  "before",
  "after",
  "around",
  "around_seq",
  "cursor",
  "q",
  "status",
  "order",
  "tags",
  "time",
];
const moreQueryNames = [
  "answer",
  "range",
  "of",
  "ids",
  "page",
  "query",
  "name",
  "aliases",
  "volume",
  "emoji",
  "at",
  "type",
];

export interface HostileCall {
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
}

/** A call of the route in which something is wrong: a part of the path, the query, a field, or the whole body. */
export function hostileCall(random: Random, route: { method: string; url: string }, world: CallWorld): HostileCall {
  const { method, url } = route;
  const takesBody = method === "POST" || method === "PUT" || method === "PATCH";
  const hasParts = url.includes(":");
  // Deleting what the other calls are about would end it.
  const isPathWrong = hasParts && (method === "DELETE" || random.below(4) === 0);
  const path = pathOf(random, url, world, isPathWrong) + (random.below(3) === 0 ? queryOf(random) : "");
  if (!takesBody) return { method, path, body: undefined, type: "" };
  if (url === "/api/attachments") return { method, path, ...formOf(random) };
  if (isUpload(url) && random.below(4) > 0)
    return { method, path: `${path}${path.includes("?") ? "&" : "?"}name=xx`, ...fileOf(random) };
  if (random.below(6) === 0) return { method, path, body: random.pick(badBodies), type: "application/json" };
  if (random.below(8) === 0) return { method, path, body: "x".repeat(100), type: random.pick(badTypes) };
  const known = bodies[`${method} ${url}`];
  const body = spoilt(random, known ? known(world) : anyFields(random, world));
  return { method, path, body: JSON.stringify(body), type: "application/json" };
}

function pathOf(random: Random, url: string, world: CallWorld, isWrong: boolean): string {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const wrong = isWrong ? random.pick(names) : null;
  return url.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (name === wrong) return random.below(4) === 0 ? "987654321" : random.pick(badTexts);
    return String(world[name as keyof CallWorld] ?? "x");
  });
}

function queryOf(random: Random): string {
  const names = [...queryNames, ...moreQueryNames];
  const parts = Array.from({ length: 1 + random.below(3) }, () => `${random.pick(names)}=${random.pick(badTexts)}`);
  return `?${parts.join("&")}`;
}

/** A file that is none, or ends too early. */
function fileOf(random: Random): { body: Uint8Array<ArrayBuffer>; type: string } {
  const [type, start] = random.pick(fileStarts);
  return { body: new Uint8Array(Buffer.concat([Buffer.from(start, "latin1"), random.bytes(random.below(400))])), type };
}

/** A form with a file, such as that of a voice message. */
function formOf(random: Random): { body: Uint8Array<ArrayBuffer>; type: string } {
  const { body, type } = fileOf(random);
  const field = (name: string) => {
    const value = random.pick(garbage)(random);
    const text = typeof value === "string" ? value.slice(0, 3_000) : JSON.stringify(value).slice(0, 3_000);
    return `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  };
  const fields = ["duration_ms", "waveform", "__proto__"].filter(() => random.below(2) === 0).map(field);
  const name = random.pick(["x.png", "", "..\\..\\x", "x".repeat(2_000), "\u0000", "\u202e.exe"]);
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`;
  const end = random.pick(["\r\n--x--\r\n", "\r\n--x", ""]);
  return {
    body: new Uint8Array(Buffer.concat([Buffer.from(fields.join("") + head), body, Buffer.from(end)])),
    type: random.pick(["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=y"]),
  };
}

function anyFields(random: Random, world: CallWorld): Body {
  const all = Object.values(bodies).map((bodyOf) => bodyOf(world));
  return { ...random.pick(all), ...random.pick(all) };
}

/** The value with garbage at one place, at any depth. */
function spoilt(random: Random, value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || (depth > 0 && random.below(3) === 0))
    return random.pick(garbage)(random);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(garbage)(random);
  const key = random.pick(keys);
  const at = spoilt(random, (value as Record<string, unknown>)[key], depth + 1);
  return Array.isArray(value) ? value.with(Number(key), at) : { ...value, [key]: at };
}
