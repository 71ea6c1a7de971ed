import auth from "./auth.ts";
import automod from "./automod.ts";
import bots from "./bots.ts";
import chat from "./chat.ts";
import common from "./common.ts";
import connection from "./connection.ts";
import discovery from "./discovery.ts";
import emojis from "./emojis.ts";
import forums from "./forums.ts";
import gifs from "./gifs.ts";
import imports from "./imports.ts";
import instance from "./instance.ts";
import instances from "./instances.ts";
import later from "./later.ts";
import moderation from "./moderation.ts";
import notifications from "./notifications.ts";
import onboarding from "./onboarding.ts";
import people from "./people.ts";
import retention from "./retention.ts";
import pictures from "./pictures.ts";
import polls from "./polls.ts";
import previews from "./previews.ts";
import profile from "./profile.ts";
import rights from "./rights.ts";
import saved from "./saved.ts";
import search from "./search.ts";
import security from "./security.ts";
import servers from "./servers.ts";
import settings from "./settings.ts";
import share from "./share.ts";
import soundboard from "./soundboard.ts";
import stickers from "./stickers.ts";
import threads from "./threads.ts";
import tools from "./tools.ts";
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
  discovery,
  emojis,
  forums,
  gifs,
  imports,
  instance,
  instances,
  later,
  moderation,
  notifications,
  onboarding,
  people,
  retention,
  pictures,
  polls,
  previews,
  profile,
  rights,
  saved,
  search,
  security,
  servers,
  settings,
  share,
  soundboard,
  stickers,
  threads,
  tools,
  verification,
  voice,
  webhooks,
};
