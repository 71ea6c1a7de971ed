import type { Dice } from "./dice.ts";
import { sleep, type ChaosWorld } from "./world.ts";
import type { SimulatedUser } from "./simulated-user.ts";

interface Scene {
  world: ChaosWorld;
  users: readonly SimulatedUser[];
  dice: Dice;
}

/** Resolves when the fault is over; connections that a fault breaks stay broken until the client reconnects. */
export type Fault = (scene: Scene) => Promise<void>;

export const faults: Readonly<Record<string, Fault>> = {
  async kill({ world: { server }, dice }) {
    await server.kill("SIGKILL");
    await sleep(dice.between(0, 800));
    await server.start();
  },
  async restart({ world: { server }, dice }) {
    await server.stop();
    await sleep(dice.between(0, 500));
    await server.start();
  },
  async pause({ world: { server }, dice }) {
    await server.kill("SIGSTOP");
    await sleep(dice.between(100, 3_500));
    await server.kill("SIGCONT");
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
