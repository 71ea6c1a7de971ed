import type {
  AdminFactor,
  Announcement,
  DiscoveryMode,
  LinkPreviewMode,
  InstanceState,
  RegistrationMode,
  Retention,
  ServerCreation,
} from "@miscord/protocol";
import type { DueWork } from "../due-work/due-work.ts";
import type { Rate } from "../../concurrency/token-bucket.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/contract.ts";
import { presentInstanceEmoji, type InstanceEmoji } from "../../store/queries/instance-emojis.ts";
import { storedSettings } from "../../store/queries/instance.ts";

/** What administrators may set while the server runs, without what they tell everybody. */
export interface InstanceValues {
  readonly registration: RegistrationMode;
  readonly server_creation: ServerCreation;
  readonly discovery: DiscoveryMode;
  readonly admin_factor: AdminFactor;
  readonly link_previews: LinkPreviewMode;
  readonly max_upload_bytes: number;
  readonly messages_per_second: number;
  readonly message_days: number;
  readonly file_days: number;
  readonly file_mb: number;
}

/** Set by administrators only; no environment variable speaks of them. */
type Unconfigured = "discovery" | "admin_factor";
const unconfigured = { discovery: "off", admin_factor: "optional" } as const satisfies Pick<
  InstanceValues,
  Unconfigured
>;

/** What the environment says, which holds where administrators have set nothing. */
export interface InstanceDefaults extends Omit<InstanceValues, "messages_per_second" | Unconfigured> {
  readonly messages: Rate;
}

/** How long another node may work with what was set before. */
const pauseMs = 1_000;

/** The settings of the instance as this node knows them: the database's, over those of the environment. */
export class LiveSettings {
  readonly defaults: InstanceValues;
  /** The rate of messages of a user; its fields change with the settings. */
  readonly messageRate: Rate;
  readonly #store: Pick<Store, "db">;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: InstanceState) => void>();
  #set: Partial<InstanceValues> = {};
  #announcement: Announcement | null = null;
  #faces: Pick<Required<InstanceState>, "emojis" | "stickers"> = { emojis: [], stickers: [] };
  /** What was read last. */
  #stored = "";
  #told = "";
  #reading: Promise<void> = Promise.resolve();

  constructor({ store, clock }: { store: Pick<Store, "db">; clock: Clock }, { messages, ...others }: InstanceDefaults) {
    this.#store = store;
    this.#clock = clock;
    this.defaults = { ...unconfigured, ...others, messages_per_second: messages.perSecond };
    const perSecond = () => this.#set.messages_per_second;
    this.messageRate = {
      get perSecond() {
        return perSecond() ?? messages.perSecond;
      },
      get burst() {
        const set = perSecond();
        return set === undefined ? messages.burst : Math.max(1, Math.round(2 * set));
      },
    };
    this.#told = JSON.stringify(this.state);
  }

  get values(): InstanceValues {
    return { ...this.defaults, ...this.#set };
  }

  /** What is stored; fields that nobody has set are absent. */
  get set(): Partial<InstanceValues> {
    return this.#set;
  }

  get announcement(): Announcement | null {
    const one = this.#announcement;
    return one && (one.ends_at === null || Date.parse(one.ends_at) > this.#clock.now()) ? one : null;
  }

  get state(): InstanceState {
    const { registration, server_creation, discovery, admin_factor, max_upload_bytes } = this.values;
    const told = { registration, server_creation, discovery, admin_factor };
    const limits = { attachment_bytes: max_upload_bytes, retention: this.retention };
    return { ...told, ...limits, ...this.faces, announcement: this.announcement };
  }

  /** Emoji and stickers that everybody may use. */
  get faces(): Pick<Required<InstanceState>, "emojis" | "stickers"> {
    return this.#faces;
  }

  /** Holds in all channels. */
  get retention(): Retention {
    const { message_days, file_days, file_mb } = this.values;
    return { message_days, file_days, file_mb };
  }

  /** Called with what clients are to know, each time that it has become something else. */
  onChanged(listener: (state: InstanceState) => void): void {
    this.#listeners.add(listener);
  }

  /** Reads what is stored, after earlier calls, so that none of them puts something older in its place. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    const stored = await storedSettings(this.#store.db);
    const text = JSON.stringify([...stored]);
    // Nothing but the end of an announcement changes what is told.
    if (text === this.#stored && this.#announcement === null) return;
    this.#stored = text;
    const { announcement, emojis, stickers, ...set } = Object.fromEntries(
      [...stored].map(([name, value]) => [name, JSON.parse(value) as unknown]),
    );
    this.#set = set;
    this.#announcement = (announcement as Announcement | undefined) ?? null;
    const shown = (list: unknown) => ((list ?? []) as InstanceEmoji[]).map(presentInstanceEmoji);
    this.#faces = { emojis: shown(emojis), stickers: shown(stickers) };
    const { state } = this;
    const told = JSON.stringify(state);
    if (told === this.#told) return;
    this.#told = told;
    for (const listener of this.#listeners) listener(state);
  }

  /** Reads every second what other nodes, or the end of an announcement, have changed. Returns the function that stops it. */
  watch(due: DueWork, onError: (error: unknown) => void): () => void {
    return due.add({ kinds: [], isTime: () => true, pauseMs, work: () => this.refresh(), onError });
  }
}
