import auth from "./auth.ts";
import automod from "./automod.ts";
import chat from "./chat.ts";
import common from "./common.ts";
import connection from "./connection.ts";
import instance from "./instance.ts";
import later from "./later.ts";
import moderation from "./moderation.ts";
import notifications from "./notifications.ts";
import people from "./people.ts";
import polls from "./polls.ts";
import rights from "./rights.ts";
import saved from "./saved.ts";
import search from "./search.ts";
import security from "./security.ts";
import servers from "./servers.ts";
import settings from "./settings.ts";
import threads from "./threads.ts";
import tools from "./tools.ts";
import verification from "./verification.ts";
import voice from "./voice.ts";

export default {
  auth,
  automod,
  chat,
  common,
  connection,
  instance,
  later,
  moderation,
  notifications,
  people,
  polls,
  rights,
  saved,
  search,
  security,
  servers,
  settings,
  threads,
  tools,
  verification,
  voice,
};
