import type { Clock } from "../../clock.ts";

const firstPauseMs = 15_000;
const longestPauseMs = 600_000;
/** In a row, and a push service that has answered before counts as ill. */
const failuresOfTheIll = 3;
/** Addresses are chosen by browsers, so anybody may name many. */
const maxServices = 1_000;

interface Service {
  isProven: boolean;
  failures: number;
  pauseMs: number;
  illUntil: number;
  /** The only push that is on its way to a service that is not proven. */
  probe: PromiseWithResolvers<void> | null;
}

/**
 * Which push services answer, by origin, as far as this node has tried them. One that does not is left alone for 15
 * seconds, then for twice as long, up to ten minutes; after that, and at the first push, a single one goes ahead.
 */
export class ServiceHealth {
  readonly #services = new Map<string, Service>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Until when nothing is to be sent; null: it may be sent. */
  illUntil(origin: string): number | null {
    const until = this.#services.get(origin)?.illUntil ?? 0;
    return until > this.#clock.now() ? until : null;
  }

  isProven(origin: string): boolean {
    return this.#services.get(origin)?.isProven === true;
  }

  /** Resolves when one may send, which must end with `left`; to a time when the service turned out to be ill. */
  async enter(origin: string): Promise<number | null> {
    for (;;) {
      const until = this.illUntil(origin);
      if (until !== null) return until;
      const service = this.#service(origin);
      if (service.isProven) return null;
      if (!service.probe) {
        service.probe = Promise.withResolvers();
        return null;
      }
      await service.probe.promise;
    }
  }

  /** `status` of the answer: 0, there was none; null, it was not sent. */
  left(origin: string, status: number | null): void {
    const service = this.#service(origin);
    service.probe?.resolve();
    service.probe = null;
    if (status === null) return;
    if (status > 0 && status < 500) {
      Object.assign(service, { isProven: true, failures: 0, pauseMs: 0, illUntil: 0 });
      return;
    }
    service.failures += 1;
    if ((service.isProven && service.failures < failuresOfTheIll) || this.illUntil(origin) !== null) return;
    service.isProven = false;
    service.pauseMs = Math.min(longestPauseMs, service.pauseMs * 2 || firstPauseMs);
    service.illUntil = this.#clock.now() + service.pauseMs;
  }

  #service(origin: string): Service {
    let service = this.#services.get(origin);
    if (!service) {
      service = { isProven: false, failures: 0, pauseMs: 0, illUntil: 0, probe: null };
      this.#services.set(origin, service);
      if (this.#services.size > maxServices) this.#forgetOne(origin);
    }
    return service;
  }

  #forgetOne(except: string): void {
    for (const [origin, { probe }] of this.#services) {
      if (probe || origin === except) continue;
      this.#services.delete(origin);
      return;
    }
  }
}
