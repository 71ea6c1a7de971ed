import type { Logger } from "pino";
import type { AddressReader } from "../client-address.ts";
import type { TokenBuckets } from "../concurrency/token-buckets.ts";
import type { Config } from "../config.ts";
import type { DomainContext } from "../domain/context.ts";
import type { HttpStats } from "../monitoring/metrics.ts";
import type { Monitoring } from "../monitoring/monitoring.ts";
import type { Operator } from "../monitoring/operator.ts";
import type { Readiness } from "../monitoring/readiness.ts";
import type { SecurityEvents } from "../monitoring/security-events.ts";
import type { OriginPolicy } from "../origin.ts";

/** Dependencies of the HTTP server. */
export interface HttpOptions {
  readonly context: DomainContext;
  readonly config: Config;
  readonly logger: Logger;
  readonly addressOf: AddressReader;
  /** By client address: requests without a valid login. */
  readonly anonymous: TokenBuckets;
  readonly origins: OriginPolicy;
  readonly security: SecurityEvents;
  readonly monitoring: Monitoring;
  readonly stats: HttpStats;
  readonly readiness: Readiness;
  readonly operator: Operator;
  /** Folder of the built web client. */
  readonly webRoot: string;
}
