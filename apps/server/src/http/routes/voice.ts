import type { VoiceRegions } from "@miscord/protocol";
import { reasonBody, voiceModerationBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { disconnectFromVoice, moderateVoice, setSpeaker } from "../../domain/servers/moderate-voice.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

const inCall = (request: FastifyRequest) => ({
  channelId: idParam(request, "channelId"),
  userId: idParam(request, "userId"),
});

/** Regions, and what moderators do to the participants of calls. */
export function voiceRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/voice/regions", async (): Promise<VoiceRegions> => ({ regions: context.voice.listRegions() }));
  app.put("/api/channels/:channelId/voice/:userId", async (request, reply) => {
    const { channel_id: toChannelId, ...body } = parse(voiceModerationBody, request.body);
    await moderateVoice(context, sessionOf(request), inCall(request), { ...body, toChannelId });
    return reply.code(204).send();
  });
  const speaker = (isSpeaker: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    await setSpeaker(context, sessionOf(request), inCall(request), isSpeaker);
    return reply.code(204).send();
  };
  app.put("/api/channels/:channelId/speakers/:userId", speaker(true));
  app.delete("/api/channels/:channelId/speakers/:userId", speaker(false));
  app.delete("/api/channels/:channelId/voice/:userId", async (request, reply) => {
    await disconnectFromVoice(context, sessionOf(request), inCall(request), parse(reasonBody, request.body));
    return reply.code(204).send();
  });
}
