import type { MonitorNode } from "@miscord/protocol";
import { z } from "zod";
import type { Coincidence } from "./incident-log.ts";

const keptChanges = 50;

/** What the analysis knows of the instance's nodes and settings, to notice changes, also over a restart. */
export const knownInstance = z.object({
  /** Version by node id. */
  nodes: z.record(z.string(), z.object({ name: z.string(), version: z.string() })),
  /** Digest by name of a setting. */
  settings: z.record(z.string(), z.string()),
  breaker_open: z.boolean(),
});
export type KnownInstance = z.infer<typeof knownInstance>;

/** Restarts, new versions, changed settings, nodes that come and go: what may be the cause of an incident. */
export class Changes {
  #known: KnownInstance | null;
  #latest: Coincidence[];

  constructor(known: KnownInstance | null, latest: readonly Coincidence[]) {
    this.#known = known;
    this.#latest = latest.slice(-keptChanges);
  }

  get known(): KnownInstance | null {
    return this.#known;
  }

  /** Oldest first. */
  get latest(): readonly Coincidence[] {
    return this.#latest;
  }

  /** Takes in what others noticed. */
  add(found: readonly Coincidence[]): void {
    this.#latest = [...this.#latest, ...found].slice(-keptChanges);
  }

  /** Compares what is with what was. The first look has nothing to compare with. */
  look(at: string, nodes: readonly MonitorNode[], settings: KnownInstance["settings"], isBreakerOpen: boolean): void {
    const now: KnownInstance = {
      nodes: Object.fromEntries(nodes.map(({ id, name, version }) => [id, { name, version }])),
      settings,
      breaker_open: isBreakerOpen,
    };
    const before = this.#known;
    this.#known = now;
    if (!before) return;
    const found = [...nodeChanges(before, now, nodes), ...settingChanges(before, now), ...breakerChange(before, now)];
    this.#latest = [...this.#latest, ...found.map((each) => ({ at, ...each }))].slice(-keptChanges);
  }
}

type Change = Omit<Coincidence, "at"> & { at?: string };

/**
 * A node that comes with a version that is new to the instance is a deploy. One that comes while another is gone has taken
 * its place: a deploy too when that one had another version, otherwise a restart.
 */
function nodeChanges(before: KnownInstance, now: KnownInstance, nodes: readonly MonitorNode[]): Change[] {
  const former = Object.values(before.nodes);
  const gone = Object.entries(before.nodes).flatMap(([id, node]) => (now.nodes[id] ? [] : [node]));
  const come = nodes
    .filter(({ id }) => !before.nodes[id])
    .map(({ name, version, since: at }, index): Change => {
      const isReplacing = index < gone.length;
      const isKnown = (isReplacing ? gone : former).some((node) => node.version === version);
      if (!isKnown) return { kind: "deploy", detail: version, at };
      return { kind: isReplacing ? "restart" : "node_joined", detail: name, at };
    });
  const left = gone.slice(come.length).map(({ name }): Change => ({ kind: "node_gone", detail: name }));
  return [...come, ...left];
}

function settingChanges(before: KnownInstance, now: KnownInstance): Change[] {
  // A setting that was not there before came with a new version.
  const names = Object.keys(before.settings).filter(
    (name) => name in now.settings && now.settings[name] !== before.settings[name],
  );
  return names.length === 0 ? [] : [{ kind: "configuration", detail: names.slice(0, 5).join(", ") }];
}

function breakerChange(before: KnownInstance, now: KnownInstance): Change[] {
  return now.breaker_open && !before.breaker_open ? [{ kind: "circuit_breaker", detail: "" }] : [];
}
