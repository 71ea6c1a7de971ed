/** Of profiles, apart from `limits` so that only their screens load them. */
export const profileLimits = {
  aboutLength: 300,
  aboutLines: 10,
  pronounsLength: 40,
  mutualFriends: 20,
  statusLength: 100,
  /** A week. */
  statusSeconds: 7 * 86_400,
} as const;
