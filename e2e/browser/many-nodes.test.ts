import { describe, expect, test } from "vitest";
import { converse } from "../harness/actions/conversation.ts";
import { message, say } from "../harness/actions/messages.ts";
import { createServerWith } from "../harness/community.ts";
import { phone } from "../harness/browser.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import { openWorld } from "../harness/world.ts";

describe("a fleet of two nodes", () => {
  const world = openWorld({ layout: "fleet" });

  test("people on different nodes talk, and one whose node is killed goes on at the other", async () => {
    const link = await FaultyLink.to(...world.nodes.map(({ port }) => port));
    const anna = await world.person("Anna", { url: link.httpUrl });
    const boris = await world.person("Борис", { locale: "ru", viewport: phone });
    await createServerWith([anna, boris]);
    await converse(anna, boris);

    anna.problems.allowOutage();
    const dying = world.server.kill("SIGKILL");
    await say(anna, "Are you still there?");
    await dying;
    await message(boris, "Are you still there?").waitFor();
    await say(boris, "Yes");
    await message(anna, "Yes").waitFor();
    await expect
      .poll(() => message(anna, "Are you still there?").getByText(anna.t("chat:message.sending")).isVisible())
      .toBe(false);
    await link.close();
  });
});

describe("four workers", () => {
  const world = openWorld({ layout: "workers" });

  test("people talk, and go on when worker processes are killed", async () => {
    const anna = await world.person("Anna");
    const boris = await world.person("Борис", { locale: "ru", viewport: phone });
    await createServerWith([anna, boris]);
    await converse(anna, boris);

    for (const person of [anna, boris]) person.problems.allowOutage();
    for (const pid of world.server.workerPids()) process.kill(pid, "SIGKILL");
    await say(anna, "Are you still there?");
    await message(boris, "Are you still there?").waitFor();
    await say(boris, "Yes");
    await message(anna, "Yes").waitFor();
  });
});
