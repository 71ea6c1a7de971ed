import type { Budget, Cluster } from "../cluster/contract.ts";
import type { Rate } from "../concurrency/token-bucket.ts";

/** Budgets by kind of command, shared by all nodes; HTTP and gateway spend from the same ones. */
export interface RateLimits {
  /** By user id; spent by `sendMessage` itself. */
  readonly messages: Budget;
  /**
   * By user id: everything but messages that others feel. `serverCommand` and `channelCommand` spend it; so do edits,
   * deletions, reactions, status, profile, creating, joining and leaving a server.
   */
  readonly changes: Budget;
  /** By user id: new threads, each of which everybody who is named in it follows from then on. */
  readonly threads: Budget;
  /** By user id: bots that they make, each of which is an account. */
  readonly newBots: Budget;
  /** By user id: webhooks that they make. */
  readonly newWebhooks: Budget;
  /** By user id; spent by the gateway. */
  readonly typing: Budget;
  /** By user id; spent by the gateway. */
  readonly joins: Budget;
  /** By user id: new sockets; spent by the gateway. */
  readonly connections: Budget;
  /** By user id: HTTP requests, and gateway commands that have no rate of their own. */
  readonly requests: Budget;
  /** By user id: files that are read, such as the pictures of a page. */
  readonly files: Budget;
  /** By user id: pictures that they give themselves, servers and groups, each of which is encoded anew. */
  readonly pictureChanges: Budget;
  /** By user id: emoji that they make, each of a picture that is encoded anew. */
  readonly newEmojis: Budget;
  /** By user id: sounds that they add to servers, and sounds that they play in calls. */
  readonly newSounds: Budget;
  readonly playedSounds: Budget;
  /** By user id: GIFs that they keep or send from elsewhere, each of which is encoded anew, and searches for GIFs. */
  readonly newGifs: Budget;
  readonly gifSearches: Budget;
  /** By user id: searches for messages and members, each of which costs more than another request. */
  readonly searches: Budget;
  /** By user id: reports of messages and people. */
  readonly reports: Budget;
  /** By user id of the sender: invitations that notify somebody. */
  readonly invitations: Budget;
  /** By user id of the receiver: invitations from all senders together. */
  readonly invitationsReceived: Budget;
  /** By sender and receiver together, so that one sender cannot use up what a receiver gets from everybody. */
  readonly invitationsToOne: Budget;
  /** By user id of the caller: times that they ring others. */
  readonly rings: Budget;
  /** By user id of the receiver: rings of all callers together, and by caller and receiver together, as of invitations. */
  readonly ringsReceived: Budget;
  readonly ringsToOne: Budget;
  /** By user id: test pushes to all of their devices. */
  readonly pushTests: Budget;
  /** By channel and member: messages of AutoMod to moderators. */
  readonly alertsOfMember: Budget;
  /** By channel: the same about all members together. */
  readonly alertsInChannel: Budget;
  /** By id of the webhook: messages, and changes of them. */
  readonly webhooks: Budget;
  /** By server: the same of all its webhooks together. */
  readonly webhooksOfServer: Budget;
  /** By user id of whoever made them: the same of all their webhooks together, in however many servers. */
  readonly webhooksOfCreator: Budget;
  /** By user id of the author, of a webhook that of its maker: pages that are read because messages link to them. */
  readonly linkPreviews: Budget;
  /** By the id of the author, or of the owner of one that is a bot: bytes of the pictures that are kept of pages. */
  readonly linkPreviewBytes: Budget;
  /** By host: calls for all authors together, of pages, pictures and redirects. */
  readonly linkPreviewsOfHost: Budget;
  /** By user id, of a webhook that of its maker: people whom their messages to groups notify. See `withinGroupBudget`. */
  readonly notifiedPeople: Budget;
  /** By user id: people whom their changes name, or who are told of them one by one. See `withinCrowdBudget`. */
  readonly namedPeople: Budget;
  /** By user id: channels and overrides of servers that they join, or that their bots do. See `withinJoinBudget`. */
  readonly joinedChannels: Budget;
  /** By client address. */
  readonly registrations: Budget;
  /** By client address. */
  readonly logins: Budget;
  /** By client address (or session id, for proofs) and folded username together; and the user id, for second factors. */
  readonly accountLogins: Budget;
  /** By client address: wrong refresh tokens. As many as logins. */
  readonly refreshFailures: Budget;
  /** By folded username: bounds password guesses at one account from many addresses, without a session. */
  readonly accountGuesses: Budget;
  /** By user id: codes of an authenticator app that are tried after the password, or in place of it. */
  readonly secondFactors: Budget;
  /** By user id: mails that somebody asks for, to confirm an address or to test. */
  readonly mailsOfUser: Budget;
  /** By folded address: mails that somebody asks for, whether or not the address belongs to an account. */
  readonly mailsToAddress: Budget;
}

