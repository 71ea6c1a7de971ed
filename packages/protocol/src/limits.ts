/** Bounds that both sides know. What an operator can change arrives in `GET /api/instance` instead. */
export const limits = {
  messageLength: 5_000,
  attachmentsPerMessage: 10,
  attachmentBytes: 25 * 1024 * 1024,
  filenameLength: 200,
  /** A `file_url` with the longest name, each of its characters escaped, and a token. */
  fileUrlLength: 2_500,
  /** Pictures with a longer side or more pixels are files to download: decoded they would fill the reader's memory. */
  pictureSide: 16_384,
  picturePixels: 50_000_000,
  nonceLength: 64,
  emojiLength: 32,
  reactionsPerMessage: 20,
  replyPreviewLength: 200,
  usernameMin: 2,
  usernameLength: 32,
  displayNameLength: 48,
  emailLength: 254,
  passwordMin: 8,
  passwordLength: 256,
  serverNameLength: 80,
  channelNameLength: 60,
  channelsPerServer: 200,
  serversPerUser: 200,
  pageSize: 50,
  pageSizeMax: 100,
  /** A resume further behind than this many changed messages answers `recovered: false`. */
  resumeMessages: 500,
  frameBytes: 64 * 1024,
  jsonDepth: 16,
  sdpLength: 48 * 1024,
  candidateLength: 1_024,
} as const;

/** Letters, digits, dot, dash and underscore of any script: names are typed after `@`. */
export const usernamePattern = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u;

/** Same characters as usernamePattern; a mention starts where a word starts. */
export const mentionPattern = /(?<![\p{L}\p{N}_@.-])@([\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?)/gu;
