import type { Dice } from "./dice.ts";
import { sleep, type Town } from "./world.ts";
import type { Visitor } from "./simulated-user.ts";

interface Scene {
  town: Town;
  visitors: readonly Visitor[];
  dice: Dice;
}

/** Resolves once the fault has passed, as far as it passes by itself. */
export type Fault = (scene: Scene) => Promise<void>;

export const faults: Readonly<Record<string, Fault>> = {
  async kill({ town: { server }, dice }) {
    await server.kill("SIGKILL");
    await sleep(dice.between(0, 800));
    await server.start();
  },
  async restart({ town: { server }, dice }) {
    await server.stop();
    await sleep(dice.between(0, 500));
    await server.start();
  },
  async pause({ town: { server }, dice }) {
    await server.kill("SIGSTOP");
    await sleep(dice.between(100, 3_500));
    await server.kill("SIGCONT");
  },
  async cut({ visitors, dice }) {
    dice.pick(visitors).link.cut();
  },
  async cutAll({ visitors }) {
    for (const { link } of visitors) link.cut();
  },
  async silence({ visitors, dice }) {
    dice.pick(visitors).link.goSilent();
  },
  async stall({ visitors, dice }) {
    const forMs = dice.between(200, 2_500);
    dice.pick(visitors).link.stall(forMs);
    await sleep(forMs);
  },
};