/** Rates that follow from the rate of another kind. */
type Derived =
  | "files"
  | "pictureChanges"
  | "newEmojis"
  | "newSounds"
  | "newGifs"
  | "gifSearches"
  | "playedSounds"
  | "threads"
  | "newBots"
  | "newWebhooks"
  | "accountGuesses"
  | "secondFactors"
  | "refreshFailures"
  | "invitationsToOne"
  | "rings"
  | "ringsReceived"
  | "ringsToOne"
  | "pushTests"
  | "mailsOfUser"
  | "mailsToAddress"
  | "alertsOfMember"
  | "alertsInChannel"
  | "webhooks"
  | "webhooksOfServer"
  | "webhooksOfCreator"
  | "linkPreviews"
  | "linkPreviewBytes"
  | "linkPreviewsOfHost"
  | "notifiedPeople"
  | "namedPeople"
  | "joinedChannels";

export type RateSettings = Readonly<Record<Exclude<keyof RateLimits, Derived>, Rate>>;

/**
 * The limit per account allows the attempts of ten addresses. Beyond that all unknown addresses are slowed, including the
 * owner's on a new network.
 */
const guessingAddresses = 10;
/** With the default rate a thread in two minutes, after as many at once as there may be changes. */
const changesPerThread = 1_200;
/**
 * With the default rate a bot in ten minutes and a webhook in one, after as many as there may be changes at once. Each has a row
 * among the accounts, which stays when it is deleted.
 */
const changesPerBot = 6_000;
const changesPerWebhook = 600;
/** A page shows many pictures, and a video is read in parts. */
const filesPerRequest = 5;
/** One sender may use this part of the invitations that a person receives from everybody. */
const shareOfOneSender = 0.3;

/** Moderators read these: more say no more. */
const alerts = { ofMember: { perSecond: 1 / 30, burst: 3 }, inChannel: { perSecond: 0.5, burst: 20 } };

/**
 * Three of a million codes are right at any time: who has the password and guesses day and night at this rate has an even
 * chance after ten months. The owner has a few typing mistakes.
 */
const secondFactors = { perSecond: 1 / 120, burst: 6 };
/** Enough for typing mistakes and mails that went astray, and no way to fill a stranger's mailbox. */
const mails = { perSecond: 1 / 600, burst: 5 };
/** A call that is not answered is tried again some times; a device that rings all day is switched off. */
const rings = {
  sent: { perSecond: 1 / 10, burst: 10 },
  received: { perSecond: 1 / 20, burst: 10 },
  toOne: { perSecond: 1 / 30, burst: 4 },
};
/** Enough for trying some out. */
const pictureChanges = { perSecond: 1 / 20, burst: 10 };
/** A new server fills up at once with most of what it may have. */
const newEmojis = { perSecond: 1 / 5, burst: 60 };
/** Enough for a lively evening. A search for each word that is typed, until it stands. */
const gifs = { made: { perSecond: 1 / 6, burst: 20 }, searched: { perSecond: 1 / 2, burst: 30 } };
/** With the default rate a sound in five seconds, after the whole board at once. */
const changesPerNewSound = 50;
/** With the default rate a sound in two seconds, after a few at once: a joke and its answer, and nobody fills a call alone. */
const changesPerSound = { rate: 20, burst: 10 };
const pushTests = { perSecond: 1 / 10, burst: 5 };

/**
 * Discord's rate of one webhook, 5 in 2 seconds, with room for two such bursts side by side: who keeps to the headers is never
 * refused. A server's webhooks together write as fast as some people in a lively channel.
 */
const webhooks = {
  ofOne: { perSecond: 2.5, burst: 10 },
  ofServer: { perSecond: 10, burst: 60 },
  ofCreator: { perSecond: 10, burst: 60 },
};

/** Pages that one author makes this instance read, and calls of one host, wherever they come from: no way to flood somebody with its help. */
const linkPreviews = { ofAuthor: { perSecond: 1 / 6, burst: 15 }, ofHost: { perSecond: 1, burst: 40 } };
/** More than a thousand pictures of pages at once, or some dozen long animations, then one of a page every half minute. */
const linkPreviewBytes = { perSecond: 2_000, burst: 50_000_000 };

/** Everybody of a large server twice, then once a minute. */
const notifiedPeople = { burst: 20_000, perSecond: 200 };
/** Thousands twice, then a thousand a second. */
const namedPeople = { burst: 20_000, perSecond: 1_000 };
const joinedChannels = { burst: 5_000, perSecond: 100 };

/**
 * What users do all the time waits for no other node; guesses, registrations and what is for one person, such as invitations, do.
 */
const optimistic = { optimistic: true };

