type Texts = Readonly<Record<number, string>>;

const keyOf = (userId: number) => `miscord.drafts.${userId}`;

/** Of the tab, like the outbox: two tabs that write to one channel do not overwrite each other. By channel. */
export function readTexts(userId: number): Texts {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? "{}") as Texts;
  } catch {
    return {};
  }
}

export function writeText(userId: number, channelId: number, text: string): void {
  const { [channelId]: _former, ...others } = readTexts(userId);
  try {
    sessionStorage.setItem(keyOf(userId), JSON.stringify(text === "" ? others : { ...others, [channelId]: text }));
  } catch {
    // Full or forbidden: the draft is still in memory.
  }
}
