import type {
  AuthenticatorSecret,
  ChannelState,
  Message,
  OnboardingState,
  RecoveryCodes,
  ServerState,
} from "@miscord/protocol";
import { Secret as TotpSecret, TOTP } from "otpauth";
import { expect } from "vitest";
import { TestClient } from "../../apps/server/src/testing/test-client.ts";
import { TestSocket } from "../../apps/server/src/testing/test-socket.ts";
import { type ApiError, createClient, type MiscordClient } from "@miscord/client";
import { createCookieFetch } from "@miscord/client/testing";

const password = "correct horse battery";

/** A channel that somebody may not see: what would betray it. */
export interface Secret {
  channelId: number;
  /** Names and texts that are found nowhere else. */
  words: ReadonlySet<string>;
  messageId: number | null;
  fileUrl: string | null;
}

/** Sets up an authenticator app, and logs the SDK in with one of the recovery codes that came with it. */
async function logInWithFactor(sdk: MiscordClient, http: TestClient, username: string): Promise<void> {
  const { secret } = await http.post<AuthenticatorSecret>("/api/auth/authenticator");
  const code = new TOTP({ secret: TotpSecret.fromBase32(secret) }).generate();
  const set = await http.request<RecoveryCodes>("PUT", "/api/auth/authenticator", { body: { code } });
  const refused = await sdk.login({ username, password }).catch((error: unknown) => error);
  const { ticket } = (refused as ApiError).details as { ticket: string };
  await sdk.login({ ticket, code: set.body.recovery_codes[0]! });
}

/** One member on every way in: HTTP, the SDK, `/ws/main`, and the sockets of version 1. */
export class Person {
  readonly http: TestClient;
  readonly sdk: MiscordClient;
  readonly main: TestSocket;
  readonly notifications: TestSocket;
  readonly hasFactor: boolean;
  readonly #url: string;

  private constructor(url: string, http: TestClient, sdk: MiscordClient, hasFactor: boolean) {
    this.#url = url;
    this.hasFactor = hasFactor;
    this.http = http;
    this.sdk = sdk;
    this.main = this.dial("/ws/main");
    this.notifications = this.dial("/ws/legacy/notifications");
  }

  static async arrive(url: string, name: string, { hasFactor = false } = {}): Promise<Person> {
    const http = await TestClient.register(url, name);
    const sdk = createClient({ baseUrl: url, fetch: createCookieFetch(), locks: null });
    if (hasFactor) await logInWithFactor(sdk, http, name);
    else await sdk.login({ username: name, password });
    const person = new Person(url, http, sdk, hasFactor);
    await person.main.next("connection_established");
    while (!sdk.store.getState().connection.ready) await new Promise((resolve) => setTimeout(resolve, 20));
    return person;
  }

  get id(): number {
    return this.http.me.id;
  }

  dial(path: string): TestSocket {
    return new TestSocket(
      `${this.#url.replace("http", "ws")}${path}${path.includes("?") ? "&" : "?"}token=${this.http.token}`,
    );
  }

  close(): void {
    this.sdk.close();
    for (const socket of [this.main, this.notifications]) socket.ws.terminate();
  }

  /** Everything that was received on the sockets so far, to be cut at a length of before. */
  received(): { main: number; notifications: number } {
    return { main: this.main.frames.length, notifications: this.notifications.frames.length };
  }

  /** Names and texts of the secret in what was received since. */
  heardSince(mark: { main: number; notifications: number }, secret: Secret): string[] {
    const frames = this.main.frames.slice(mark.main).filter((frame) => mentions(JSON.stringify(frame), secret));
    // Version 1 calls a server a channel.
    const old = this.notifications.frames
      .slice(mark.notifications)
      .filter((frame) => mentions(JSON.stringify(frame), secret, "voice_channel_id"));
    // That the channel is gone is the one thing to be told of it.
    const isFarewell = (text: string) => /"channel_removed"|"deleted_channel_id"/.test(text);
    return [...frames, ...old].map((frame) => JSON.stringify(frame)).filter((text) => !isFarewell(text));
  }
}

