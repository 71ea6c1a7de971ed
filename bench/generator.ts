import { Child, cores } from "./child.ts";
import type { Answer, CallName, Calls } from "./load/calls.ts";

/** The runner's handle to the load generator's process. */
export class Generator {
  #child = new Child(new URL("load/main.ts", import.meta.url), { core: cores.generator });

  async call<Name extends CallName>(name: Name, plan: Calls[Name]["plan"]): Promise<Calls[Name]["answer"]> {
    const answer = await this.#child.request<Answer>({ name, plan });
    if ("failure" in answer) throw new Error(`${name}: ${answer.failure}`);
    return answer.answer as Calls[Name]["answer"];
  }

  end(): Promise<void> {
    return this.#child.end("SIGKILL");
  }
}
