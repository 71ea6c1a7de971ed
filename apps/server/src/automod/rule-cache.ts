import type { AutomodRuleFields } from "@miscord/protocol";
import { Turns } from "../concurrency/turns.ts";
import type { CompiledRule, RuleSet } from "./rules.ts";

/** A rule as the database has it. */
export interface StoredRule {
  readonly id: number;
  /** `AutomodRuleFields` as JSON. */
  readonly fields: string;
}

interface Kept {
  readonly version: number;
  readonly texts: readonly string[];
  readonly rules: RuleSet;
}

/** A character takes up to a hundred bytes once it is compiled. */
const keptAtMost = { servers: 300, characters: 2_000_000 };
/** Milliseconds after which other work has its turn. */
const turnMs = 5;

/** Compiled rules of the servers whose rules were asked for last, by the version of each server's rules. */
export class RuleCache {
  /** The one asked for last at the end. */
  readonly #kept = new Map<number, Kept>();
  #characters = 0;

  /** Undefined unless the rules of this version are kept. */
  rulesOf(serverId: number, version: number): RuleSet | undefined {
    const known = this.#kept.get(serverId);
    if (known?.version !== version) return undefined;
    this.#kept.delete(serverId);
    this.#kept.set(serverId, known);
    return known.rules;
  }

  /** Compiles the rules of the version; those whose text was in the version before are taken from it. */
  async keep(serverId: number, version: number, stored: readonly StoredRule[]): Promise<RuleSet> {
    // Loaded with the first rule, as most instances may have none.
    const { RuleSet: Rules, compileRule } = await import("./rules.ts");
    const former = this.#kept.get(serverId);
    const turns = new Turns(turnMs);
    const compiled: CompiledRule[] = [];
    for (const { id, fields } of stored) {
      const known = former?.rules.rules[former.texts.indexOf(fields)];
      const isKnown = known?.rule.id === id;
      compiled.push(isKnown ? known : compileRule({ ...(JSON.parse(fields) as AutomodRuleFields), id }));
      await turns.pause();
    }
    const rules = new Rules(compiled);
    this.#put(serverId, { version, texts: stored.map(({ fields }) => fields), rules });
    return rules;
  }

  #put(serverId: number, kept: Kept): void {
    this.#remove(serverId);
    this.#kept.set(serverId, kept);
    this.#characters += charactersOf(kept);
    for (const oldest of this.#kept.keys()) {
      const isRoom = this.#kept.size <= keptAtMost.servers && this.#characters <= keptAtMost.characters;
      if (isRoom || oldest === serverId) break;
      this.#remove(oldest);
    }
  }

  #remove(serverId: number): void {
    const kept = this.#kept.get(serverId);
    if (kept) this.#characters -= charactersOf(kept);
    this.#kept.delete(serverId);
  }
}

function charactersOf({ texts }: Kept): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Of this thread: versions are random, so that servers of several databases do not mix. */
export const compiledRules = new RuleCache();
