import type { Message, ServerState } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { message } from "../harness/actions/messages.ts";
import { createServerWith, firstChannel } from "../harness/community.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
let link: FaultyLink;
/** Behind the link. */
let anna: Person;
let boris: Person;
let server: ServerState;
let plan: Message;

/** Boris has linked to his message in another channel, and Anna sees it below the link. */
beforeEach(async () => {
  link = await FaultyLink.to(world.server.port);
  [anna, boris] = await Promise.all([world.person("Anna", { url: link.httpUrl }), world.person("Boris")]);
  anna.problems.allowOutage();
  await anna.page.clock.install();
  server = await createServerWith([boris, anna]);
  const other = await boris.rest.createChannel(server.id, { name: "other" });
  plan = await boris.rest.createMessage(other.id, { content: "the plan" });
});
afterEach(() => link.close());

const general = () => firstChannel(server, "text");
const linkTo = () =>
  boris.rest.createMessage(general(), {
    content: `Read ${link.httpUrl}/channels/${server.id}/${plan.channel_id}/${plan.id}`,
  });
const card = () =>
  message(anna, "Read").getByRole("region", { name: anna.t("tools:linked.label", { author: "Boris" }) });
const channel = (name: string) => anna.page.getByRole("link", { name }).first();

/** Time passes, and the page is looked at again. */
async function lookLater(): Promise<void> {
  await anna.page.clock.fastForward(31_000);
  await anna.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

test("a linked message of a channel that was left is brought up to date when the page is shown again", async () => {
  await channel("other").click();
  await message(anna, "the plan").waitFor();
  await channel(server.channels.find(({ id }) => id === general())!.name).click();
  await linkTo();
  await card().getByText("the plan").waitFor();
  // From then on nothing tells of the other channel.
  await anna.page.clock.fastForward(31_000);
  await boris.rest.editMessage(plan.id, "the better plan");
  await lookLater();
  await card().getByText("the better plan").waitFor();
  await boris.rest.deleteMessage(plan.id);
  await lookLater();
  await card().waitFor({ state: "detached" });
});

test("a linked message of another channel is brought up to date after the connection was gone", async () => {
  await linkTo();
  await card().getByText("the plan").waitFor();
  link.sever();
  await anna.page.getByText(anna.t("common:connection.reconnecting")).waitFor();
  await boris.rest.deleteMessage(plan.id);
  link.restore();
  await card().waitFor({ state: "detached" });
  expect(await message(anna, "Read").count()).toBe(1);
});

test("a linked message goes with the right to read it, and is there again with it", async () => {
  await linkTo();
  await card().getByText("the plan").waitFor();
  const target = server.everyone_role_id;
  await boris.rest.setOverride(plan.channel_id, target, { type: "role", allow: 0, deny: 1_024 });
  await card().waitFor({ state: "detached" });
  await boris.rest.setOverride(plan.channel_id, target, { type: "role", allow: 0, deny: 0 });
  await card().getByText("the plan").waitFor();
});
