import { z } from "zod";
import { displayName, id, isoTime, user, username } from "./model.ts";

/** A bot as its owner sees it. */
export const bot = user.extend({ created_at: isoTime, server_ids: z.array(id) });
/** `token`: shown once. */
export const botWithToken = bot.extend({ token: z.string() });
export const bots = z.object({ bots: z.array(bot) });

export const botBody = z.object({ username, display_name: displayName.optional() });
export const botTokenBody = z.object({ token: z.string().min(1).max(200) });

export type Bot = z.infer<typeof bot>;
export type BotWithToken = z.infer<typeof botWithToken>;
export type BotBody = z.infer<typeof botBody>;
