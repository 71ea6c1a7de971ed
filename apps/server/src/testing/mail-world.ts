import { Writable } from "node:stream";
import type { AccountMail } from "@miscord/protocol";
import { pino } from "pino";
import { expect } from "vitest";
import type { Config } from "../config.ts";
import { startMailServer, type MailServer, type ReceivedMail } from "./mail-server.ts";
import { ManualClock } from "./manual-clock.ts";
import { TestClient } from "./test-client.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

export const publicUrl = "https://chat.example.org";

/** An instance that sends mails, and the server that receives them. */
export interface MailWorld {
  readonly server: TestServer;
  readonly smtp: MailServer;
  readonly clock: ManualClock;
  /** What the server logged, at its most talkative. */
  readonly logged: () => string;
  /** Resolves with the number-th mail to the address, from 1, once it arrived. */
  mailTo(address: string, number?: number): Promise<ReceivedMail>;
  /** Resolves once everything that was in the outbox has been sent or dropped. */
  settled(): Promise<void>;
  /** A user whose address `<username>@example.org` is confirmed. */
  confirmed(username: string, extra?: Record<string, unknown>): Promise<TestClient>;
  cleanup(): Promise<void>;
}

export async function openMailWorld(changes: Partial<Config> = {}): Promise<MailWorld> {
  const clock = new ManualClock(Date.now());
  const smtp = await startMailServer();
  let logged = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const settings = { publicUrl, smtpUrl: smtp.url, smtpFrom: "miscord@example.org", ...changes };
  const server = await startTestServer(settings, { clock, logger: pino({ level: "trace" }, stream) });
  const mailsTo = (address: string) => smtp.received.filter(({ to }) => to.includes(address));
  async function mailTo(address: string, number = 1): Promise<ReceivedMail> {
    await expect.poll(() => (clock.leap(1_000), mailsTo(address).length)).toBeGreaterThanOrEqual(number);
    return mailsTo(address)[number - 1]!;
  }
  const admin = await TestClient.register(server.url, "root", {
    claim_token: new URL(server.claimUrl!).hash.slice(1),
    email: undefined,
  });
  async function waiting(): Promise<number> {
    await admin.refresh();
    return (await admin.get<{ waiting: number }>("/api/admin/mail")).waiting;
  }
  return {
    server,
    smtp,
    clock,
    logged: () => logged,
    mailTo,
    settled: () => expect.poll(() => (clock.leap(1_000), waiting())).toBe(0),
    async confirmed(username, extra) {
      const client = await TestClient.register(server.url, username, extra);
      const token = tokenIn(await mailTo(`${username}@example.org`));
      const mail = await client.post<AccountMail>("/api/auth/email/confirm", { token });
      expect(mail).toMatchObject({ email: `${username}@example.org`, confirmed: true, pending: null });
      return client;
    },
    async cleanup() {
      await server.cleanup();
      await smtp.close();
    },
  };
}

/** The secret of the link in a mail, which is the same in its text and its HTML. */
export function tokenIn({ text, html }: ReceivedMail): string {
  const token = new RegExp(`^${publicUrl}/[a-z-]+#([\\w-]{43})$`, "m").exec(text)?.[1];
  expect(token).toBeDefined();
  expect(html).toContain(`#${token}"`);
  return token!;
}
