/** Between the bench, which has the forwarding unit, and the process of its participants. */
export type ToParticipants =
  | { kind: "offer"; userId: number; sdp: string; connectionId: string }
  | { kind: "speak"; userIds: number[]; payloadBytes: number }
  | { kind: "measure" };

export type FromParticipants =
  | { kind: "answer"; userId: number; sdp: string; connectionId: string }
  | { kind: "connected"; count: number }
  | { kind: "measured"; packets: number; p50Ms: number; p99Ms: number };