function mentions(text: string, { channelId, words }: Secret, field = "channel_id"): boolean {
  return (
    [...words].some((word) => text.includes(word)) ||
    new RegExp(`"(${field}|category_id|parent_id)":${channelId}[,}]`).test(text)
  );
}

type Way = (person: Person, secret: Secret, serverId: number) => Promise<unknown>;

/**
 * Every way to learn of a channel. A feature that adds one adds it here. Each fails, or shows something, when the channel
 * is visible, and must look like that of a channel that does not exist otherwise.
 */
export const waysIn: Readonly<Record<string, Way>> = {
  async "the list of servers"(person, secret) {
    expect(mentions(JSON.stringify(await person.http.get("/api/servers")), secret)).toBe(false);
  },
  async "one server"(person, secret, serverId) {
    const server = await person.http.get<ServerState>(`/api/servers/${serverId}`);
    expect(mentions(JSON.stringify(server), secret)).toBe(false);
    expect(server.channels.map((channel: ChannelState) => channel.id)).not.toContain(secret.channelId);
    expect(server.voice_states.map((state) => state.channel_id)).not.toContain(secret.channelId);
  },
  async notifications(person, secret) {
    expect(mentions(JSON.stringify(await person.http.get("/api/notifications")), secret)).toBe(false);
  },
  async search(person, secret) {
    await expectAbsent(person, "GET", `/api/search?q=x&channel_id=${secret.channelId}`);
    await expectAbsent(person, "GET", `/api/search?pinned=true&channel_id=${secret.channelId}`);
    expect(mentions(JSON.stringify(await person.http.get("/api/search?pinned=true")), secret)).toBe(false);
    for (const word of secret.words) {
      const found = await person.http.get(`/api/search?q=${encodeURIComponent(word)}`);
      expect(mentions(JSON.stringify(found), secret)).toBe(false);
    }
  },
  async "the onboarding"(person, secret, serverId) {
    const { onboarding } = await person.http.get<OnboardingState>(`/api/servers/${serverId}/onboarding`);
    const shown = onboarding.questions.flatMap(({ answers }) => answers.flatMap(({ channel_ids }) => channel_ids));
    expect([...onboarding.channel_ids, ...shown]).not.toContain(secret.channelId);
  },
  async "the audit log"(person, secret, serverId) {
    // Refused to those without the permission.
    const { body } = await person.http.request("GET", `/api/servers/${serverId}/audit-log?limit=100`);
    expect(mentions(JSON.stringify(body), secret)).toBe(false);
  },
  async "AutoMod's rules and dry run"(person, secret, serverId) {
    const path = `/api/servers/${serverId}/automod`;
    const words = [...secret.words].filter((word) => word.length > 1).slice(0, 20);
    const rule = {
      name: "x",
      message: "x",
      trigger: { kind: "words", words: words.length > 0 ? words : ["x"] },
      actions: {},
    };
    // Refused to those without the permission.
    for (const { body } of [
      await person.http.request("GET", `${path}/rules`),
      await person.http.request("POST", `${path}/dry-run`, { body: { rule } }),
    ]) {
      expect(mentions(JSON.stringify(body), secret)).toBe(false);
    }
  },
  async "the webhooks, and a new one in it"(person, secret, serverId) {
    const { body } = await person.http.request("GET", `/api/servers/${serverId}/webhooks`);
    expect(mentions(JSON.stringify(body), secret)).toBe(false);
    await expectAbsent(person, "POST", `/api/channels/${secret.channelId}/webhooks`, { name: "x" });
  },
  async "the reports"(person, secret, serverId) {
    const { body } = await person.http.request("GET", `/api/servers/${serverId}/reports?limit=100`);
    expect(mentions(JSON.stringify(body), secret)).toBe(false);
    if (secret.messageId !== null)
      await expectAbsent(person, "POST", "/api/reports", { message_id: secret.messageId, reason: "x" });
  },
  async "the list of conversations"(person, secret) {
    expect(mentions(JSON.stringify(await person.http.get("/api/dms")), secret)).toBe(false);
  },
  async "the name and people of a group"(person, { channelId }) {
    await expectAbsent(person, "PATCH", `/api/dms/${channelId}`, { name: "x" });
    await expectAbsent(person, "PATCH", `/api/dms/${channelId}`, { calls_encrypted: false });
    await expectAbsent(person, "PUT", `/api/dms/${channelId}/request`, { answer: "accept" });
    await expectAbsent(person, "PUT", `/api/dms/${channelId}/request`, { answer: "ignore" });
    await expectAbsent(person, "PUT", `/api/dms/${channelId}/recipients/${person.id}`);
    await expectAbsent(person, "DELETE", `/api/dms/${channelId}/recipients/${person.id}`);
    await expectAbsent(person, "DELETE", `/api/dms/${channelId}/ring`);
  },
  history: (person, { channelId }) => expectAbsent(person, "GET", `/api/channels/${channelId}/messages`),
  async "its threads, and it as a thread"(person, { channelId }) {
    await expectAbsent(person, "GET", `/api/channels/${channelId}`);
    await expectAbsent(person, "GET", `/api/channels/${channelId}/threads`);
    await expectAbsent(person, "POST", `/api/channels/${channelId}/threads`, { name: "x" });
    await expectAbsent(person, "PUT", `/api/channels/${channelId}/follow`);
    await expectAbsent(person, "DELETE", `/api/channels/${channelId}/follow`);
    await expectAbsent(person, "DELETE", `/api/channels/${channelId}`);
  },
  async "its posts"(person, { channelId }) {
    await expectAbsent(person, "GET", `/api/channels/${channelId}/posts`);
    await expectAbsent(person, "POST", `/api/channels/${channelId}/posts`, { name: "x", content: "x" });
  },
  async "a draft, a scheduled message and a date"(person, { channelId }) {
    await expectAbsent(person, "PUT", `/api/me/drafts/${channelId}`, { text: "x" });
    const later = { content: "x", send_at: new Date(Date.now() + 3_600_000).toISOString() };
    await expectAbsent(person, "POST", `/api/channels/${channelId}/scheduled`, later);
    await expectAbsent(person, "GET", `/api/channels/${channelId}/message-at?time=2026-01-01T00:00:00Z`);
  },
  async "what was saved, and drafts"(person, secret) {
    for (const path of ["/api/me/saved", "/api/me/drafts"]) {
      expect(mentions(JSON.stringify(await person.http.get(path)), secret)).toBe(false);
    }
  },
  pins: (person, { channelId }) => expectAbsent(person, "GET", `/api/channels/${channelId}/pins`),
  "notification levels": (person, { channelId }) =>
    expectAbsent(person, "PUT", `/api/me/notification-levels/channel:${channelId}`, { level: "all" }),
  "a send": (person, { channelId }) =>
    expectAbsent(person, "POST", `/api/channels/${channelId}/messages`, { content: "x" }),
  "the read position": (person, { channelId }) =>
    expectAbsent(person, "PUT", `/api/channels/${channelId}/read`, { seq: 1 }),
  "a rename": (person, { channelId }) => expectAbsent(person, "PATCH", `/api/channels/${channelId}`, { name: "x" }),
  overrides: (person, { channelId }) =>
    expectAbsent(person, "PUT", `/api/channels/${channelId}/overrides/${person.id}`, {
      type: "member",
      allow: 0,
      deny: 0,
    }),
  async "its messages"(person, { channelId, messageId }) {
    if (messageId === null) return;
    await expectAbsent(person, "PATCH", `/api/messages/${messageId}`, { content: "x" });
    await expectAbsent(person, "DELETE", `/api/messages/${messageId}`);
    await expectAbsent(person, "POST", `/api/channels/${channelId}/messages/bulk-delete`, { message_ids: [messageId] });
    await expectAbsent(person, "PUT", `/api/channels/${channelId}/pins/${messageId}`);
    await expectAbsent(person, "PUT", `/api/messages/${messageId}/reactions/${encodeURIComponent("👍")}`);
    await expectAbsent(person, "GET", `/api/messages/${messageId}/earlier-texts`);
    await expectAbsent(person, "GET", `/api/messages/${messageId}/forward`);
    await expectAbsent(person, "DELETE", `/api/messages/${messageId}/previews`);
    await expectAbsent(person, "POST", `/api/messages/${messageId}/forward`, { channel_id: channelId });
    await expectAbsent(person, "POST", `/api/messages/${messageId}/unread`);
    await expectAbsent(person, "POST", "/api/me/gifs", { message_id: messageId, picture_url: "/api/pictures/x" });
    await expectAbsent(person, "PUT", `/api/me/saved/${messageId}`);
    await expectAbsent(person, "GET", `/api/messages/${messageId}/vote`);
    await expectAbsent(person, "PUT", `/api/messages/${messageId}/vote`, { answers: [0] });
    await expectAbsent(person, "GET", `/api/messages/${messageId}/voters?answer=0`);
    await expectAbsent(person, "POST", `/api/messages/${messageId}/poll/close`);
  },
  async "its files"(person, { fileUrl }) {
    if (fileUrl === null) return;
    await expectAbsent(person, "GET", new URL(fileUrl, "http://x").pathname);
    const attachment_id = Number(/attachments\/(\d+)/.exec(fileUrl)![1]);
    await expectAbsent(person, "POST", "/api/me/gifs", { attachment_id });
  },
  async "a join and a resume"(person, { channelId }) {
    for (const after of [{}, { after_seq: 0 }]) {
      const ref = `${channelId} ${Math.random()}`;
      person.main.send({ type: "join_channel", channel_id: channelId, ref, ...after });
      expect(await person.main.next("error", (event) => event.ref === ref)).toMatchObject({ code: "not_found" });
    }
  },
  async typing(person, { channelId }) {
    const ref = `${channelId} ${Math.random()}`;
    person.main.send({ type: "typing", channel_id: channelId, ref });
    expect(await person.main.next("error", (event) => event.ref === ref)).toMatchObject({ code: "not_found" });
  },
  async "its call"(person, { channelId }) {
    expect((await person.dial(`/ws/voice/${channelId}`).closed).code).toBe(4004);
  },
  async "the state of the SDK"(person, secret) {
    const { channels, dms, threads, timelines, forums, voice, typing, inbox, servers } = person.sdk.store.getState();
    for (const record of [channels, dms, threads, timelines, forums, voice, typing])
      expect(record).not.toHaveProperty(`${secret.channelId}`);
    const shown = [channels, dms, threads, timelines, forums, voice, inbox, servers];
    expect(mentions(JSON.stringify(shown), secret)).toBe(false);
    await Promise.resolve();
  },
};

