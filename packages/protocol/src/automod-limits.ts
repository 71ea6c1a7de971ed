/** What an AutoMod rule can watch for. */
export const automodKinds = ["words", "links", "invites", "mentions", "repeats", "capitals", "emoji"] as const;

/** Limits of AutoMod, apart from `limits`: only its screen and the server need them. */
export const automodLimits = {
  rulesPerServer: 20,
  nameLength: 60,
  /** Of what the author of a blocked message is told. */
  messageLength: 300,
  /** Words of a rule. */
  words: 300,
  /** Exceptions of a rule. */
  allowedWords: 200,
  /** Words and exceptions of all rules of a server together: making them ready takes time. */
  wordsPerServer: 2_000,
  /** Their letters together, which take memory. */
  lettersPerServer: 30_000,
  wordLength: 60,
  domains: 200,
  domainLength: 100,
  exemptRoles: 50,
  exemptChannels: 100,
  /** Of a time out, in seconds. */
  timeoutSeconds: 7 * 86_400,
  /** How far back the dry run looks, in seconds. */
  dryRunSeconds: 7 * 86_400,
} as const;
