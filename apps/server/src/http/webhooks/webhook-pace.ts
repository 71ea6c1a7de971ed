import type { FastifyReply } from "fastify";
import type { Clock } from "../../clock.ts";
import type { DomainContext } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";

/** What the headers promise to a webhook, as at Discord. The budgets allow a little more, so that who obeys is never refused. */
const windowMs = 2_000;
const perWindow = 5;
/** A body of more counts as several messages of whoever made the webhook: everybody waits while it is parsed. */
const bytesOfMessage = 32 * 1024;
/** Webhooks remembered; those that wrote longest ago are forgotten first. */
const remembered = 10_000;

/** Spends the rates of webhooks, and tells their programs in Discord's headers how much is left. */
export class WebhookPace {
  readonly #clock: Clock;
  readonly #rates: DomainContext["rates"];
  readonly #windows = new Map<number, { until: number; used: number }>();

  constructor({ clock, rates }: Pick<DomainContext, "clock" | "rates">) {
    this.#clock = clock;
    this.#rates = rates;
  }

  /** `bytes`: at most as many as will be parsed. Throws `rate_limited`. */
  async spend(webhook: WebhookRow, reply: FastifyReply, bytes: number): Promise<void> {
    const now = this.#clock.now();
    const left = this.#count(webhook.id, now);
    reply.header("x-ratelimit-limit", perWindow).header("x-ratelimit-remaining", Math.max(0, perWindow - left.used));
    reply.header("x-ratelimit-reset", (left.until / 1_000).toFixed(3));
    reply.header("x-ratelimit-reset-after", ((left.until - now) / 1_000).toFixed(3));
    reply.header("x-ratelimit-bucket", `webhook-${webhook.id}`);
    const waits = [
      await this.#rates.webhooks.take(webhook.id),
      await this.#rates.webhooksOfServer.take(webhook.server_id),
      await this.#rates.webhooksOfCreator.take(webhook.created_by, 1 + Math.floor(bytes / bytesOfMessage)),
    ];
    const retryAfterMs = Math.max(...waits);
    if (retryAfterMs > 0) throw new AppError("rate_limited", "Too many messages of this webhook.", { retryAfterMs });
  }

  #count(id: number, now: number): { until: number; used: number } {
    const known = this.#windows.get(id);
    const window = known && known.until > now ? known : { until: now + windowMs, used: 0 };
    window.used += 1;
    this.#windows.delete(id);
    this.#windows.set(id, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= remembered) break;
      this.#windows.delete(oldest);
    }
    return window;
  }
}
