import { searchQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function searchRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/search", async (request) => {
    const query = parse(searchQuery, request.query);
    // Loaded with the first search: stems of words take megabytes.
    const { searchMessages } = await import("../../domain/search/search-messages.ts");
    return searchMessages(context, sessionOf(request), query);
  });
}
