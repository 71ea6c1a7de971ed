import { parentPort, workerData } from "node:worker_threads";
import type { AddressRules } from "../outgoing/address-rules.ts";
import type { LinkReader } from "../domain/ports.ts";
import { PublicHttps } from "../outgoing/public-https.ts";
import { PublicPages } from "../outgoing/public-pages.ts";
import {
  errorOf,
  outcomeOf,
  type Call,
  type FromThread,
  type Outcome,
  type Question,
  type ThreadData,
  type ToThread,
} from "./messages.ts";

const port = parentPort;
if (!port) throw new Error("This file runs as a worker.");
const { userAgent, ca } = workerData as ThreadData;

const waiting = new Map<number, (outcome: Outcome) => void>();
let questions = 0;

async function ask<Value>(question: Question): Promise<Value> {
  const asked = (questions += 1);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  waiting.set(asked, resolve);
  port!.postMessage({ asked, question } satisfies FromThread);
  const outcome = await promise;
  if ("fault" in outcome) throw errorOf(outcome.fault);
  return outcome.value as Value;
}

const rules: AddressRules = {
  resolve: (text) => ask({ about: "resolve", text }),
  isPermitted: (text) => ask({ about: "isPermitted", text }),
  isPermittedPort: (text) => ask({ about: "isPermittedPort", text }),
  ...(ca !== undefined && { ca }),
};
const https = new PublicHttps(rules);
let reader: Promise<LinkReader> | undefined;

/** Loaded with the first link: a thread that sends pushes needs none. */
async function loadReader(): Promise<LinkReader> {
  const { createLinkReader } = await import("../previews/link-reader.ts");
  return createLinkReader(new PublicPages(rules, userAgent));
}

async function run(id: number, call: Call): Promise<unknown> {
  if (call.kind === "post") return https.post(call.url, { headers: call.headers, body: Buffer.from(call.body) });
  return (await (reader ??= loadReader()))[call.kind](call.address, (text) =>
    ask({ about: "mayCall", call: id, text }),
  );
}

async function answer(id: number, call: Call): Promise<void> {
  const outcome = await outcomeOf(() => run(id, call));
  port!.postMessage({ id, outcome } satisfies FromThread);
}

port.on("message", (message: ToThread) => {
  if ("id" in message) return void answer(message.id, message.call);
  waiting.get(message.asked)?.(message.outcome);
  waiting.delete(message.asked);
});