export function createRateLimits(rates: RateSettings, cluster: Pick<Cluster, "budget">): RateLimits {
  return {
    messages: cluster.budget("messages", rates.messages, optimistic),
    changes: cluster.budget("changes", rates.changes, optimistic),
    threads: cluster.budget("threads", {
      perSecond: rates.changes.perSecond / changesPerThread,
      burst: rates.changes.burst,
    }),
    newBots: cluster.budget("newBots", {
      ...rates.changes,
      perSecond: rates.changes.perSecond / changesPerBot,
    }),
    newWebhooks: cluster.budget("newWebhooks", {
      ...rates.changes,
      perSecond: rates.changes.perSecond / changesPerWebhook,
    }),
    typing: cluster.budget("typing", rates.typing, optimistic),
    joins: cluster.budget("joins", rates.joins, optimistic),
    connections: cluster.budget("connections", rates.connections),
    requests: cluster.budget("requests", rates.requests, optimistic),
    files: cluster.budget("files", times(filesPerRequest, rates.requests), optimistic),
    pictureChanges: cluster.budget("pictureChanges", pictureChanges),
    newEmojis: cluster.budget("newEmojis", newEmojis),
    newSounds: cluster.budget("newSounds", {
      ...rates.changes,
      perSecond: rates.changes.perSecond / changesPerNewSound,
    }),
    playedSounds: cluster.budget("playedSounds", {
      perSecond: rates.changes.perSecond / changesPerSound.rate,
      burst: Math.max(1, rates.changes.burst / changesPerSound.burst),
    }),
    newGifs: cluster.budget("newGifs", gifs.made),
    gifSearches: cluster.budget("gifSearches", gifs.searched),
    searches: cluster.budget("searches", rates.searches, optimistic),
    reports: cluster.budget("reports", rates.reports),
    invitations: cluster.budget("invitations", rates.invitations),
    invitationsReceived: cluster.budget("invitationsReceived", rates.invitationsReceived),
    invitationsToOne: cluster.budget("invitationsToOne", shareOf(rates.invitationsReceived)),
    rings: cluster.budget("rings", rings.sent),
    ringsReceived: cluster.budget("ringsReceived", rings.received),
    ringsToOne: cluster.budget("ringsToOne", rings.toOne),
    pushTests: cluster.budget("pushTests", pushTests),
    alertsOfMember: cluster.budget("alertsOfMember", alerts.ofMember),
    alertsInChannel: cluster.budget("alertsInChannel", alerts.inChannel),
    webhooks: cluster.budget("webhooks", webhooks.ofOne),
    webhooksOfServer: cluster.budget("webhooksOfServer", webhooks.ofServer),
    webhooksOfCreator: cluster.budget("webhooksOfCreator", webhooks.ofCreator),
    ...previewBudgets(cluster),
    ...crowdBudgets(cluster),
    registrations: cluster.budget("registrations", rates.registrations),
    logins: cluster.budget("logins", rates.logins),
    accountLogins: cluster.budget("accountLogins", rates.accountLogins),
    refreshFailures: cluster.budget("refreshFailures", rates.logins),
    accountGuesses: cluster.budget("accountGuesses", times(guessingAddresses, rates.accountLogins)),
    secondFactors: cluster.budget("secondFactors", secondFactors),
    mailsOfUser: cluster.budget("mailsOfUser", mails),
    mailsToAddress: cluster.budget("mailsToAddress", mails),
  };
}

function previewBudgets(
  cluster: Pick<Cluster, "budget">,
): Pick<RateLimits, "linkPreviews" | "linkPreviewBytes" | "linkPreviewsOfHost"> {
  return {
    linkPreviews: cluster.budget("linkPreviews", linkPreviews.ofAuthor),
    linkPreviewBytes: cluster.budget("linkPreviewBytes", linkPreviewBytes),
    linkPreviewsOfHost: cluster.budget("linkPreviewsOfHost", linkPreviews.ofHost),
  };
}

/** What a command has reached is known once it is done, and charged then. */
function crowdBudgets(
  cluster: Pick<Cluster, "budget">,
): Pick<RateLimits, "notifiedPeople" | "namedPeople" | "joinedChannels"> {
  return {
    notifiedPeople: cluster.budget("notifiedPeople", notifiedPeople, optimistic),
    namedPeople: cluster.budget("namedPeople", namedPeople, optimistic),
    joinedChannels: cluster.budget("joinedChannels", joinedChannels, optimistic),
  };
}

function times(factor: number, { perSecond, burst }: Rate): Rate {
  return { perSecond: factor * perSecond, burst: factor * burst };
}

function shareOf(rate: Rate): Rate {
  const { perSecond, burst } = times(shareOfOneSender, rate);
  return { perSecond, burst: Math.max(1, Math.floor(burst)) };
}
