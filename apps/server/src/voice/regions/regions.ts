import { closeCodes, type RegionRefusal, type VoiceRegion } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Cluster, NodeId, SharedMap } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";
import type { RegionUnits } from "../forwarding/forwarded-media.ts";
import type { FromUnit } from "../forwarding/messages.ts";
import { NodeLinks, type NodeTransport } from "../nodes/node-links.ts";
import type { MediaMember, MediaSeat } from "../routing.ts";
import type { RegionMessage } from "./node-messages.ts";
import { OwnLinks } from "./own-links.ts";
import { RegionLink, type LinkPort } from "./region-link.ts";
import { RegionUnit, type Path } from "./region-units.ts";

/** What every node knows of a region that works: set by the node that has the link to its voice node. */
type SharedRegion = { link: string; url: string | null; stunUrl: string | null };

export interface RegionsOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly transport: NodeTransport<RegionMessage>;
  readonly ownRegion: string;
  /** Whether calls are forwarded at all. */
  readonly isWanted: boolean;
  /** Whether the instance's own unit works. */
  readonly isOwnAvailable: () => boolean;
  readonly hasTurnOverTcp: boolean;
  /** Pages come over https, and may ask no address over http. */
  readonly isSecure: boolean;
  readonly version: string;
  readonly onFailure: (error: unknown) => void;
  /** A call of this node has left the region, since its participants have no connection there. */
  readonly onGivenUp?: (region: string) => void;
}

/** A voice node may not join. */
export class RegionRefused extends AppError {
  readonly why: RegionRefusal;

  constructor(why: RegionRefusal, message: string) {
    super("unavailable", message);
    this.why = why;
  }
}

/**
 * The regions of the instance. A voice node has one link, to whichever node it reached; the homes of rooms reach its unit
 * over that node. A region that is away, or whose node is, is not available, and rooms leave it.
 */
export class Regions implements RegionUnits {
  readonly #options: RegionsOptions;
  readonly #map: SharedMap<SharedRegion>;
  readonly #own = new OwnLinks();
  readonly #units = new Map<string, RegionUnit>();
  readonly #links: NodeLinks<RegionMessage>;
  /** How many calls of this node have left each region for want of connections. */
  readonly #givenUp = new Map<string, number>();
  /** Names whose claim is not answered yet. */
  readonly #joining = new Set<string>();
  readonly #listeners: (() => void)[] = [];

