import type { MainCommand } from "@miscord/protocol";
import type { Clock } from "./platform.ts";
import type { Rest } from "./rest/rest.ts";
import type { ClientState } from "./state/types.ts";

/** What keeps the state in step with the server needs. */
export interface ClientContext {
  clock: Clock;
  rest: Rest;
  state: () => ClientState;
  /** One change of the store, one notification of its readers. `change` has no effects but those that it defers. */
  update: (change: (state: ClientState) => ClientState) => void;
  /** Runs once the change under way is in the store. */
  defer: (effect: () => void) => void;
  /** False while there is no connection. */
  send: (command: MainCommand) => boolean;
}
