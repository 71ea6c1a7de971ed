import { expect, test } from "vitest";
import { writePastIncident } from "../../apps/server/src/monitoring/analysis/testing/past-incident.ts";
import { claimInstance } from "../harness/actions/accounts.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ layout: "process" });

test(
  "what is not known is not told to be as usual, and an incident that is over is not offered as the usual level",
  { timeout: 400_000 },
  async () => {
    const operator = await world.person("Olga");
    await claimInstance(operator, world.server.output());
    const { t, page } = operator;
    await operator.open("/monitor");
    await page.getByText(t("monitor:incident.unknown")).waitFor();
    await page.goto("about:blank");
    await world.server.stop();
    await writePastIncident(world.server.dataDir, {
      nowSeconds: Math.floor(Date.now() / 60_000) * 60,
      faultMinutes: 45,
      fault: ({ cpu_percent: usual }, since) => (since > 20 ? {} : { cpu_percent: usual * 4 }),
    });
    await world.server.start();

    await operator.open("/monitor");
    await page.getByRole("link", { name: /^CPU: [\d.]+ times the usual since/ }).click();
    await operator.button(t("monitor:incident.judge.wrong")).waitFor();
    await page.getByText(t("monitor:incident.effect.wrong")).waitFor();
    expect(await operator.button(t("monitor:incident.judge.expected")).count()).toBe(0);
    await expectAccessible(page);
    await operator.button(t("monitor:incident.judge.wrong")).click();
    await page.getByText(t("monitor:incident.verdict.wrong")).waitFor();
  },
);
