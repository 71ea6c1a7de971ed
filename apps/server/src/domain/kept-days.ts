/** Days that things are kept, where the operator has no setting for it. */
export const keptDays = { endedSessions: 7, notifications: 90, exports: 7, mails: 2 } as const;
