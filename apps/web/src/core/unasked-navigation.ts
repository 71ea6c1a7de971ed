/** State of a history entry that the user did not choose: the page was left because its channel is gone. */
export const unaskedNavigation = { isUnasked: true } as const;

/** Whether the page was opened without the user's doing. Then no field takes the focus: keys in flight were meant for another. */
export function isUnaskedPage(): boolean {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "isUnasked" in state;
}
