import type { AutomodRuleFields, AutomodTrigger } from "@miscord/protocol";
import { mentionsOf, withEmojiNames } from "@miscord/text";
import { countCapitals, countEmoji, digestOf, repetition } from "./floods.ts";
import { foldText, type FoldedText } from "./letters.ts";
import { DomainList, inviteIn, LinkedText } from "./links.ts";
import { matchWords, prepare, rangeOf, type PreparedText } from "./match-words.ts";
import { WordList } from "./words.ts";

/** A rule as it is stored. */
export interface AutomodRuleData extends AutomodRuleFields {
  readonly id: number;
}

/** What of a text meets a rule, in UTF-16 code units; null: the text as a whole. */
type Match = { readonly start: number; readonly end: number } | null;

/** A message, or the name of its author. */
export interface Checked {
  readonly content: string;
  /** How many people the text addresses; `@everyone`, `@here` and each role count as one. */
  readonly mentions: number;
  /** When the author's account was made, and when the message is sent, in milliseconds since 1970. */
  readonly accountSince: number;
  readonly at: number;
  /** What the author sent before in the server, by `digest`. */
  readonly earlier: readonly { readonly digest: string; readonly at: number }[];
}

/** A text that several rules look at: what they share of it is made once, and only when one needs it. */
export class CheckedText {
  readonly checked: Checked;
  #read: string | undefined;
  #folded: FoldedText | undefined;
  #prepared: PreparedText | undefined;
  #links: LinkedText | undefined;

  constructor(checked: Checked) {
    this.checked = checked;
  }

  /** What people read: emoji of servers by their names. */
  get read(): string {
    return (this.#read ??= withEmojiNames(this.checked.content));
  }

  get prepared(): PreparedText {
    return (this.#prepared ??= prepare((this.#folded ??= foldText(this.read))));
  }

  get links(): LinkedText {
    return (this.#links ??= new LinkedText(this.checked.content));
  }

  /** Of the repeats rule. */
  get digest(): string {
    return digestOf(this.prepared.text);
  }
}

/** Different people whom a text addresses; `@everyone` counts as one. */
export function countMentions(content: string): number {
  const { names, everyone, roles = [], here = false } = mentionsOf(content);
  return names.length + roles.length + Number(everyone) + Number(here);
}

type Test = (text: CheckedText) => Match | undefined;

/** A rule that is ready to look at texts; takes time in proportion to the text, whatever it holds. */
export interface CompiledRule {
  readonly rule: AutomodRuleData;
  /** What meets the rule; undefined: nothing. */
  readonly test: Test;
}

export function compileRule(rule: AutomodRuleData): CompiledRule {
  return { rule, test: testOf(rule.trigger) };
}

/** The rules of a server. */
export class RuleSet {
  readonly rules: readonly CompiledRule[];

  constructor(rules: readonly CompiledRule[]) {
    this.rules = rules;
  }

  get countsRepeats(): boolean {
    return this.rules.some(({ rule }) => rule.trigger.kind === "repeats");
  }

  textOf(checked: Checked): CheckedText {
    return new CheckedText(checked);
  }
}

const dayMs = 86_400_000;

function testOf(trigger: AutomodTrigger): Test {
  switch (trigger.kind) {
    case "words":
      return wordsTest(trigger);
    case "links":
      return linksTest(trigger);
    case "invites": {
      const allowed = trigger.allowed.map((part) => part.toLowerCase());
      return ({ checked: { content }, links }) =>
        inviteIn(content, links, (address) => allowed.some((part) => address.includes(part))) ?? undefined;
    }
    case "mentions":
      return ({ checked: { mentions } }) => met(mentions > trigger.most);
    case "repeats":
      return repeatsTest(trigger);
    case "capitals":
      return ({ checked: { content } }) => {
        const { capitals, letters } = countCapitals(content);
        return met(letters >= trigger.letters && capitals * 100 >= letters * trigger.percent);
      };
    case "emoji":
      return ({ checked: { content } }) => met(countEmoji(content) > trigger.most);
  }
}

const met = (isMet: boolean): Match | undefined => (isMet ? null : undefined);

function wordsTest({ words, allowed, forms }: Extract<AutomodTrigger, { kind: "words" }>): Test {
  const list = new WordList(words, { forms });
  const exceptions = new WordList(allowed, { forms });
  return (text) => {
    const { prepared } = text;
    const span = matchWords(prepared, list, exceptions);
    if (!span) return undefined;
    // Places in what people read are not those of the text.
    return text.read === text.checked.content ? rangeOf(prepared, text.read, span) : null;
  };
}

function linksTest({ mode, domains, account_age_days }: Extract<AutomodTrigger, { kind: "links" }>): Test {
  const list = new DomainList(domains);
  return ({ checked: { accountSince, at }, links }) => {
    if (account_age_days > 0 && at - accountSince >= account_age_days * dayMs) return undefined;
    const isMet = (host: string) => (mode === "only" ? list.looksLike(host) : !list.has(host));
    const found = links.addresses.find(({ host }) => isMet(host));
    if (found) return { start: found.start, end: found.end };
    return met(mode === "only" && !list.isEmpty && links.closed.some(({ host }) => list.has(host)));
  };
}

function repeatsTest({ times, window_s, in_message }: Extract<AutomodTrigger, { kind: "repeats" }>): Test {
  return (text) => {
    const { at, earlier } = text.checked;
    if (repetition(text.prepared, in_message) >= in_message) return null;
    if (earlier.length === 0) return undefined;
    const { digest } = text;
    const same = earlier.filter((one) => one.digest === digest && at - one.at < window_s * 1_000);
    return met(same.length + 1 >= times);
  };
}
