import type {
  ChosenStatus,
  CustomStatus,
  Locale,
  Message,
  SecurityEvent,
  SeenPresence,
  Status,
  VoiceRegion,
  VoiceState,
} from "@miscord/protocol";
import type { AutomodMatch } from "../store/contract.ts";
import type { ReadMark } from "../store/queries/read-states.ts";

/** What a user has chosen for others to see. `custom`: null for none. */
export type StatusChoice = Readonly<{ chosen: ChosenStatus; custom: CustomStatus | null }>;

/** The presence of users: who is connected, and the status that other users see. */
export interface Presence {
  /** The status that other users see: `offline` without a connection and for users who chose `invisible`. */
  statusOf(userId: number): Status;
  /** The same with the custom status, which only those who are not `offline` have, and which has not ended. */
  seenOf(userId: number): SeenPresence;
  /** Members of the server whose status is not `offline`. */
  onlineIn(serverId: number): number[];
  /** Announces a status that is already stored to every server of the user. Does nothing without a connection. */
  statusChosen(user: { id: number; username: string }, chosen: StatusChoice): void;
}

/** The participants of voice channels. */
export interface VoiceStates {
  /** The current participants of all voice channels of one server. */
  statesOf(serverId: number): VoiceState[];
  /** Those of the call of one private channel. */
  statesIn(channelId: number): VoiceState[];
  /** Moves a user from the call of a channel to that of another one; null: to none. */
  move(userId: number, channelId: number, toChannelId: number | null): void;
  /** Makes a participant of a stage a speaker, or a listener again. */
  setSpeaker(userId: number, channelId: number, isSpeaker: boolean): void;
  /** Name of the region of the instance itself. */
  readonly ownRegion: string;
  /** The regions that can forward a call at present; none where there is nothing to choose from. */
  listRegions(): VoiceRegion[];
}

/** What commands of private channels know of their calls. */
export interface PrivateCalls {
  readonly voice: Pick<VoiceStates, "statesIn">;
}

/** Counts signs of an attack by client address. */
export interface SecurityLog {
  record(event: SecurityEvent, address: string): void;
}

/**
 * Stores read positions; positions of many users share a transaction. Resolves once the position is durable. A
 * position below the stored one is ignored.
 */
export type ReadPositions = (mark: ReadMark) => Promise<void>;

/**
 * Publishes to users how many unread mentions they have in a channel, counted after the change. One announcement runs
 * at a time on a node, so counts are published in the order in which they were read from the database.
 */
export interface UnreadAnnouncer {
  /** Resolves once published. Rejects when the store fails; the next change then publishes the correct count. */
  announce(channelId: number, userIds: readonly number[]): Promise<void>;
}

/**
 * Does what is left to do about AutoMod rules that a message met; `messageId` is null when it was refused. Resolves when it
 * is done; never rejects.
 */
export type AutomodActions = (matches: readonly AutomodMatch[], messageId: number | null) => Promise<void>;

/** Which users look at one of their clients now, on any node. */
export interface Attention {
  isActive(userId: number): boolean;
  /** Counts a client that is looked at, until the returned function is called. */
  attend(userId: number): () => void;
}

