import { searchQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { searchMessages } from "../../domain/search/search-messages.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function searchRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/search", (request) => searchMessages(context, sessionOf(request), parse(searchQuery, request.query)));
}
