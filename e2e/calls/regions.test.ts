import { afterAll, beforeAll, expect, test } from "vitest";
import { VoiceNodeProcess } from "../../apps/server/src/testing/voice-node-process.ts";
import { claimInstance } from "../harness/actions/accounts.ts";
import { joinCall } from "../harness/actions/call.ts";
import { connectionCount, untilRecovered } from "../harness/audio/listening.ts";
import { openCallWorld, toneOf } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { audibleDb, expectAllHearAll } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";
import { channelList } from "../harness/community.ts";

const { world, gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));
/** A call goes on within five seconds of the end of its region; with three times the margin of a busy machine. */
const backWithinMs = 15_000;

let people: [Person, Person];
let channel: string;
let ams: VoiceNodeProcess;

beforeAll(async () => {
  ams = new VoiceNodeProcess(world.server, "ams");
  // Pages may ask those regions that there are when they are loaded.
  await ams.start();
  const { people: callers, server } = await gatherCallers(["Ann"], ["Bob"]);
  people = callers as [Person, Person];
  channel = server.channels.find(({ type }) => type === "voice")!.name;
});
afterAll(() => ams?.kill("SIGKILL"));

/** Opens *Edit channel* of the voice channel, whose row in the list joins its call or opens it. */
async function editChannel(person: Person, row: "join" | "open"): Promise<void> {
  const name = person.t(`voice:channels.${row}`, { channel });
  await channelList(person).getByRole("button", { name, exact: true }).click({ button: "right" });
  await person.page.getByRole("menuitem", { name: person.t("servers:channels.rename") }).click();
}

test("a channel names a region, its call goes through there, and on elsewhere within seconds of the end of that region", async () => {
  const [ann, bob] = people;
  const region = () => ann.dialog().getByRole("combobox", { name: ann.t("voice:region.label") });
  await editChannel(ann, "join");
  await region().click();
  await ann.page.getByRole("option", { name: "ams", exact: true }).click();
  await expectAccessible(ann.page);
  await ann.button(ann.t("common:save"), ann.dialog()).click();
  await ann.dialog().waitFor({ state: "hidden" });

  await joinCall(ann);
  await joinCall(bob);
  await expectAllHearAll(people);
  for (const { page } of people) expect(await remotePorts(page)).toEqual([ams.mediaPort]);

  const counts = await Promise.all(people.map(connectionCount));
  const since = Date.now();
  await ams.kill("SIGKILL");
  const heard = await Promise.all(
    people.map((person, at) => {
      const tones = people.filter((other) => other !== person).map(toneOf);
      return untilRecovered(person, { former: counts[at]!, tones, level: audibleDb });
    }),
  );
  expect(Math.max(...heard.map(({ heardAt }) => heardAt - since))).toBeLessThan(backWithinMs);
  await expectAllHearAll(people);

  await editChannel(ann, "open");
  await expect.poll(() => region().innerText()).toBe(ann.t("voice:region.away", { name: "ams" }));
  await ann.page.keyboard.press("Escape");

  // The operator sees it too.
  await claimInstance(ann, world.server.output());
  await ann.open("/monitor");
  const row = (name: RegExp) =>
    ann.page.getByRole("region", { name: ann.t("monitor:regions.title") }).getByRole("row", { name });
  await row(/^main/)
    .getByRole("cell", { name: ann.t("monitor:regions.up"), exact: true })
    .waitFor();
  await row(/^ams/)
    .getByRole("cell", { name: ann.t("monitor:regions.away"), exact: true })
    .waitFor();
  await expectAccessible(ann.page);
});

/** Ports at which the page's open connections reach the other end. */
async function remotePorts(page: Person["page"]): Promise<number[]> {
  const ports = await page.evaluate(async () => {
    type Stats = { type: string; port?: number };
    const { connections } = (globalThis as unknown as { audioProbe: { connections: RTCPeerConnection[] } }).audioProbe;
    const open = connections.filter(({ connectionState }) => connectionState === "connected");
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    const stats = reports.flatMap((report) => [...report.values()] as Stats[]);
    return stats.flatMap(({ type, port }) => (type === "remote-candidate" && port ? [port] : []));
  });
  return [...new Set(ports)];
}
