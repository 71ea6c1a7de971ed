export const attackNames = ["pings", "uploads", "logins", "resumes", "anonymous requests", "refused sockets"] as const;
export type AttackName = (typeof attackNames)[number];

export interface AttackOptions {
  readonly name: AttackName;
  readonly port: number;
  /** Of the attacking account. */
  readonly token: string;
  readonly channelId: number;
  readonly durationMs: number;
}
