import { bitsOf } from "@miscord/rights";
import type { Attachment, Channel, Message, Notification, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient, type Answer } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/** The beginning of what MediaRecorder of Chromium writes: a header, and one track with this codec. */
function webm(codec: string): Buffer {
  const header = Buffer.from(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff",
    "hex",
  );
  const codecId = Buffer.concat([Buffer.from([0x86, 0x80 + codec.length]), Buffer.from(codec)]);
  return Buffer.concat([header, Buffer.from("1654ae6bbfae", "hex"), codecId, Buffer.alloc(200)]);
}

const waveform = Buffer.from([0, 60, 255, 60, 0]).toString("base64");
const fields = { duration_ms: "12300", waveform };
let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
  home = await owner.createServer();
  channelId = home.channels[0]!.id;
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

function record(
  by: TestClient,
  bytes = webm("A_OPUS"),
  form: Record<string, string> = fields,
): Promise<Answer<Attachment>> {
  return by.upload(new Uint8Array(bytes), "voice-message.webm", "audio/webm;codecs=opus", form);
}

async function sendVoice(by: TestClient, extra: Record<string, unknown> = {}): Promise<Message> {
  const { body } = await record(by);
  return by.send(channelId, "", { attachments: [body.id], ...extra });
}

describe("a voice message", () => {
  test("is a file of sound with its length and wave form, for those who read the channel", async () => {
    const { id } = await sendVoice(owner);
    const { messages } = await guest.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages`);
    const voice = messages.find((message) => message.id === id)?.attachments[0];
    expect(voice).toMatchObject({ content_type: "audio/webm", duration_ms: 12_300, waveform });
    const { headers } = await guest.request("GET", voice!.file_url);
    expect(headers.get("content-type")).toBe("audio/webm");
    expect(headers.get("content-disposition")).toMatch(/^inline/);
  });

  test("without its length and wave form is an ordinary file", async () => {
    const { body } = await record(owner, webm("A_OPUS"), {});
    expect(body).toMatchObject({ content_type: "video/webm" });
    expect(body).not.toHaveProperty("duration_ms");
    await owner.delete(`/api/attachments/${body.id}`);
  });

  test.each([
    ["pictures", webm("V_VP8")],
    ["text", Buffer.from("just a few words")],
    ["a script", Buffer.from("<script>alert(1)</script>")],
    ["nothing", Buffer.alloc(0)],
  ])("of %s is refused, and leaves no file", async (_, bytes) => {
    expect(await record(owner, bytes)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test.each([
    ["no wave form", { duration_ms: "12300" }],
    ["no length", { waveform }],
    ["a length of nothing", { duration_ms: "0", waveform }],
    ["a length beyond ten minutes", { duration_ms: "600001", waveform }],
    ["a length that is no whole number", { duration_ms: "1.5", waveform }],
    ["a length that is no number", { duration_ms: "long", waveform }],
    ["an empty wave form", { duration_ms: "1", waveform: "" }],
    ["a wave form of more than 64 bytes", { duration_ms: "1", waveform: Buffer.alloc(65, 1).toString("base64") }],
    ["a wave form that is no base64", { duration_ms: "1", waveform: "<b>!" }],
    ["a wave form of a megabyte", { duration_ms: "1", waveform: "AAAA".repeat(10_000) }],
  ])("with %s is refused", async (_, form) => {
    expect(await record(owner, webm("A_OPUS"), form as Record<string, string>)).toMatchObject({ status: 400 });
  });

  test("of 64 bytes of wave form and ten minutes is taken", async () => {
    const longest = { duration_ms: "600000", waveform: Buffer.alloc(64, 255).toString("base64") };
    const { status, body } = await record(owner, webm("A_OPUS"), longest);
    expect({ status, duration_ms: body.duration_ms, waveform: body.waveform }).toEqual({
      status: 201,
      duration_ms: 600_000,
      waveform: longest.waveform,
    });
    await owner.delete(`/api/attachments/${body.id}`);
  });

  test("says its length in replies to it and in what they notify of, until it is deleted", async () => {
    const { id } = await sendVoice(owner);
    const reply = await sendVoice(guest, { reply_to_id: id });
    expect(reply.reply_to).toMatchObject({ id, content: "", voice_ms: 12_300 });
    const inbox = await owner.get<{ notifications: Notification[] }>("/api/notifications");
    expect(inbox.notifications[0]).toMatchObject({ kind: "reply", excerpt: "", voice_ms: 12_300 });
    await owner.delete(`/api/messages/${id}`);
    const { messages } = await guest.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages`);
    const { reply_to: preview } = messages.find((message) => message.id === reply.id)!;
    expect(preview).toMatchObject({ is_deleted: true });
    expect(preview).not.toHaveProperty("voice_ms");
  });

  test("needs the permission to send voice messages, and then is refused as a forwarded copy too", async () => {
    const { id } = await sendVoice(owner);
    const quiet = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "quiet", type: "text" });
    const deny = { type: "role", allow: 0, deny: bitsOf("sendVoiceMessages") };
    await owner.put(`/api/channels/${quiet.id}/overrides/${home.everyone_role_id}`, deny);
    const { body } = await record(guest);
    const send = { content: "", attachments: [body.id] };
    const path = `/api/channels/${quiet.id}/messages`;
    expect(await guest.request("POST", path, { body: send })).toMatchObject({ status: 403, code: "forbidden" });
    const forward = { channel_id: quiet.id };
    const copied = await guest.request("POST", `/api/messages/${id}/forward`, { body: forward });
    expect(copied).toMatchObject({ status: 403, code: "forbidden" });
    await guest.delete(`/api/attachments/${body.id}`);
  });

  test("is one as a forwarded copy too", async () => {
    const { id } = await sendVoice(owner);
    const copy = await guest.post<Message>(`/api/messages/${id}/forward`, { channel_id: channelId });
    expect(copy.attachments).toMatchObject([{ content_type: "audio/webm", duration_ms: 12_300, waveform }]);
  });
});
