import type { FastifyReply, FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import type { AccessTokens } from "../domain/accounts/access-tokens.ts";
import { RealtimeWorld } from "../testing/realtime-world.ts";
import { AnswerBudget } from "./answer-budget.ts";
import { requireSession } from "./session.ts";

test("whoever has no rate left is refused before anything is read of them", async () => {
  const world = await RealtimeWorld.open({ rates: { requests: { perSecond: 1, burst: 5 } } });
  const [ann, bob] = [await world.person("ann"), await world.person("bob")];
  let verified = 0;
  const verify: AccessTokens["verify"] = (...token) => {
    verified += 1;
    return world.context.tokens.verify(...token);
  };
  const context = { ...world.context, tokens: { ...world.context.tokens, verify } };
  const hook = requireSession(context, new AnswerBudget({ perSecond: 1_000, burst: 1_000 }, world.clock));
  const ask = async ({ token }: { token: string }) => {
    const headers = { authorization: `Bearer ${token}` };
    const request = { headers, method: "GET", routeOptions: { url: "/api/servers" } } as unknown as FastifyRequest;
    const answer = hook.call(undefined as never, request, {} as FastifyReply) as Promise<void>;
    return answer.then(
      () => "served",
      ({ code }: { code: string }) => code,
    );
  };
  const answers = [];
  for (let time = 0; time < 6; time += 1) answers.push(await ask(ann));
  expect(answers).toEqual(["served", "served", "served", "served", "served", "rate_limited"]);
  verified = 0;
  for (let time = 0; time < 20; time += 1) expect(await ask(ann)).toBe("rate_limited");
  expect(verified).toBe(0);
  expect(await ask(bob)).toBe("served");
  world.clock.advance(1_000);
  expect([await ask(ann), await ask(ann)]).toEqual(["served", "rate_limited"]);
  await world.close();
});
