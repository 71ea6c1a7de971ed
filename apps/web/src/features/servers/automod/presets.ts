import type { AutomodKind, AutomodRuleFields, AutomodTrigger } from "@miscord/protocol";

/** What a new rule of each kind starts with. */
const triggers: { readonly [Kind in AutomodKind]: Extract<AutomodTrigger, { kind: Kind }> } = {
  words: { kind: "words", words: [], allowed: [], forms: true },
  links: { kind: "links", mode: "except", domains: [], account_age_days: 7 },
  invites: { kind: "invites", allowed: [] },
  mentions: { kind: "mentions", most: 5 },
  repeats: { kind: "repeats", times: 3, window_s: 60, in_message: 10 },
  capitals: { kind: "capitals", percent: 70, letters: 20 },
  emoji: { kind: "emoji", most: 10 },
};

export function presetOf(kind: AutomodKind, { name, message }: { name: string; message: string }): AutomodRuleFields {
  return {
    name,
    message,
    enabled: true,
    trigger: triggers[kind],
    actions: { block: true, delete: false, alert_channel_id: null, timeout_s: 0 },
    checks_names: false,
    exempt_role_ids: [],
    exempt_channel_ids: [],
  };
}

/** Kinds that make sense for a name. */
export const kindsOfNames: readonly AutomodKind[] = ["words", "links", "invites"];

/** Whether the server would take the rule, as far as the page knows. */
export function isComplete({ name, message, trigger }: AutomodRuleFields): boolean {
  return name.trim() !== "" && message.trim() !== "" && (trigger.kind !== "words" || linesOf(trigger.words).length > 0);
}

/** The lines that hold something. */
function linesOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** The rule as it is sent: without the empty lines of somebody who is typing. */
export function tidy<Fields extends AutomodRuleFields>(rule: Fields): Fields {
  return { ...rule, trigger: tidyTrigger(rule.trigger) };
}

function tidyTrigger(trigger: AutomodTrigger): AutomodTrigger {
  switch (trigger.kind) {
    case "words":
      return { ...trigger, words: linesOf(trigger.words), allowed: linesOf(trigger.allowed) };
    case "links":
      return { ...trigger, domains: linesOf(trigger.domains) };
    case "invites":
      return { ...trigger, allowed: linesOf(trigger.allowed) };
    default:
      return trigger;
  }
}
