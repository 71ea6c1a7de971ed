import { AppError } from "../../errors.ts";
import type { NodeId } from "../../cluster/contract.ts";
import type { RoomEvent, VoicePort } from "../events.ts";
import type { JoinHandle, VoiceRooms } from "../voice-rooms.ts";
import {
  toData,
  type EnterRefusal,
  type FromHome,
  type ToConnections,
  type ToHome,
  type VoiceRefusal,
} from "./messages.ts";
import type { ChosenCall } from "./voice-directory.ts";

export interface HomeServiceOptions {
  readonly rooms: VoiceRooms;
  readonly isHome: (channelId: number) => boolean;
  /** Whether the user has chosen another call since. */
  readonly isLate: (entry: ChosenCall) => boolean;
  readonly post: (nodeId: NodeId, message: FromHome) => void;
  readonly lastWaiting: (nodeId: NodeId) => unknown;
  /** Receives errors that are no refusals. */
  readonly onFailure: (error: unknown) => void;
}

/** Connections of other nodes in rooms whose home is this node. */
export class HomeService {
  readonly #options: HomeServiceOptions;
  readonly #connections = new Map<NodeId, Map<number, RemoteConnection>>();

  constructor(options: HomeServiceOptions) {
    this.#options = options;
  }

  /** Nodes with connections in rooms of this one. */
  get nodes(): Iterable<NodeId> {
    return this.#connections.keys();
  }

  receive(from: NodeId, message: ToHome): void {
    switch (message.kind) {
      case "enter":
        return this.#enter(from, message);
      case "remove":
        return this.#remove(message);
      case "move":
        return this.#options.rooms.move(message.userId, message.channelId, message.toChannelId);
      case "speaker":
        return this.#options.rooms.setSpeaker(message.userId, message.channelId, message.isSpeaker);
      case "remove_channel":
        return this.#options.rooms.removeChannel(message.channelId, message.code, message.reason);
    }
    const connection = this.#connections.get(from)?.get(message.connection);
    if (message.kind === "signal") return this.#signal(from, message, connection);
    if (connection) this.#apply(from, message, connection);
  }

  /**
   * The node is gone, or messages from it were lost: its participants can resume their calls, over that node or another
   * one. Returns the channels of the calls.
   */
  releaseAll(nodeId: NodeId): Set<number> {
    const connections = [...(this.#connections.get(nodeId)?.values() ?? [])];
    this.#connections.delete(nodeId);
    for (const { handle } of connections) handle.release(false);
    return new Set(connections.map(({ channelId }) => channelId));
  }

  #enter(from: NodeId, message: Extract<ToHome, { kind: "enter" }>): void {
    const { connection, channel, usesLegacySocket } = message;
    const answer = (refusal: EnterRefusal | null) => this.#options.post(from, { kind: "entered", connection, refusal });
    if (!this.#options.isHome(channel.id)) return answer("moved");
    if (this.#options.isLate(message)) return answer("replaced");
    const port = new RemotePort({ usesLegacySocket, connection, nodeId: from, service: this });
    try {
      const { user, callId, isLegacy, canForward, canEncrypt, regionTimes = {}, flags, restraint, waitedMs } = message;
      const client = { isLegacy, canForward, canEncrypt, regionTimes };
      const who = { user, callId, ...client, flags, restraint, waitedMs };
      const handle = this.#options.rooms.enter({ ...who, channel, port });
      const connections = this.#connections.get(from) ?? new Map<number, RemoteConnection>();
      this.#connections.set(from, connections.set(connection, { channelId: channel.id, handle, port }));
      answer(null);
    } catch (error) {
      answer(this.#toRefusal(error));
    }
  }

  #signal(
    from: NodeId,
    { request, targetId, signal }: Extract<ToHome, { kind: "signal" }>,
    connection: RemoteConnection | undefined,
  ): void {
    const answer = (refusal: VoiceRefusal | null) => this.#options.post(from, { kind: "answer", request, refusal });
    if (!connection) return answer({ code: "unavailable", message: "This call is being moved.", retryAfterMs: null });
    try {
      connection.handle.signal(targetId, signal);
      answer(null);
    } catch (error) {
      answer(this.#toRefusal(error));
    }
  }

  #apply(
    from: NodeId,
    message: Exclude<ToHome, { kind: "enter" | "signal" | "remove" | "move" | "speaker" | "remove_channel" }>,
    { handle, port }: RemoteConnection,
  ): void {
    switch (message.kind) {
      case "ask":
        return handle.ask(message.asked);
      case "speaking":
        return handle.setSpeaking(message.isSpeaking);
      case "status":
        return handle.setStatus(message.change);
      case "sharing":
        return handle.setSharing(message.isSharing);
      case "hand":
        return handle.raiseHand(message.isRaised);
      case "sound":
        return handle.playSound(message.sound);
      case "restrain":
        return handle.restrain(message.restraint);
      case "behind":
        port.isBehind = message.isBehind;
        return;
      case "release":
        this.forget(from, message.connection);
        return handle.release(message.meantToLeave);
    }
  }

  #remove({ userId, scope, callId, code, reason }: Extract<ToHome, { kind: "remove" }>): void {
    const { rooms } = this.#options;
    if (rooms.callIdOf(userId) === callId) rooms.remove(userId, code, reason, scope);
  }

  forget(nodeId: NodeId, connection: number): void {
    const connections = this.#connections.get(nodeId);
    connections?.delete(connection);
    if (connections?.size === 0) this.#connections.delete(nodeId);
  }

  send({ nodeId, connection }: RemotePort, event: RoomEvent): void {
    const last = this.#options.lastWaiting(nodeId);
    if (this.#latest?.event === event && this.#latest.nodes.get(nodeId) === last && last !== undefined) {
      this.#latest.nodes.get(nodeId)!.connections.push(connection);
      return;
    }
    const kind = event.kind === "sound" ? "heard" : "event";
    const message: ToConnections = { kind, connections: [connection], event: toData(event) };
    if (this.#latest?.event !== event) this.#latest = { event, nodes: new Map() };
    this.#latest.nodes.set(nodeId, message);
    this.#options.post(nodeId, message);
  }

  close({ nodeId, connection }: RemotePort, code: number, reason: string): void {
    this.#options.post(nodeId, { kind: "close", connection, code, reason });
    this.forget(nodeId, connection);
  }

  /** The event sent last, and its message to each node: one message carries it to all of the node's connections. */
  #latest: { event: RoomEvent; nodes: Map<NodeId, ToConnections> } | null = null;

  #toRefusal(error: unknown): VoiceRefusal {
    if (error instanceof AppError) {
      return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs ?? null };
    }
    this.#options.onFailure(error);
    return { code: "internal", message: "Something went wrong.", retryAfterMs: null };
  }
}

interface RemoteConnection {
  readonly channelId: number;
  readonly handle: JoinHandle;
  readonly port: RemotePort;
}

/** A connection of another node, as rooms see it. */
class RemotePort implements VoicePort {
  readonly usesLegacySocket: boolean;
  readonly nodeId: NodeId;
  readonly connection: number;
  isBehind = false;
  readonly #service: HomeService;

  constructor(parts: { usesLegacySocket: boolean; nodeId: NodeId; connection: number; service: HomeService }) {
    this.usesLegacySocket = parts.usesLegacySocket;
    this.nodeId = parts.nodeId;
    this.connection = parts.connection;
    this.#service = parts.service;
  }

  send(event: RoomEvent): void {
    this.#service.send(this, event);
  }

  close(code: number, reason: string): void {
    this.#service.close(this, code, reason);
  }
}
