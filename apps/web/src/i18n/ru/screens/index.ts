import auth from "./auth.ts";
import automod from "./automod.ts";
import bots from "./bots.ts";
import chat from "./chat.ts";
import common from "./common.ts";
import connection from "./connection.ts";
import instance from "./instance.ts";
import moderation from "./moderation.ts";
import notifications from "./notifications.ts";
import people from "./people.ts";
import rights from "./rights.ts";
import search from "./search.ts";
import security from "./security.ts";
import servers from "./servers.ts";
import settings from "./settings.ts";
import threads from "./threads.ts";
import verification from "./verification.ts";
import voice from "./voice.ts";
import webhooks from "./webhooks.ts";

export default {
  auth,
  automod,
  bots,
  chat,
  common,
  connection,
  instance,
  moderation,
  notifications,
  people,
  rights,
  search,
  security,
  servers,
  settings,
  threads,
  verification,
  voice,
  webhooks,
};
