export { mentionsOf, type Mentions } from "./mentions-of.ts";
export { markRoles } from "./mark-roles.ts";
export { roleMark, withRoleNames } from "./role-mentions.ts";
export * from "./names.ts";
export { normalized } from "./normalized.ts";
export type { Block, Inline } from "./nodes.ts";
export { parseMessage } from "./parse-message.ts";
export { inlineText } from "./inline-text.ts";
export { plainText, plainTextOf, previewOf } from "./plain-text.ts";