/** Sockets of version 1. Their refusals take longer each time, so they are tried once a world. */
export const waysOfVersion1: Readonly<Record<string, Way>> = {
  async "its call, with version 1"(person, { channelId }) {
    expect((await person.dial(`/ws/legacy/voice/${channelId}`).closed).code).toBe(4004);
  },
  async "its chat, with version 1"(person, { channelId }) {
    expect((await person.dial(`/ws/legacy/chat/${channelId}`).closed).code).toBe(1008);
  },
};

async function expectAbsent(person: Person, method: string, path: string, body?: unknown): Promise<void> {
  const answer = await person.http.request(method, path, { body });
  expect([method, path, answer.status, answer.code]).toEqual([method, path, 404, "not_found"]);
}

/** Sends a message with a file, everybody mentioned and a reaction, so that all that a channel can tell is told. */
export async function makeNoise(owner: Person, channelId: number, word: string): Promise<Message> {
  const { body: file } = await owner.http.upload(word, `${word}.txt`);
  const poll = { answers: [`${word} yes`, `${word} no`] };
  const message = await owner.http.send(channelId, `${word} @everyone @here`, { attachments: [file.id], poll });
  await owner.http.put(`/api/messages/${message.id}/vote`, { answers: [0] });
  await owner.http.put(`/api/messages/${message.id}/reactions/${encodeURIComponent("👍")}`);
  return message;
}
