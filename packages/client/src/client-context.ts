import type { MainCommand } from "@miscord/protocol";
import type { Clock } from "./platform.ts";
import type { Rest } from "./rest/rest.ts";
import type { ClientState } from "./state/types.ts";

/** What the parts that keep the state in step with the server share. */
export interface ClientContext {
  clock: Clock;
  rest: Rest;
  state: () => ClientState;
  /**
   * Changes the store once and notifies its subscribers once. `change` must be pure; side effects go through `defer`.
   */
  update: (change: (state: ClientState) => ClientState) => void;
  /** Runs `effect` after the current `update` is in the store, or at once when there is none. */
  defer: (effect: () => void) => void;
  /** False without a connection; true does not guarantee that the command arrives. */
  send: (command: MainCommand) => boolean;
  /** Replaces the connection by a new one. */
  reconnect: () => void;
}
