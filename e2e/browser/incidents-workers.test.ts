import { expect, test } from "vitest";
import { writePastIncident } from "../../apps/server/src/monitoring/analysis/testing/past-incident.ts";
import { claimInstance } from "../harness/actions/accounts.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { openWorld } from "../harness/world.ts";

const workers = 2;
const world = openWorld({ layout: "workers", env: () => ({ WORKERS: String(workers) }) });

test(
  "with workers the graphs are those of all together, or of one, each with what is usual, and a job that did not run and a worker that departs alone are told",
  { timeout: 400_000 },
  async () => {
    const operator = await world.person("Olga");
    await claimInstance(operator, world.server.output());
    const { t, page } = operator;
    await page.goto("about:blank");
    await world.server.stop();
    await writePastIncident(world.server.dataDir, {
      nowSeconds: Math.floor(Date.now() / 60_000) * 60,
      faultMinutes: 25,
      workers,
      // A job every quarter of an hour, which has stopped.
      habit: (minute, since) => (minute.at % 900 === 420 && since < 0 ? { requests: minute.requests + 4_000 } : {}),
      fault: () => ({}),
      alone: (minute, since) => (since < -150 ? {} : { memory_bytes: minute.memory_bytes * 3 }),
    });
    await world.server.start();

    await operator.open("/monitor");
    const alone = page.getByRole("link", { name: /^Memory only on node 2: [\d.]+ times the usual since/ });
    await alone.waitFor();
    const sentence = page.getByRole("link", { name: /^Requests: no rise, which comes every 15 minutes, since/ });
    await sentence.waitFor();
    await page.getByRole("radio", { name: t("monitor:range.24h") }).click();
    const connections = page.getByRole("figure", { name: t("monitor:chart.connections"), exact: true });
    const usual = connections.getByText(t("monitor:chart.usual"));
    await usual.waitFor();
    await page.getByText(t("monitor:scope.explained.instance")).waitFor();
    const band = async () => await usual.locator("xpath=following-sibling::dd").innerText();
    const ofAll = await band();
    await page.getByRole("radio", { name: /^Node / }).click();
    await page.getByText(t("monitor:scope.explained.node")).waitFor();
    await usual.waitFor();
    await expect.poll(band).not.toBe(ofAll);
    await expectAccessible(page);

    await sentence.click();
    await page.getByText(t("monitor:incident.advice.rhythm")).waitFor();
    await page.getByRole("figure", { name: "Requests", exact: true }).getByText(t("monitor:chart.usual")).waitFor();
    await page.getByText(t("monitor:incident.kind.rhythm", { every: 15 })).waitFor();

    await page.getByRole("link", { name: t("monitor:incident.back") }).click();
    await alone.click();
    await page.getByText(t("monitor:incident.node.above")).waitFor();
    await page.getByRole("cell", { name: t("monitor:incident.alone", { node: "node 2" }) }).waitFor();
    await expectAccessible(page);
  },
);
