import { connect, type ClientHttp2Session } from "node:http2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../apps/server/src/testing/test-client.ts";
import { startTestServer, type TestServer } from "../apps/server/src/testing/test-server.ts";
import { startBalancer, type Balancer } from "./testing/balancers.ts";

let nodes: TestServer[];
let balancer: Balancer;

beforeAll(async () => {
  // Who asks more than that is answered, and closed on while their body still arrives.
  const settings = { trustedProxies: ["127.0.0.1"], anonymousRate: { perSecond: 1, burst: 30 } };
  nodes = [await startTestServer(settings), await startTestServer(settings)];
  balancer = await startBalancer(
    "nginx",
    nodes.map(({ port }) => port),
  );
});
afterAll(async () => {
  await balancer.stop();
  await Promise.all(nodes.map((node) => node.cleanup()));
});

const body = Buffer.alloc(65_536, 32);

/** Asks with a body that no header tells of, and goes on sending it. */
async function ask(session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ":method": "GET", ":path": "/api/instance" }, { endStream: false });
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  stream.on("error", () => {});
  stream.resume();
  const send = () => void (stream.writable && stream.write(body, () => setImmediate(send)));
  send();
  const timer = setTimeout(() => stream.destroy(), 500);
  await closed;
  clearTimeout(timer);
}

test("nodes that close on a GET over HTTP/2 while it still brings a body are left out for nobody", async () => {
  const users = await Promise.all(nodes.map(({ url }, index) => TestClient.register(url, `ann${index}`)));
  const statuses = new Set<number>();
  for (let round = 0; round < 6; round += 1) {
    const session = connect(balancer.http2Url);
    session.on("error", () => {});
    await Promise.all(Array.from({ length: 40 }, () => ask(session)));
    for (const user of users) {
      const headers = { authorization: `Bearer ${user.token}` };
      statuses.add((await fetch(`${balancer.url}/api/auth/me`, { headers })).status);
    }
    session.destroy();
  }
  // Each node knows one of the two.
  expect([...statuses]).not.toContain(502);
});
