import type { Credentials, Instance } from "@miscord/protocol";
import { expect, test } from "vitest";
import { loginLink } from "../../admin/accounts.ts";
import { OpenidService } from "../../testing/openid-service.ts";
import { callback, newcomer, publicUrl } from "../../testing/provider-visits.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer } from "../../testing/test-server.ts";

test("an instance of providers alone refuses passwords, and the command line lets its administrator in", async () => {
  const service = await OpenidService.start(publicUrl + callback);
  const alone = await startTestServer(
    {
      publicUrl,
      hasPasswordLogin: false,
      loginProviders: [service.settings({ second_factor: true })],
    },
    { issuers: { permitsLoopbackHttp: true } },
  );
  try {
    const body = { username: "ivy", email: "ivy@example.org", password: "correct horse battery" };
    const at = new TestClient(alone.url);
    expect(await at.request("POST", "/api/auth/register", { body })).toMatchObject({ code: "registration_closed" });
    const claimed = { ...body, claim_token: new URL(alone.claimUrl!).hash.slice(1) };
    expect((await at.request("POST", "/api/auth/register", { body: claimed })).status).toBe(201);
    const refusals = await Promise.all([
      at.request("POST", "/api/auth/login", { body }),
      at.request("POST", "/api/auth/login", { body: new URLSearchParams(body) }),
      at.request("POST", "/api/auth/reset", { body: { token: "any", new_password: "another good one" } }),
      at.request("POST", "/api/auth/recover", {
        body: { username: "ivy", recovery_code: "any", new_password: "another good one" },
      }),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual(["forbidden", "forbidden", "forbidden", "forbidden"]);
    const link = /\/continue#(\S+)/.exec(await loginLink(alone.config, "ivy"))![1]!;
    const enter = () => new TestClient(alone.url).request<Credentials>("POST", "/api/auth/login", { body: { link } });
    expect((await enter()).body.user).toMatchObject({ username: "ivy", is_admin: true });
    expect((await enter()).code).toBe("invalid_credentials");
    const jo = await newcomer(alone.url, "s-jo");
    expect(await jo.get<Instance>("/api/instance")).toMatchObject({ login: { password: false } });
  } finally {
    await alone.cleanup();
    await service.close();
  }
});
