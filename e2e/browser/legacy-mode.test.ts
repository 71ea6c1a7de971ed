import { expect, test } from "vitest";
import { figure, openConnection, switchMode } from "../harness/checks/connection.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { say } from "../harness/actions/messages.ts";
import { testInLongForm } from "../harness/variants.ts";

// The short heartbeat makes a dead connection show within seconds.
const world = openWorld({ env: () => ({ HEARTBEAT_INTERVAL: "3" }) });
const patient = { timeout: 60_000, interval: 100 };

test("messages sent while switching modes arrive once and in order, and the mode survives a reload", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  await createServerWith([anna, boris]);
  const expected = Array.from({ length: 24 }, (_, n) => `line ${n}.`);
  for (const [n, text] of expected.entries()) {
    await say(anna, text);
    if (n % 6 !== 3) continue;
    await switchMode(anna, n % 12 === 3 ? "legacy" : "enhanced");
  }
  await switchMode(anna, "legacy");
  const linesOf = async ({ page }: Person) =>
    (await page.getByRole("article").allInnerTexts()).map((text) => /line \d+\./.exec(text)?.[0]);
  for (const person of [boris, anna]) await expect.poll(() => linesOf(person), patient).toEqual(expected);
  await expect.poll(() => anna.page.getByText(anna.t("chat:message.sending")).count(), patient).toBe(0);

  await anna.page.reload();
  const panel = await openConnection(anna);
  expect(await panel.getByRole("radio", { checked: true }).innerText()).toBe(anna.t("connection:mode.legacy"));
  await anna.page.keyboard.press("Escape");
  await expect.poll(() => linesOf(anna), patient).toEqual(expected);
});

testInLongForm("the connection panel stays open while the channel loads", async () => {
  const anna = await world.person("Anna");
  await createServerWith([anna]);
  let release = () => {};
  await anna.page.routeWebSocket(/\/ws\/main/, (socket) => {
    const server = socket.connectToServer();
    const released = new Promise<void>((resolve) => (release = resolve));
    server.onMessage((message) => void released.then(() => socket.send(message)));
  });
  await anna.page.reload();
  const panel = await openConnection(anna);
  await panel.getByRole("radio").first().waitFor();
  release();
  await anna.page.getByRole("textbox").waitFor();
  await panel.getByRole("heading", { name: anna.t("connection:status.online"), exact: true }).waitFor();
  await anna.page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
});

test("the connection panel shows the message rate, reconnects and a lost connection, and copies a report without secrets", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  await createServerWith([anna, boris]);
  await anna.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const panel = await openConnection(anna);
  const { t } = anna;
  await panel
    .getByText(t("connection:quality.excellent"), { exact: true })
    .or(panel.getByText(t("connection:quality.good"), { exact: true }))
    .waitFor();
  await panel.locator("svg polyline").first().waitFor();

  const rate = async () => Number(await figure(panel, t("connection:figure.messages")).innerText());
  const talk = setInterval(
    () => void boris.rest.createMessage(channelIdOf(anna), { content: "hello" }).catch(() => {}),
    200,
  );
  await expect.poll(rate, patient).toBeGreaterThan(0);
  clearInterval(talk);
  await expect.poll(rate, patient).toBe(0);

  await anna.button(t("connection:reconnect"), panel).click();
  await expect.poll(() => figure(panel, t("connection:figure.reconnects")).innerText(), patient).toBe("1");
  expect(await figure(panel, t("connection:figure.cause")).innerText()).toContain(t("connection:cause.asked"));

  await anna.button(t("connection:copy"), panel).click();
  await expect.poll(() => anna.page.evaluate(() => navigator.clipboard.readText()), patient).toContain("reconnects: 1");
  const report = await anna.page.evaluate(() => navigator.clipboard.readText());
  expect(report).not.toMatch(/bearer|token|hello|anna/i);

  await world.server.kill("SIGSTOP");
  await panel.getByText(t("connection:quality.disconnected"), { exact: true }).waitFor({ timeout: 120_000 });
  await anna.page.keyboard.press("Escape");
  // The button's icon changes while it is pressed; the click must count nevertheless.
  await anna.button(t("connection:open", { quality: t("connection:quality.disconnected") })).hover();
  await anna.page.mouse.down();
  await world.server.kill("SIGCONT");
  await anna.page.getByRole("button", { name: connectedName(anna) }).waitFor();
  await anna.page.mouse.up();
  await panel.getByRole("heading", { name: t("connection:status.online"), exact: true }).waitFor();
});

/** The name of the panel's button while connected. */
function connectedName({ t }: Person): RegExp {
  const names = (["excellent", "good", "poor"] as const).map((quality) =>
    t("connection:open", { quality: t(`connection:quality.${quality}`) }),
  );
  return new RegExp(`^(${names.join("|")})$`);
}

function channelIdOf({ page }: Person): number {
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}
