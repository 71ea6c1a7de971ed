import { monitorCalls } from "@miscord/client";
import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { writePastIncident } from "../../apps/server/src/monitoring/analysis/testing/past-incident.ts";
import { claimInstance, logIn } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ layout: "process" });
const output = new URL("../output/", import.meta.url).pathname;

async function picture(person: Person, name: string): Promise<void> {
  await mkdir(output, { recursive: true });
  await person.page.screenshot({ path: `${output}${name}.png` });
}

test(
  "an incident is told in one sentence on the dashboard, explained on its own page, and ended by one press",
  { timeout: 400_000 },
  async () => {
    const operator = await world.person("Olga", answeredByTest);
    await claimInstance(operator, world.server.output());
    await world.server.stop();
    await writePastIncident(world.server.dataDir, {
      nowSeconds: Math.floor(Date.now() / 60_000) * 60,
      faultMinutes: 25,
      fault: (minute, since) => ({
        event_loop_lag_p99: minute.event_loop_lag_p99 * 14,
        cpu_percent: minute.cpu_percent * 2.5,
        latency_p50: (minute.latency_p50 ?? 0) * (since > 1 ? 4 : 1),
        latency_p99: (minute.latency_p99 ?? 0) * (since > 1 ? 7 : 1),
      }),
    });
    await world.server.start();

    const { t, page } = operator;
    await operator.open("/monitor");
    const sentence = page.getByRole("alert").getByRole("link", { name: /^CPU: [\d.]+ times the usual since/ });
    await sentence.waitFor();
    expect(await sentence.innerText()).toMatch(/; then event loop lag, .*shortly before: a new version \(2\.0\.1\)\.$/);
    await page.getByRole("radio", { name: t("monitor:range.24h") }).click();
    const lag = page.getByRole("figure", { name: t("monitor:chart.lag"), exact: true });
    await lag.getByText(t("monitor:chart.usual")).waitFor();
    await page
      .getByText(/^This machine carries about [\d,]+ people at today's habits .*; the first limit is /)
      .waitFor();
    await page
      .getByRole("cell", { name: /^[\d,]+ to [\d,]+$/ })
      .first()
      .waitFor();
    await expectAccessible(page);
    await picture(operator, "incidents-dashboard");
    await page.getByRole("heading", { name: t("monitor:capacity.title") }).scrollIntoViewIfNeeded();
    await picture(operator, "incidents-capacity");
    await lag.scrollIntoViewIfNeeded();
    await picture(operator, "incidents-band");
    await sentence.click();
    await page.getByRole("heading", { name: t("monitor:incident.departures") }).waitFor();
    await page.getByText(t("monitor:incident.advice.cpu")).waitFor();
    // Each series that departed is drawn with its band.
    for (const name of ["CPU", "Event loop lag", "Delivery latency (p99)"]) {
      await page.getByRole("figure", { name, exact: true }).getByText(t("monitor:chart.usual")).waitFor();
    }
    expect(await page.getByRole("row").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("Delivery latency (p99)")]),
    );
    await expectAccessible(page);
    await picture(operator, "incident-page");

    const atHome = await world.secondBrowser(operator, { locale: "ru", viewport: phone, theme: "light" });
    await atHome.open("/login?next=/monitor");
    await logIn(atHome);
    await atHome.page
      .getByRole("alert")
      .getByRole("link", { name: /^Процессор: в [\d,]+ раза больше обычного с/ })
      .waitFor();
    await expectAccessible(atHome.page);
    await picture(atHome, "incidents-phone");
    await atHome.page.getByRole("alert").getByRole("link").click();
    await atHome.page.getByText(atHome.t("monitor:incident.advice.cpu")).waitFor();
    await expectAccessible(atHome.page);
    await picture(atHome, "incident-page-phone");

    await operator.button(t("monitor:incident.judge.expected")).click();
    await page.getByText(t("monitor:incident.verdict.expected")).waitFor();
    const { incidents } = await monitorCalls(operator.rest).incidents();
    expect(incidents).toMatchObject([{ verdict: "expected" }]);

    await page.route("**/api/monitor/incidents", (route) => route.fulfill({ status: 403 }));
    await page.reload();
    await page.getByText(t("common:error.forbidden")).waitFor();
    await page.unroute("**/api/monitor/incidents");
    await page.reload();
    await page.getByText(t("monitor:incident.verdict.expected")).waitFor();
  },
);
