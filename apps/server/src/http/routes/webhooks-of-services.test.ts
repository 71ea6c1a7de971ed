import type { History, ServerState, WebhookWithToken } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withStore } from "../../admin/open-store.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let home: ServerState;
let general: number;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  const { id, token } = await owner.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Builds" });
  path = `/api/webhooks/${id}/${token}`;
});

const anyone = () => new TestClient(server.url);
const post = (body: unknown, at: string, headers: Record<string, string> = {}) =>
  anyone().request("POST", at, { body, headers });
const messages = async () => (await owner.get<History>(`/api/channels/${general}/messages`)).messages;
const last = async () => (await messages()).at(-1)!;

describe("webhooks that other services post to:", () => {
  const repository = { full_name: "ann/boat", html_url: "https://github.com/ann/boat" };
  const sender = { login: "ann", html_url: "https://github.com/ann" };
  const github = (event: string, body: object) =>
    post({ repository, sender, ...body }, `${path}/github`, { "x-github-event": event });
  const issue = { number: 7, title: "It leaks", html_url: "https://github.com/ann/boat/issues/7", body: "Water!" };
  const commits = [{ id: "a1b2c3d4e5", message: "Mend the hull\n\nwith tar", author: { name: "Ann" } }];

  test.each([
    ["ping", { zen: "Keep it logically awesome." }, "[ann/boat] webhook connected"],
    [
      "push",
      { ref: "refs/heads/main", commits, compare: "https://github.com/ann/boat/compare/a...b" },
      "[ann/boat] main: 1 new commit",
    ],
    ["push", { ref: "refs/heads/old", deleted: true }, "[ann/boat] branch deleted: old"],
    ["issues", { action: "opened", issue }, "[ann/boat] issue opened: #7 It leaks"],
    [
      "issue_comment",
      { action: "created", issue, comment: { body: "Mended" } },
      "[ann/boat] new comment on issue #7: It leaks",
    ],
    [
      "pull_request",
      { action: "closed", pull_request: { ...issue, merged: true } },
      "[ann/boat] pull request merged: #7 It leaks",
    ],
    [
      "pull_request_review",
      { action: "submitted", pull_request: issue, review: { state: "approved" } },
      "[ann/boat] review (approved) on pull request #7: It leaks",
    ],
    [
      "release",
      { action: "published", release: { tag_name: "v1", name: null } },
      "[ann/boat] new release published: v1",
    ],
    [
      "workflow_run",
      { action: "completed", workflow_run: { name: "CI", conclusion: "failure", head_branch: "main" } },
      "[ann/boat] CI failure on main",
    ],
  ])("GitHub's %s is told", async (event, body, title) => {
    expect((await github(event, body)).status).toBe(204);
    expect((await last()).embeds).toMatchObject([{ title, author: { name: "ann", url: "https://github.com/ann" } }]);
  });

  test("what nobody needs to read of GitHub is passed over, and what is no GitHub is refused", async () => {
    expect((await github("issues", { action: "labeled", issue })).status).toBe(204);
    expect((await github("constructor", {})).status).toBe(204);
    expect((await github("push", { commits: "none" })).status).toBe(400);
    expect((await post({ repository: 5 }, `${path}/github`, { "x-github-event": "ping" })).status).toBe(400);
    expect(await messages()).toEqual([]);
  });

  test("GitHub's form and a payload larger than other bodies are read", async () => {
    const payload = JSON.stringify({ repository, sender, zen: "Mind your words", more: "x".repeat(300_000) });
    const body = new URLSearchParams({ payload });
    const headers = { "x-github-event": "ping" };
    expect((await anyone().request("POST", `${path}/github`, { body, headers })).status).toBe(204);
    expect((await last()).embeds).toMatchObject([{ description: "Mind your words" }]);
  });

  test("a message in Slack's shape is read", async () => {
    const attachments = [{ title: "Ticket", title_link: "https://example.org/1", text: "a &lt;b&gt;", color: "good" }];
    const body = { text: "See <https://example.org|here>", username: "slacker", attachments };
    expect((await post(body, `${path}/slack`)).status).toBe(204);
    expect(await last()).toMatchObject({
      content: "See here (https://example.org)",
      author: { display_name: "slacker" },
      embeds: [{ title: "Ticket", url: "https://example.org/1", description: "a <b>", color: 0x2e_b8_86 }],
    });
  });
});

test("files that come with a service's message are not kept for whoever made the webhook", async () => {
  for (const [service, payload] of [
    ["slack", { text: "with a file" }],
    ["github", { zen: "With a file." }],
  ] as const) {
    const form = new FormData();
    form.set("payload", JSON.stringify(payload));
    form.set("file", new Blob(["text"]), "a.txt");
    const headers = { "x-github-event": "ping" };
    const answer = await fetch(`${server.url}${path}/${service}`, { method: "POST", body: form, headers });
    expect(answer.ok).toBe(true);
  }
  const unsent = await withStore(server.config, ({ db }) =>
    db.selectFrom("attachments").where("message_id", "is", null).select("filename").execute(),
  );
  expect(unsent).toEqual([]);
});

test("a text of Slack's that is full of unfinished links costs no more than another", async () => {
  const text = "<https://a".repeat(6_000);
  const before = process.threadCpuUsage();
  expect((await post({ text }, `${path}/slack`)).status).toBe(204);
  const { user, system } = process.threadCpuUsage(before);
  // Read once for each of its beginnings, it would hold up everybody for seconds.
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
