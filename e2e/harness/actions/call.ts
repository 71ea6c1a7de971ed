import type { Locator, Page } from "playwright-core";
import type { Person } from "../person.ts";

/** Presses "Join voice" on the page of a voice channel and waits until the call is connected. */
export async function joinCall(person: Person): Promise<void> {
  await person.button(person.t("voice:stage.join"), person.page.getByRole("main")).click();
  await untilInCall(person);
}

export async function untilInCall({ page, t }: Person, where: Page | Locator = page): Promise<void> {
  await where.getByText(t("voice:status.connected"), { exact: true }).waitFor();
}

/** The panel of the call, below the list of channels. */
export function callPanel({ page, t }: Person, where: Page = page): Locator {
  return where.getByRole("region", { name: t("voice:panel.label") });
}

type CallButton = "mute" | "unmute" | "deafen" | "undeafen" | "leave" | "settings" | "play" | "retry";

export async function pressInCall(person: Person, button: CallButton): Promise<void> {
  await person.button(person.t(`voice:panel.${button}`), callPanel(person)).click();
}

/** The other participant on the stage, with the options for that participant behind it. */
export function participant({ page }: Person, name: string | RegExp): Locator {
  return page.getByRole("main").getByRole("button", { name });
}

/** Creates a stage in the open server, and opens it. */
export async function createStage(person: Person, name: string): Promise<void> {
  const { page, t } = person;
  await person.button(t("servers:channels.createVoice")).click();
  await person.field(t("servers:channelName")).fill(name);
  await page.getByRole("checkbox", { name: t("servers:createChannel.stageHint") }).click();
  await person.button(t("servers:createChannel.submit")).click();
  await person.dialog().waitFor({ state: "hidden" });
}

/** Presses a moderator's button in the options of a participant on the stage. */
export async function moderate(
  person: Person,
  name: string,
  button: "mute" | "unmute" | "deafen" | "undeafen",
): Promise<void> {
  const { page, t } = person;
  await participant(person, new RegExp(name)).click();
  await person.button(t(`voice:moderation.${button}`)).click();
  const done = { mute: "unmute", unmute: "mute", deafen: "undeafen", undeafen: "deafen" } as const;
  await person.button(t(`voice:moderation.${done[button]}`)).waitFor();
  await page.keyboard.press("Escape");
}

/** Meanwhile the page's tracks cannot be disabled, as in a client that goes on sending whatever it is told. */
export async function ignoringMutes({ page }: Person, act: () => Promise<void>): Promise<void> {
  const former = await page.evaluateHandle(() => {
    const descriptor = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "enabled")!;
    Object.defineProperty(MediaStreamTrack.prototype, "enabled", { ...descriptor, get: () => true, set() {} });
    return descriptor;
  });
  await act();
  await page.evaluate((descriptor) => Object.defineProperty(MediaStreamTrack.prototype, "enabled", descriptor), former);
}

/** A participant on the stage who has this mark: muted, or hears nothing. */
export function marked(person: Person, name: string, mark: "muted" | "deafened" | "server_muted"): Locator {
  return participant(person, new RegExp(`${name}.*${person.t(`voice:mark.${mark}`)}`));
}

/** The participants in the list of channels. */
export function participantList({ page, t }: Person, count: number): Locator {
  return page.getByRole("list", { name: t("voice:channels.people", { count }) });
}

/** Starts the microphone test in the voice settings, which must be open. */
export async function startMicrophoneTest(person: Person): Promise<void> {
  await person.button(person.t("voice:settings.testStart")).click();
}

export async function startSharing(person: Person): Promise<void> {
  const { page, t } = person;
  await person.button(t("voice:share.open"), callPanel(person)).click();
  await person.button(t("voice:share.start")).click();
  await page.getByText(t("voice:share.mine")).first().waitFor();
}
