import { authorClaimBody, authorClaimDecision, pendingAuthorClaimsQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import {
  claimAuthorOf,
  decideClaim,
  listClaims,
  listPendingClaims,
  withdrawClaim,
} from "../../domain/imports/author-claims.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** People say which imported authors they are, and administrators decide. */
export function authorClaimRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/me/author-claims", (request) => listClaims(context, sessionOf(request)));
  app.post("/api/me/author-claims", async (request, reply) => {
    const { message_id: messageId } = parse(authorClaimBody, request.body);
    return reply.code(201).send(await claimAuthorOf(context, sessionOf(request), messageId));
  });
  app.delete("/api/me/author-claims/:claimId", async (request, reply) => {
    await withdrawClaim(context, sessionOf(request), idParam(request, "claimId"));
    return reply.code(204).send();
  });
  app.get("/api/instance/imports/author-claims", (request) =>
    listPendingClaims(context, sessionOf(request), parse(pendingAuthorClaimsQuery, request.query).after),
  );
  app.put("/api/instance/imports/author-claims/:claimId", (request) =>
    decideClaim(context, sessionOf(request), idParam(request, "claimId"), parse(authorClaimDecision, request.body)),
  );
}
