import type { AutomodRuleFields } from "@miscord/protocol";
import type { RuleSet } from "./rules.ts";

/** A rule as the database has it. */
export interface StoredRule {
  readonly id: number;
  /** `AutomodRuleFields` as JSON. */
  readonly fields: string;
}

const keptAtMost = 300;

/** Compiled rules of the servers whose rules were asked for last, by the version of each server's rules. */
export class RuleCache {
  readonly #kept = new Map<number, { version: number; texts: readonly string[]; rules: RuleSet }>();

  /** Undefined unless the rules of this version are kept. */
  rulesOf(serverId: number, version: number): RuleSet | undefined {
    const known = this.#kept.get(serverId);
    return known?.version === version ? known.rules : undefined;
  }

  /** Compiles the rules of the version; those whose text was in the version before are taken from it. */
  async keep(serverId: number, version: number, stored: readonly StoredRule[]): Promise<RuleSet> {
    // Loaded with the first rule, as most instances may have none.
    const { RuleSet: Rules, compileRule } = await import("./rules.ts");
    const former = this.#kept.get(serverId);
    const compiled = stored.map(({ id, fields }) => {
      const known = former?.rules.rules[former.texts.indexOf(fields)];
      return known?.rule.id === id ? known : compileRule({ ...(JSON.parse(fields) as AutomodRuleFields), id });
    });
    const rules = new Rules(compiled);
    this.#kept.delete(serverId);
    this.#kept.set(serverId, { version, texts: stored.map(({ fields }) => fields), rules });
    if (this.#kept.size > keptAtMost) this.#kept.delete(this.#kept.keys().next().value!);
    return rules;
  }
}

/** Of this thread: versions are random, so that servers of several databases do not mix. */
export const compiledRules = new RuleCache();