  constructor(options: RegionsOptions) {
    const { clock, cluster, transport } = options;
    this.#options = options;
    this.#map = cluster.map<SharedRegion>("regions");
    this.#links = new NodeLinks({
      nodeId: cluster.nodeId,
      clock,
      send: (nodeId, batch) => transport.send(nodeId, batch),
      receive: (from, message) => this.#receive(from, message),
      lost: (from) => this.#lost(from),
      inUse: () => new Set([...this.#own.nodes, ...this.#holders()]),
    });
    transport.onBatch((batch) => this.#links.receive(batch));
    for (const name of this.#map.keys()) {
      for (const [nodeId, value] of this.#map.get(name)) this.#shared(name, nodeId, value);
    }
    this.#map.onChange((name, nodeId, value) => this.#shared(name, nodeId, value));
    cluster.onNodeGone((nodeId) => {
      this.#links.forget(nodeId);
      this.#own.closeAllOf(nodeId);
    });
    cluster.onRejoined(() => void this.#claimAgain());
  }

  get available(): string[] {
    return [...this.#units.values()]
      .filter(({ path }) => path !== null)
      .map(({ name }) => name)
      .toSorted();
  }

  connect(region: string, member: MediaMember): MediaSeat {
    return this.#unitOf(region).members.connect(member);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  gaveUp(region: string): void {
    this.#givenUp.set(region, (this.#givenUp.get(region) ?? 0) + 1);
    this.#options.onGivenUp?.(region);
  }

  /** How many calls of this node have left each region since the start, since their participants had no connection there. */
  get givenUp(): ReadonlyMap<string, number> {
    return this.#givenUp;
  }

  /** All regions that can forward now; none when there is only the instance's own. */
  list(): VoiceRegion[] {
    const { ownRegion, isOwnAvailable, isSecure } = this.#options;
    const others = this.available.map((name) => {
      const { url, stunUrl } = this.#unitOf(name).measured;
      return { name, url: isSecure && url?.startsWith("http:") ? null : url, stun_url: stunUrl, is_own: false };
    });
    if (others.length === 0 || !isOwnAvailable()) return others;
    return [{ name: ownRegion, url: null, stun_url: null, is_own: true }, ...others];
  }

  /** The links of this node whose voice nodes are ready. */
  get links(): RegionLink[] {
    return [...this.#own].filter(({ isReady }) => isReady);
  }

  /**
   * Takes the connection of a voice node as the link to the region. Rejects with RegionRefused while there is another one, or
   * where calls are not forwarded.
   */
  async join(name: string, port: LinkPort, address: string | null): Promise<RegionLink> {
    const { clock, cluster, ownRegion, isWanted, hasTurnOverTcp, version } = this.#options;
    if (!isWanted) throw new RegionRefused("mesh", "This instance does not forward calls (VOICE_MODE is mesh).");
    if (name === ownRegion) throw new RegionRefused("own_name", `${name} is the region of the instance itself.`);
    const taken = new RegionRefused("connected", `The region ${name} is connected already.`);
    if (this.#joining.has(name) || this.#own.has(name)) throw taken;
    this.#joining.add(name);
    try {
      if ((await cluster.claim(claimOf(name))) !== cluster.nodeId) throw taken;
    } finally {
      this.#joining.delete(name);
    }
    const link = new RegionLink({
      name,
      port,
      clock,
      version,
      welcome: { address, hasTurnOverTcp },
      onReady: (one) => this.#ready(one),
      onMessage: (one, message) => this.#said(one, message),
      onEnded: (one, reason) => this.#ended(one, reason),
    });
    this.#own.add(link);
    return link;
  }

  /** Ends the links of this node; the voice nodes look for another one. */
  close(): void {
    for (const link of this.#own) link.end(closeCodes.restart, "restart");
    this.#links.close();
  }

  #ready(link: RegionLink): void {
    this.#map.set(link.name, { link: link.id, url: link.url, stunUrl: link.stunUrl });
    this.#setPath(link.name, { kind: "own", link });
  }

  #ended(link: RegionLink, reason: string): void {
    const { cluster, onFailure } = this.#options;
    this.#own.remove(link);
    // A claim that could not be released ends with the lease.
    if (cluster.owns(claimOf(link.name))) cluster.release(claimOf(link.name)).catch(() => {});
    if (link.readyAt === null) return;
    onFailure(new Error(`the region ${link.name} is gone: ${reason}`));
    this.#map.delete(link.name);
    const { path } = this.#unitOf(link.name);
    if (path?.kind === "own" && path.link === link) this.#setPath(link.name, null);
  }

  /** What the unit says about a participant goes to the node of their room. */
  #said(link: RegionLink, message: Extract<FromUnit, { peer: string }>): void {
    const nodeId = this.#own.nodeOf(link, message);
    if (nodeId === undefined) this.#unitOf(link.name).members.receive(message);
    else this.#links.post(nodeId, { kind: "from", region: link.name, link: link.id, message });
  }

  #receive(from: NodeId, message: RegionMessage): void {
    if (message.kind === "to") return this.#own.send(from, message);
    const { path, members } = this.#unitOf(message.region);
    if (path?.kind !== "node" || path.nodeId !== from || path.linkId !== message.link) return;
    if (message.kind === "from") members.receive(message.message);
    else members.openAll();
  }

  /** Messages of that node were lost: to units that this node has the links of, or from units that it has. */
  #lost(from: NodeId): void {
    for (const { name, id } of this.#own.closeAllOf(from)) {
      this.#links.post(from, { kind: "again", region: name, link: id });
    }
    for (const { path, members } of this.#units.values()) {
      if (path?.kind === "node" && path.nodeId === from) members.openAll();
    }
  }

  #shared(name: string, nodeId: NodeId, value: SharedRegion | undefined): void {
    if (nodeId === this.#options.cluster.nodeId) return;
    const { path } = this.#unitOf(name);
    if (value)
      return this.#setPath(name, { kind: "node", nodeId, linkId: value.link, url: value.url, stunUrl: value.stunUrl });
    if (path?.kind === "node" && path.nodeId === nodeId) this.#setPath(name, null);
  }

  /** This node had lost its lease, and with it the claims: another one may have the links by now. */
  async #claimAgain(): Promise<void> {
    const { cluster } = this.#options;
    for (const link of this.#own) {
      const owner = await cluster.claim(claimOf(link.name)).catch(() => null);
      if (owner !== cluster.nodeId) link.end(closeCodes.tryAgainLater, "Another node has this region.");
    }
  }

  #setPath(name: string, path: Path | null): void {
    this.#unitOf(name).setPath(path);
    for (const listener of this.#listeners) listener();
  }

  #unitOf(name: string): RegionUnit {
    const known =
      this.#units.get(name) ??
      new RegionUnit(name, (path, message) => {
        if (path.kind === "node") {
          this.#links.post(path.nodeId, { kind: "to", region: name, link: path.linkId, message });
        } else if (message.kind !== "start") {
          path.link.send(message);
        }
      });
    this.#units.set(name, known);
    return known;
  }

  *#holders(): Generator<NodeId> {
    for (const { path } of this.#units.values()) if (path?.kind === "node") yield path.nodeId;
  }
}

function claimOf(name: string): string {
  return `region:${name}`;
}
