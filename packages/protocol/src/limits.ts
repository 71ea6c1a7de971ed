/**
 * Fixed limits of the protocol. Limits that an operator can change are in `GET /api/instance`. Lengths are in UTF-16
 * code units.
 */
export const limits = {
  messageLength: 5_000,
  attachmentsPerMessage: 10,
  attachmentBytes: 25 * 1024 * 1024,
  /** Longest voice message, and bytes of its wave form. */
  voiceMessageMs: 600_000,
  waveformBytes: 64,
  filenameLength: 200,
  /** A `file_url` with the longest name, each of its characters escaped, and a token. */
  fileUrlLength: 2_500,
  /** Pictures with a longer side or more pixels are files to download: decoded they would fill the reader's memory. */
  pictureSide: 16_384,
  picturePixels: 50_000_000,
  /** Of the address that a browser's push service gives a subscription. */
  pushEndpointLength: 1_024,
  /** Devices of one person that get pushes. */
  pushDevices: 20,
  nonceLength: 64,
  emojiLength: 32,
  /** An emoji of a server as reactions name it: `<a:name:id>`. */
  emojiMarkLength: 52,
  emojisPerServer: 100,
  stickersPerServer: 60,
  soundsPerServer: 24,
  soundBytes: 512 * 1024,
  soundMs: 5_200,
  soundNameMin: 2,
  soundNameLength: 32,
  emojiNameMin: 2,
  emojiNameLength: 32,
  emojiAliases: 5,
  emojiAliasLength: 32,
  reactionsPerMessage: 20,
  pollAnswers: 10,
  pollAnswerLength: 100,
  /** Longest and shortest time until a poll ends, in seconds. */
  pollSeconds: 32 * 86_400,
  pollSecondsMin: 60,
  /** Voters on a page. */
  votersPage: 100,
  /** Scheduled messages of one user, and how far ahead they are, in seconds. */
  scheduledPerUser: 50,
  scheduledSeconds: 366 * 86_400,
  /** Drafts of one user that follow the account; those changed longest ago go first. */
  draftsPerUser: 100,
  /** Kept of an edited message; the first ones go first. */
  earlierTexts: 50,
  savedPerUser: 1_000,
  /** Pages that a message links to and that are shown below it. */
  previewsPerMessage: 3,
  replyPreviewLength: 200,
  usernameMin: 2,
  usernameLength: 32,
  displayNameLength: 48,
  emailLength: 254,
  passwordMin: 8,
  passwordLength: 256,
  passkeyNameLength: 60,
  passkeysPerUser: 20,
  recoveryCodes: 10,
  serverNameLength: 80,
  channelNameLength: 60,
  topicLength: 1_024,
  /** Longest slow mode, in seconds. */
  slowModeSeconds: 21_600,
  channelsPerServer: 500,
  pinsPerChannel: 50,
  /** Of one server, archived ones too. */
  threadsPerServer: 20_000,
  threadsPageSize: 25,
  /** More messages of a thread are not counted in a list. */
  threadCountMax: 100,
  /** Tags of a forum, of one post, and pinned posts of a forum. */
  tagsPerForum: 20,
  tagsPerPost: 5,
  tagNameLength: 30,
  pinnedPosts: 5,
  postsPageSize: 25,
  roleNameLength: 60,
  /** Longest time out, in seconds. */
  timeoutSeconds: 28 * 86_400,
  /** How far back a ban deletes messages, in seconds. */
  banDeletesSeconds: 7 * 86_400,
  /** Of the reason that somebody gives for an action. */
  reasonLength: 300,
  /** Of the reason of a report, and of the note with its outcome. */
  reportLength: 1_000,
  /** Open reports of one reporter to one server, and to the administrators of the instance. */
  openReports: 50,
  /** Messages deleted by one command. */
  bulkDelete: 100,
  /** People banned by one command. */
  bulkBan: 200,
  /** Longest raid mode, in seconds, and how far back it reaches for new members, in minutes. */
  raidSeconds: 86_400,
  raidMinutes: 1_440,
  /** Besides the base role. */
  rolesPerServer: 250,
  webhookNameLength: 80,
  webhooksPerChannel: 15,
  botsPerUser: 10,
  overridesPerChannel: 300,
  /** Of all of its channels together. */
  overridesPerServer: 10_000,
  /** Longest wait of members before they write, in minutes. */
  verificationMinutes: 7 * 1_440,
  rulesLength: 4_000,
  /** Of a server's onboarding. */
  welcomeLength: 1_000,
  onboardingChannels: 10,
  onboardingQuestions: 5,
  onboardingAnswers: 10,
  onboardingRoles: 5,
  onboardingTextLength: 100,
  /** What the discovery page says of a server, and servers on a page of it. */
  descriptionLength: 300,
  discoveryPageSize: 24,
  serversPerUser: 200,
  /** Of a page of a member list, and of members asked for by their ids. */
  membersPage: 100,
  /** Pages of one server's member list that a connection shows, and servers whose list it shows. */
  membersPagesInSight: 2,
  memberListsInSight: 10,
  /** Found by a part of their name. */
  membersFound: 25,
  /** People of a group, the one who made it too. */
  groupPeople: 10,
  /** Private channels that a user opened, and those that others opened with them, each. */
  dmsPerUser: 1_000,
  /** Friends with own requests, requests of others, and blocked people of one user, each. */
  relationshipsPerUser: 1_000,
  /** Invites of one creator to one server that can still be used: of a member, and of those who manage the server. */
  invitesPerMember: 20,
  invitesPerManager: 200,
  /** Longest life of an invite by a member who does not manage the server, in seconds. */
  memberInviteSeconds: 30 * 86_400,
  pageSize: 50,
  pageSizeMax: 100,
  /** Of a search: what is typed, and hits on a page. */
  searchLength: 200,
  searchPageSize: 25,
  /** A resume that would replay more changed messages than this is answered with `recovered: false`. */
  resumeMessages: 500,
  frameBytes: 64 * 1024,
  jsonDepth: 16,
  sdpLength: 48 * 1024,
  regionNameLength: 32,
  /** Regions of an instance, its own included. */
  regions: 16,
  /** Screens that one participant of a forwarded call can watch at the same time. */
  watchedScreens: 4,
  /** Cameras that one participant of a forwarded call is sent at the same time. */
  watchedCameras: 8,
  candidateLength: 1_024,
  /** How long a call in a private channel rings. */
  ringSeconds: 60,
} as const;
