import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program } from "../apps/server/src/testing/program.ts";
import { startTestServer, type TestServer } from "../apps/server/src/testing/test-server.ts";
import { balancerNames, startBalancer } from "./testing/balancers.ts";

let node: TestServer;
beforeAll(async () => {
  node = await startTestServer({ trustedProxies: ["127.0.0.1"] });
});
afterAll(() => node.cleanup());

const path = "/api/auth/register";
const headers = { "content-type": "application/json", "x-forwarded-proto": "https" };
const bodyOf = (username: string) => JSON.stringify({ username, password: "correct horse battery" });

test.each(balancerNames)(
  "behind %s cookies are not Secure because a client claims to come over HTTPS",
  async (name) => {
    const balancer = await startBalancer(name, [node.port, node.port]);
    try {
      const body = bodyOf(`ann-at-${name}`);
      const answer = await fetch(balancer.url + path, { method: "POST", headers, body });
      expect(answer.status).toBe(201);
      for (const cookie of answer.headers.getSetCookie()) expect(cookie).not.toContain("Secure");
    } finally {
      await balancer.stop();
    }
  },
);

/** A certificate that nobody has signed, and its key, in one file. */
async function certificateIn(folder: string): Promise<string> {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  await promisify(execFile)("openssl", ["req", ...made, "-keyout", key, "-out", certificate]);
  const both = join(folder, "chat.pem");
  await writeFile(both, (await Promise.all([certificate, key].map((file) => readFile(file, "utf8")))).join(""));
  return both;
}

test("HAProxy takes HTTPS as its configuration says, and cookies are Secure then without PUBLIC_URL", async () => {
  const haproxy = await Program.start({
    name: "haproxy",
    command: "/usr/sbin/haproxy",
    async args({ folder }) {
      await certificateIn(folder);
      return ["-W", "-db", "-f", join(import.meta.dirname, "haproxy.cfg")];
    },
    env: ({ port, folder }) => ({
      MISCORD_BIND: `127.0.0.1:${port} ssl crt ${join(folder, "chat.pem")}`,
      MISCORD_NODE_1: `127.0.0.1:${node.port}`,
      MISCORD_NODE_2: `127.0.0.1:${node.port}`,
    }),
  });
  try {
    await expect.poll(async () => (await register(haproxy.port, "ben")).statusCode, { timeout: 20_000 }).toBe(201);
    const cookies = (await register(haproxy.port, "cleo")).headers["set-cookie"]!;
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) expect(cookie).toContain("Secure");
  } finally {
    await haproxy.dispose();
  }
});

async function register(port: number, username: string): Promise<IncomingMessage> {
  const options = { port, host: "127.0.0.1", path, method: "POST", headers, rejectUnauthorized: false, agent: false };
  const request = httpsRequest(options).end(bodyOf(username));
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  return answer;
}
