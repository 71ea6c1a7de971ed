import type { KeyCommand, KeyEvent } from "@miscord/protocol";
import { KeyExchange } from "../voice/key-exchange.ts";
import type { ManualClock } from "./manual-clock.ts";

/** A participant in memory. */
interface Holder {
  userId: number;
  session: string;
  isConnected: boolean;
  receive: (event: KeyEvent) => void;
}

/** The server's part of an encrypted call, for tests of the clients' part. */
export function openKeyExchange(clock: ManualClock, holders: () => Iterable<Holder>) {
  const toHolder = ({ userId, session, isConnected, receive }: Holder) => ({
    user: { id: userId },
    callId: session,
    port: isConnected
      ? { send: (event: { kind: string }) => receive((event as { message: KeyEvent } & typeof event).message) }
      : null,
  });
  const exchange = new KeyExchange({
    clock,
    participants: () => new Map([...holders()].map((holder) => [holder.userId, toHolder(holder)])),
  });
  return {
    receive: (from: Holder, command: KeyCommand) => exchange.receive(toHolder(from), command),
    left: (userId: number) => exchange.left(userId),
    close: () => exchange.close(),
  };
}
