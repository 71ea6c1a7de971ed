import { readConfig, type Config } from "./config.ts";
import { checkIce } from "./doctor/check-ice.ts";
import { checkDataFolder, checkPort } from "./doctor/check-machine.ts";
import { checkMail } from "./doctor/check-mail.ts";
import { checkPublicUrl } from "./doctor/check-public-url.ts";
import { checkRegions } from "./doctor/check-regions.ts";
import { checkVoice } from "./doctor/check-voice.ts";
import type { Finding } from "./doctor/finding.ts";

const marks = { works: "ok", attention: "note", broken: "FAIL" } as const;

/** Checks everything that an instance depends on, with the settings that the server would start with. */
async function examine(config: Config): Promise<Finding[]> {
  const findings = [
    checkPort(config),
    checkDataFolder(config),
    checkPublicUrl(config),
    checkVoice(config),
    checkRegions(config),
    checkIce(config),
    checkMail(config),
  ];
  return (await Promise.all(findings)).flat();
}

const outcome = readConfig();
if ("config" in outcome) {
  const findings = await examine(outcome.config);
  for (const { state, piece, text } of findings) process.stdout.write(`${marks[state].padEnd(4)}  ${piece}: ${text}\n`);
  const count = findings.filter(({ state }) => state === "broken").length;
  process.stdout.write(
    count === 0 ? "\nEverything that is set works.\n" : `\n${count} of ${findings.length} do not work.\n`,
  );
  process.exitCode = count === 0 ? 0 : 1;
} else {
  const faults =
    "faults" in outcome ? outcome.faults : ["It takes the settings of the server and looks at what they name."];
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exitCode = "faults" in outcome ? 1 : 0;
}
