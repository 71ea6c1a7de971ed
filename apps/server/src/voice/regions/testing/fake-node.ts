import type { FromNode, ToNode } from "../link-messages.ts";
import { linkVersion } from "../link-messages.ts";
import type { RegionLink } from "../region-link.ts";
import type { Regions } from "../regions.ts";

/** A voice node in memory, at the other end of a link. */
export class FakeNode {
  readonly received: ToNode[] = [];
  closed: { code: number; reason: string } | null = null;
  link: RegionLink | null = null;

  /** Joins and, unless told otherwise, becomes ready. */
  static async join(regions: Regions, name: string, { isReady = true } = {}): Promise<FakeNode> {
    const node = new FakeNode();
    node.link = await regions.join(name, node, null);
    if (!isReady) return node;
    node.say({ kind: "hello", link: linkVersion, version: "2", url: `https://${name}.example.org` });
    node.say({ kind: "ready", stunUrl: null });
    return node;
  }

  say(message: FromNode): void {
    this.link?.receive(message);
  }

  send(message: ToNode): void {
    this.received.push(message);
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  of<Kind extends ToNode["kind"]>(kind: Kind): Extract<ToNode, { kind: Kind }>[] {
    return this.received.filter((message): message is Extract<ToNode, { kind: Kind }> => message.kind === kind);
  }

  /** Ids of the connections that are open at its unit. */
  get peers(): string[] {
    const closed = new Set(this.of("close").map(({ peer }) => peer));
    return [...this.of("open"), ...this.of("bridge")].flatMap(({ peer }) => (closed.has(peer) ? [] : peer));
  }
}
