/** Translation key that explains a close code to the user. */
export type CloseCauseKey =
  | "asked"
  | "lost"
  | "restart"
  | "busy"
  | "token"
  | "silent"
  | "slow"
  | "rate"
  | "refused"
  | "other";

export function closeCauseKey({ code, reason }: { code: number; reason: string }): CloseCauseKey {
  switch (code) {
    case 1000:
      return "asked";
    case 1005:
    case 1006:
      return "lost";
    case 1001:
    case 1012:
      return "restart";
    case 1013:
      return "busy";
    case 4001:
    case 1008:
      return "token";
    case 4008:
      return reason === "heartbeat missed" || reason === "connect timeout" ? "silent" : "slow";
    case 4029:
      return "rate";
    case 4003:
    case 4004:
    case 4010:
      return "refused";
    default:
      return "other";
  }
}
