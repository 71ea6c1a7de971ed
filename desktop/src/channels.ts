/** Names of the messages between pages and the shell. */
export const channels = {
  badge: "miscord:badge",
  notify: "miscord:notify",
  closeNotifications: "miscord:close-notifications",
  open: "miscord:open",
  setTalkKey: "miscord:set-talk-key",
  talk: "miscord:talk",
  settings: "miscord:settings",
  changeSettings: "miscord:change-settings",
  openInstances: "miscord:open-instances",
  list: "miscord-list:instances",
  add: "miscord-list:add",
  remove: "miscord-list:remove",
  choose: "miscord-list:choose",
} as const;
