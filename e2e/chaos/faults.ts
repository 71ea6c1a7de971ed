import type { Dice } from "./dice.ts";
import type { Fleet } from "../../apps/server/src/testing/fleet.ts";
import { sleep, type ChaosWorld } from "./world.ts";
import type { SimulatedUser } from "./simulated-user.ts";

interface Scene {
  world: ChaosWorld;
  users: readonly SimulatedUser[];
  dice: Dice;
}

/** Resolves when the fault is over; connections that a fault breaks stay broken until the client reconnects. */
export type Fault = (scene: Scene) => Promise<void>;

/** Faults of every layout. */
export const faults: Readonly<Record<string, Fault>> = {
  async kill({ world: { nodes }, dice }) {
    const node = dice.pick(nodes);
    await node.kill("SIGKILL");
    await sleep(dice.between(0, 800));
    await node.start();
  },
  async restart({ world: { nodes }, dice }) {
    const node = dice.pick(nodes);
    await node.stop();
    await sleep(dice.between(0, 500));
    await node.start();
  },
  async pause({ world: { nodes }, dice }) {
    const node = dice.pick(nodes);
    await node.kill("SIGSTOP");
    await sleep(dice.between(100, 3_500));
    await node.kill("SIGCONT");
  },
  /** While an administrator gives somebody what they wrote elsewhere. */
  async killWhileGiving({ world: { nodes }, users, dice }) {
    const [admin, ...others] = users;
    await dice
      .pick(others)
      .claim()
      .catch(() => {});
    admin!.accept().catch(() => {});
    await sleep(dice.between(0, 300));
    const node = dice.pick(nodes);
    await node.kill("SIGKILL");
    await node.start();
  },
  async cut({ users, dice }) {
    dice.pick(users).link.cut();
  },
  async cutAll({ users }) {
    for (const { link } of users) link.cut();
  },
  async silence({ users, dice }) {
    dice.pick(users).link.goSilent();
  },
  async stall({ users, dice }) {
    const forMs = dice.between(200, 2_500);
    dice.pick(users).link.stall(forMs);
    await sleep(forMs);
  },
};

/** Kills one of the worker processes; the primary replaces it. */
export const killWorker: Fault = async ({ world: { nodes }, dice }) => {
  const pids = nodes.flatMap((node) => node.workerPids());
  if (pids.length > 0) process.kill(dice.pick(pids), "SIGKILL");
};

/** A node's lease lasts ten seconds. */
const pastLeaseMs = 13_000;

/** Further faults of a fleet. */
export const fleetFaults: Readonly<Record<string, Fault>> = {
  async pausePastLease({ world: { nodes }, dice }) {
    const node = dice.pick(nodes);
    await node.kill("SIGSTOP");
    await sleep(pastLeaseMs);
    await node.kill("SIGCONT");
  },
  async killRedis({ world, dice }) {
    const { redis } = fleetOf(world);
    await redis.kill();
    await sleep(dice.between(0, 2_000));
    await redis.start();
  },
  async pauseRedis({ world, dice }) {
    const { redis } = fleetOf(world);
    redis.pause();
    await sleep(dice.between(200, 6_000));
    redis.resume();
  },
  async restartPostgres({ world, dice }) {
    const { postgres } = fleetOf(world);
    postgres.stop(dice.pick(["fast", "immediate"]));
    await sleep(dice.between(0, 1_500));
    postgres.start();
  },
  async cutPostgres({ world }) {
    fleetOf(world).postgres.run(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
  },
};

function fleetOf({ fleet }: ChaosWorld): Fleet {
  if (!fleet) throw new Error("this fault needs a fleet");
  return fleet;
}
