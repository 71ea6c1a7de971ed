import auth from "./auth.ts";
import chat from "./chat.ts";
import common from "./common.ts";
import connection from "./connection.ts";
import monitor from "./monitor.ts";
import notifications from "./notifications.ts";
import servers from "./servers.ts";
import settings from "./settings.ts";
import voice from "./voice.ts";

export default { auth, chat, common, connection, monitor, notifications, servers, settings, voice };
