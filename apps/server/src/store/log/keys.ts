export const memberKey = (serverId: number, userId: number) => `${serverId} ${userId}`;
export const memberNameKey = (serverId: number, name: string) => `${serverId} ${name}`;
export const nonceKey = (authorId: number, nonce: string) => `${authorId} ${nonce}`;
export const ballotKey = (messageId: number, userId: number) => `${messageId} ${userId}`;
