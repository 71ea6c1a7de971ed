// Compares a neighbour's latency while the neighbour's server is attacked with that while another server on the same
// machine is, which is what the processors' share costs; and the built server of another checkout with this one's, alternately:
// `node e2e/chaos/compare-attacks.ts --former /pa../../apps/server/dist/main.js --seconds 10 --rounds 3 uploads resumes`.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seed, type Seeded } from "../../apps/server/src/testing/seed.ts";
import { startServerProcess, type ServerProcess } from "../../apps/server/src/testing/server-process.ts";
import { attackNames, type AttackName } from "./attack-names.ts";
import { attackSettings, Neighbour, pauseMs, startAttack } from "./neighbour.ts";
import { mainThreadSeconds } from "./process-figures.ts";
import { sleep } from "./world.ts";

interface Contestant {
  readonly version: "former" | "this";
  readonly server: ServerProcess;
  readonly seeded: Seeded;
  readonly neighbour: Neighbour;
}

const history = 500;
const ownScript = fileURLToPath(new URL("../../apps/server/dist/main.js", import.meta.url));
const options = { former: { type: "string" }, seconds: { type: "string" }, rounds: { type: "string" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const durationMs = 1_000 * Number(values.seconds ?? 10);
const attacks = attackNames.filter((name) => positionals.length === 0 || positionals.includes(name));

const contestants = [
  ...(values.former === undefined ? [] : [await enter("former", values.former)]),
  await enter("this", ownScript),
];
const elsewhere = await enter("this", ownScript);
try {
  for (let round = 0; round < Number(values.rounds ?? 3); round += 1) {
    for (const name of attacks) {
      const order = round % 2 === 0 ? contestants : contestants.toReversed();
      for (const contestant of order) console.log(`${name}, ${contestant.version}: ${await measure(contestant, name)}`);
    }
  }
} finally {
  for (const { neighbour, server } of [...contestants, elsewhere]) {
    neighbour.close();
    await server.stop();
    await server.dispose();
  }
}

async function enter(version: Contestant["version"], script: string): Promise<Contestant> {
  const server = await startServerProcess(attackSettings, script);
  await server.stop();
  const seeded = await seed(server.dataDir, 1 + attackNames.length, 2);
  await server.start();
  const neighbour = await Neighbour.connect(server.port, seeded.tokens[0]!, seeded.channels[0]!);
  for (let count = 0; count < history; count += 1) {
    await neighbour.send(seeded.channels[1]);
    await sleep(pauseMs);
  }
  return { version, server, seeded, neighbour };
}

async function measure({ server, seeded, neighbour }: Contestant, name: AttackName): Promise<string> {
  const quiet = await neighbour.measure(sleep(durationMs));
  const beside = await measureUnder(neighbour, name, elsewhere);
  const [startedAt, used] = [performance.now(), mainThreadSeconds(server.pid!)];
  const attacked = await measureUnder(neighbour, name, { server, seeded });
  const busy = (mainThreadSeconds(server.pid!) - used) / ((performance.now() - startedAt) / 1_000);
  return [
    `quiet ${quiet.p99Ms.toFixed(1)} ms`,
    `another server attacked ${beside.p99Ms.toFixed(1)} ms (${beside.rounds} rounds)`,
    `attacked ${attacked.p99Ms.toFixed(1)} ms (${attacked.rounds} rounds)`,
    `ratio ${(attacked.p99Ms / quiet.p99Ms).toFixed(1)}, to the other server's ${(attacked.p99Ms / beside.p99Ms).toFixed(1)}`,
    `main thread ${(100 * busy).toFixed(0)}% busy`,
  ].join(", ");
}

async function measureUnder(
  neighbour: Neighbour,
  name: AttackName,
  { server, seeded }: Omit<Contestant, "version" | "neighbour">,
) {
  const token = seeded.tokens[1 + attackNames.indexOf(name)]!;
  const attack = startAttack({ name, port: server.port, token, channelId: seeded.channels[1]!, durationMs });
  const { p99Ms } = await neighbour.measure(attack.finished);
  const rounds = await attack.finished;
  await attack.worker.terminate();
  return { p99Ms, rounds };
}
