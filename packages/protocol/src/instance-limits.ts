/** Limits of what administrators set for the instance. */
export const instanceLimits = {
  /** Largest upload that can be set while the server runs, in bytes. */
  uploadBytes: 1_073_741_824,
  uploadBytesMin: 1_024,
  messagesPerSecond: 100,
  announcementLength: 500,
  /** Of what an applicant writes. */
  applicationLength: 1_000,
  /** Applications that wait at the same time; further ones are refused until some are decided. */
  waiting: 1_000,
  /** Days after which a refused application is deleted, with its account. */
  refusedDays: 30,
} as const;