/** Where a browser's vendor takes its pushes, and the keys of the browser; base64url. */
interface PushTarget {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

interface PushOptions {
  /** For how long the push service keeps it for a device that is off. */
  readonly ttlS: number;
  /** Wakes the device. */
  readonly isUrgent: boolean;
  /** Takes the place of what is kept for the device with the same topic. */
  readonly topic?: string;
}

/** Sends encrypted pushes, to addresses in the public internet only. */
export interface PushSender {
  /** Of the instance, for browsers that subscribe; base64url. */
  readonly publicKey: string;
  /** Rejects with `invalid_request` unless the address may be called, and the keys can be used. */
  check(target: PushTarget): Promise<void>;
  /** Resolves with the status of the answer, 0 when there was none, or `refused` for an address that is never called. */
  send(target: PushTarget, text: string, options: PushOptions): Promise<number | "refused">;
}

/** What a page says of itself, as plain texts on one line; empty where it says nothing. */
export interface LinkFacts {
  readonly title: string;
  readonly description: string;
  /** The site's name and the host that was read in the end. */
  readonly site: string;
  /** As the site sent it. */
  readonly picture: Buffer | null;
}

/** Whether a host may be called once more; asked for the page, its picture and each redirect of both. */
export type MayCall = (host: string) => Promise<boolean>;

/** Reads pages that people link to, in the public internet only, bounded in time and bytes. */
export interface LinkReader {
  /** Null: the page may not be called, did not answer in time, or says nothing. Never rejects. */
  read(address: string, mayCall: MayCall): Promise<LinkFacts | null>;
  /** A picture alone, as it was sent. Null: there is none, or it may not be called. Never rejects. */
  readPicture(address: string, mayCall: MayCall): Promise<Buffer | null>;
}

/** A GIF as a service has it. Addresses are the service's, and nobody else learns them. */
export interface ServiceGif {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Addresses of a small moving picture, its first frame, and the one that is kept or sent. */
  readonly preview: string;
  readonly still: string | null;
  readonly whole: string;
}

export interface GifPage {
  readonly gifs: readonly ServiceGif[];
  /** For the page after it; null: it is the last one. */
  readonly next: string | null;
}

/** A service whose GIFs are searched, called with bounds of time and bytes, in the public internet only. */
export interface GifProvider {
  readonly id: string;
  /** As it wants to be named wherever its GIFs are shown. */
  readonly name: string;
  /** An empty query: what is popular. Rejects with `unavailable`. */
  search(asked: { query: string; next: string | null; locale: Locale }): Promise<GifPage>;
  /** The bytes of a picture at an address that a search has named, whatever they are. Rejects with `unavailable`. */
  read(address: string): Promise<Buffer>;
}

/** Texts that this instance alone can read and write, for what a browser keeps for it. They expire. */
export interface Seals {
  /** The same for an hour, so that browsers find what it is the address of in their cache. */
  seal(value: object): string;
  /** Null for anything else, and what has expired. */
  open(text: string): Promise<unknown>;
}

/** Previews of the pages that messages link to. */
export interface LinkPreviews {
  /**
   * Of a message that has just been sent or edited. Answers at once; the previews come as a change of the message, if at all.
   * `byId`: for whom it counts, by default the author.
   */
  look(message: Message, byId?: number): void;
  /** The picture at an address that somebody, or a program, has named. Null: there is none, or no rate left. */
  picture(address: string, byId: number): Promise<Buffer | null>;
  close(): void;
}

/** Why a visit to a login provider came to nothing: the person said no, it did not answer, or what it said is not valid. */
export type ProviderFault = "denied" | "unreachable" | "refused";

/** What a provider is asked with. `isFresh`: it asks the person to log in there again. */
export interface Asked {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE. */
  readonly verifier: string;
  readonly isFresh: boolean;
}

/** What it was asked with, and the query with which the browser came back. */
export interface Returned extends Asked {
  readonly search: string;
}

/** Whom a provider has named. The other texts are what the provider says, whatever that is. */
export interface ProvedIdentity {
  readonly issuer: string;
  /** For ever the same person at this issuer. */
  readonly subject: string;
  readonly label: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string;
  readonly groups: readonly string[];
  /** When the person proved to the provider who they are, in milliseconds; null: it does not say. */
  readonly authenticatedAt: number | null;
}

/** What the members of a provider's group are here. */
export type GroupRule = { readonly group: string } & ({ readonly administrator: true } | { readonly role: number });

export interface LoginProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly groups: readonly GroupRule[];
  /** It asks for a second factor, in the operator's judgement. */
  readonly hasSecondFactor: boolean;
  /** Resolves with the address of the provider's page. */
  begin(asked: Asked): Promise<string | { fault: ProviderFault }>;
  finish(returned: Returned): Promise<ProvedIdentity | { fault: ProviderFault }>;
}

/** Other services at which people prove who they are. */
export interface LoginProviders {
  readonly list: readonly LoginProvider[];
  byId(id: string): LoginProvider | undefined;
  byIssuer(issuer: string): LoginProvider | undefined;
}

/** A mail to one address. The texts are whole: nothing is filled in or fetched. */
export interface Mail {
  to: string;
  /** One line. */
  subject: string;
  text: string;
  html: string;
}

/** A mail server did not take a mail, or could not be reached. Says nothing of addresses. */
export class MailRefused extends Error {
  /** Of the library, such as `EAUTH` or `ESOCKET`. */
  readonly code: string;
  /** Of SMTP; null: there was no answer. */
  readonly status: number | null;
  /** Another attempt would not help. */
  readonly isFinal: boolean;

  constructor({ code, status, isFinal }: { code: string; status: number | null; isFinal: boolean }) {
    super(status === null ? code : `${code} ${status}`);
    this.name = "MailRefused";
    this.code = code;
    this.status = status;
    this.isFinal = isFinal;
  }
}

/** Hands mails to a mail server. */
export interface Mailer {
  /** Resolves once the server has taken it. Rejects with `MailRefused`. */
  send(mail: Mail): Promise<void>;
  /** Resolves when the server answers, and takes the login. Rejects with `MailRefused`. */
  check(): Promise<void>;
}
