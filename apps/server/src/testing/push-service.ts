import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { PushPayload } from "@miscord/protocol";
import { jwtVerify } from "jose";
import type { AddressRules } from "../outgoing/address-rules.ts";

/** Of push.example, whose name only a test resolves; valid from 2020 to 2120. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKF0YunyMb8lomE+1
Q6zwb/+1KeKmUWR6UPoHP/wN1W6hRANCAATFj9h7x02fMdXfB9RQN49hO86+Bea+
LaOX0fchyYfHVKjfVhMwCvYIVUDOVeNn6EqhEmPBzKKEd/JZfH6BNWCV
-----END PRIVATE KEY-----`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIBATAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxwdXNoLmV4
YW1wbGUwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBcxFTATBgNV
BAMMDHB1c2guZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMWP2HvH
TZ8x1d8H1FA3j2E7zr4F5r4to5fR9yHJh8dUqN9WEzAK9ghVQM5V42foSqESY8HM
ooR38ll8foE1YJWjYDBeMCwGA1UdEQQlMCOCDHB1c2guZXhhbXBsZYITc2Vjb25k
LnB1c2guZXhhbXBsZTAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBQ2OSCzyxYy
WnjiSwlS5YT9Yh2csjAKBggqhkjOPQQDAgNJADBGAiEA8y2eUjHl968v3wh+NqPO
IMoko4wBrW7zpg8hgOzd+xECIQCYWVhy0sfDz6U9PBYCOWV6zmgEqcsDADjqxvuL
KRC/Ag==
-----END CERTIFICATE-----`;

const host = "push.example";

/** One browser's subscription, with what the service received for it. */
export interface TestBrowser {
  /** The body of `PUT /api/push/subscription`. */
  readonly subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  /** Decrypted, oldest first. */
  readonly received: PushPayload[];
  /** The headers of each. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[];
  /** Status of the next answers; 201 by default. */
  answer: number;
  /** Called before an answer. */
  onReceived: () => void | Promise<void>;
}

/** A push service as browsers' vendors run them, on this machine: takes pushes over HTTPS, checks who sends, decrypts. */
export class TestPushService {
  readonly #server: Server;
  readonly #browsers = new Map<string, TestBrowser & { decrypt(body: Buffer): string }>();
  /** The instance's key that browsers subscribed with. */
  publicKey = "";
  /** How often it says that an answer is coming before it comes. */
  announcements = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestPushService> {
    const server = createServer({ key, cert: certificate });
    const service = new TestPushService(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        for (let said = 0; said < service.announcements; said += 1) response.writeProcessing();
        service.#receive(request.url ?? "", request.headers, Buffer.concat(chunks)).then(
          (status) => response.writeHead(status).end(),
          () => response.writeHead(400).end(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  /** What lets a server call this service, and nothing else on this machine. */
  get rules(): AddressRules {
    return {
      resolve: (name) => Promise.resolve([{ address: name === host ? "127.0.0.1" : "127.0.0.2", family: 4 }]),
      isPermitted: (address) => address === "127.0.0.1",
      isPermittedPort: (port) => port !== "22",
      ca: certificate,
    };
  }

  browser(): TestBrowser {
    const own = createECDH("prime256v1");
    const publicKey = own.generateKeys();
    const auth = randomBytes(16);
    const path = `/${randomBytes(12).toString("base64url")}`;
    const { port } = this.#server.address() as AddressInfo;
    const keys = { p256dh: publicKey.toString("base64url"), auth: auth.toString("base64url") };
    const browser = {
      subscription: { endpoint: `https://${host}:${port}${path}`, keys },
      received: [],
      headers: [],
      answer: 201,
      onReceived: () => {},
      decrypt: (body: Buffer) => decrypt(body, own.computeSecret(body.subarray(21, 86)), publicKey, auth),
    };
    this.#browsers.set(path, browser);
    return browser;
  }

  /** That are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(path: string, headers: TestBrowser["headers"][number], body: Buffer): Promise<number> {
    const browser = this.#browsers.get(path);
    if (!browser) return 404;
    const { authorization, "content-encoding": encoding, ttl } = headers;
    const [, token = "", named] = /^vapid t=(.+), k=(.+)$/.exec(String(authorization)) ?? [];
    if (named !== this.publicKey || encoding !== "aes128gcm" || !/^\d+$/.test(String(ttl))) return 403;
    const { port } = this.#server.address() as AddressInfo;
    await jwtVerify(token, keyOf(this.publicKey), {
      audience: `https://${host}:${port}`,
      requiredClaims: ["sub", "exp"],
    });
    if (browser.answer < 300) {
      browser.received.push(JSON.parse(browser.decrypt(body)) as PushPayload);
      browser.headers.push(headers);
    }
    await browser.onReceived();
    return browser.answer;
  }
}

function keyOf(point: string) {
  const bytes = Buffer.from(point, "base64url");
  const [x, y] = [bytes.subarray(1, 33), bytes.subarray(33)].map((half) => half.toString("base64url"));
  return createPublicKey({ key: { kty: "EC", crv: "P-256", x: x!, y: y! }, format: "jwk" });
}

/** The browser's side of RFC 8291 and 8188. */
function decrypt(body: Buffer, shared: Buffer, browserKey: Buffer, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), browserKey, body.subarray(21, 86)]);
  const secret = Buffer.from(hkdfSync("sha256", shared, auth, info, 32));
  const derive = (name: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, `Content-Encoding: ${name}\0`, bytes));
  const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
  decipher.setAuthTag(body.subarray(-16));
  const plain = Buffer.concat([decipher.update(body.subarray(86, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString();
}
