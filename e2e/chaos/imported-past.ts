import { authorClaimCalls, importCalls, type MiscordClient } from "@miscord/client";
import type { AuthorClaim, Message } from "@miscord/protocol";
import type { Store } from "../../apps/server/src/store/contract.ts";
import { addImportedAuthors, type ImportedAuthor } from "../../apps/server/src/testing/imported-authors.ts";
import type { Dice } from "./dice.ts";
import { originalOf } from "./invariants.ts";

const authors = 3;
const messagesEach = 1_200;

/** What people wrote elsewhere before, who may be among those here: they say so, and the first of these decides. */
export class ImportedPast {
  readonly channelId: number;
  readonly #authors: readonly ImportedAuthor[];

  private constructor(channelId: number, imported: readonly ImportedAuthor[]) {
    this.channelId = channelId;
    this.#authors = imported;
  }

  /** Fills the channel, and makes the first user an administrator. */
  static async addTo(store: Store, channelId: number): Promise<ImportedPast> {
    const first = store.db.selectFrom("users").select(({ fn }) => fn.min("id").as("id"));
    await store.db.updateTable("users").set({ is_admin: 1 }).where("id", "=", first).execute();
    return new ImportedPast(channelId, await addImportedAuthors(store, channelId, { authors, messagesEach }));
  }

  /** Says to be one of them, or takes such a thing back. */
  async claim({ rest }: MiscordClient, dice: Dice): Promise<unknown> {
    const calls = authorClaimCalls(rest);
    const { messageId } = dice.pick(this.#authors);
    if (dice.chance(0.8)) return calls.ask(messageId);
    const [pending] = (await calls.list()).filter(({ status }) => status === "pending");
    return pending && calls.withdraw(pending.id);
  }

  /** Answers one of those who wait. */
  async decide({ rest }: MiscordClient, decision: "accept" | "decline"): Promise<unknown> {
    const calls = importCalls(rest);
    const [first] = (await calls.authorClaims()).claims;
    return first && calls.decideClaim(first.id, { decision });
  }

  /**
   * What is wrong with who is shown as the author, one sentence each, once all is given: each of them is one person, whom an
   * administrator has accepted, or still the stranger; nobody waits for what somebody has; and nothing of it is lost.
   */
  async violations(
    clients: readonly MiscordClient[],
    history: readonly Message[],
    deleted: ReadonlySet<string>,
  ): Promise<string[]> {
    const claims = await claimsOf(clients);
    const queue = (await importCalls(clients[0]!.rest).authorClaims()).claims.map(({ id }) => id);
    const pending = claims.filter(({ status }) => status === "pending").map(({ id }) => id);
    const found = [
      ...this.#lost(history, deleted),
      ...this.#authors.flatMap((one) => violationsOfAuthor(one, claims, history)),
    ];
    if (sorted(queue) !== sorted(pending))
      found.push(`the administrator sees the claims ${sorted(queue)}, and people wait for ${sorted(pending)}`);
    return found;
  }

  #lost(history: readonly Message[], deleted: ReadonlySet<string>): string[] {
    const there = new Set(history.map(({ content }) => originalOf(content)));
    return Array.from(
      { length: authors * messagesEach },
      (_, place) => `${this.#authors[place % authors]!.name} says ${place}`,
    )
      .filter((text) => !there.has(text) && !deleted.has(text))
      .map((text) => `"${text}" is not there`);
  }
}

type ClaimOf = AuthorClaim & { userId: number };

async function claimsOf(clients: readonly MiscordClient[]): Promise<ClaimOf[]> {
  const lists = clients.map(async ({ rest, store }) => {
    const userId = store.getState().session.me!.id;
    return (await authorClaimCalls(rest).list()).map((claim) => ({ ...claim, userId }));
  });
  return (await Promise.all(lists)).flat();
}

function violationsOfAuthor(
  { id, name }: ImportedAuthor,
  claims: readonly ClaimOf[],
  history: readonly Message[],
): string[] {
  const own = claims.filter(({ author }) => author.id === id);
  const accepted = own.filter(({ status }) => status === "accepted").map(({ userId }) => userId);
  const written = history.filter(({ content }) => content.startsWith(`${name} `));
  const shown = new Set(written.map(({ author }) => author.id));
  const [owner = id] = accepted;
  const violations = [...shown]
    .filter((author) => author !== owner)
    .map((author) => `${name} is shown as ${author}, not as ${owner}`);
  if (accepted.length > 1) violations.push(`${name} is ${accepted.join(" and ")}`);
  if (accepted.length > 0 && own.some(({ status }) => status === "pending"))
    violations.push(`somebody waits for ${name}`);
  const hasReacted = history.some(({ reactions }) => reactions.some(({ user_ids }) => user_ids.includes(id)));
  if (accepted.length > 0 && hasReacted) violations.push(`reactions of ${name} are left`);
  return violations;
}

const sorted = (ids: readonly number[]) => ids.toSorted((a, b) => a - b).join(", ");
