import { factorBody, listingBody, onboarding, onboardingAnswersBody, previewsBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeListing } from "../../domain/servers/discovery.ts";
import { answerOnboarding } from "../../domain/servers/onboarding-answers.ts";
import { changeOnboarding, onboardingState } from "../../domain/servers/onboarding.ts";
import { setServerPreviews } from "../../domain/previews/server-previews.ts";
import { requireFactor } from "../../domain/servers/required-factor.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** Who finds a server, what newcomers meet in it, and what its moderators need. */
export function onboardingRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.put("/api/servers/:serverId/listing", (request) =>
    changeListing(context, sessionOf(request), idParam(request, "serverId"), parse(listingBody, request.body)),
  );
  app.put("/api/servers/:serverId/second-factor", (request) => {
    const { factor_required } = parse(factorBody, request.body);
    return requireFactor(context, sessionOf(request), idParam(request, "serverId"), factor_required);
  });
  app.put("/api/servers/:serverId/link-previews", (request) => {
    const { link_previews: isOn } = parse(previewsBody, request.body);
    return setServerPreviews(context, sessionOf(request), idParam(request, "serverId"), isOn);
  });
  app.get("/api/servers/:serverId/onboarding", (request) =>
    onboardingState(context, sessionOf(request), idParam(request, "serverId")),
  );
  app.put("/api/servers/:serverId/onboarding", (request) =>
    changeOnboarding(context, sessionOf(request), idParam(request, "serverId"), parse(onboarding, request.body)),
  );
  app.put("/api/servers/:serverId/onboarding/answers", async (request, reply) => {
    const { answer_ids } = parse(onboardingAnswersBody, request.body);
    await answerOnboarding(context, sessionOf(request), idParam(request, "serverId"), answer_ids);
    return reply.code(204).send();
  });
}
