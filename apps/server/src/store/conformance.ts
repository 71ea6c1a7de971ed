import { describeAccess } from "./conformance/access.ts";
import { describeAutomod } from "./conformance/automod.ts";
import { describeCommit } from "./conformance/commit.ts";
import { describeConvergence } from "./conformance/convergence.ts";
import { describeEdits } from "./conformance/edits.ts";
import { describeGroupMentions } from "./conformance/group-mentions.ts";
import { describeHistory } from "./conformance/history.ts";
import { describeMails } from "./conformance/mails.ts";
import { describeModeration } from "./conformance/moderation.ts";
import { describeNotificationLevels } from "./conformance/notification-levels.ts";
import { describeNotifications } from "./conformance/notifications.ts";
import { describeOwnMessages } from "./conformance/own-messages.ts";
import { describePersonalData } from "./conformance/personal-data.ts";
import { describePins } from "./conformance/pins.ts";
import { describePolls } from "./conformance/polls.ts";
import { describePrivateChannels } from "./conformance/private-channels.ts";
import { describePush } from "./conformance/push.ts";
import { describeQueries } from "./conformance/queries.ts";
import { describeRoles } from "./conformance/roles.ts";
import { describeSends } from "./conformance/sends.ts";
import { describeThreads } from "./conformance/threads.ts";
import type { OpenStore } from "./conformance/store-under-test.ts";

/** Tests the numbered rules of `Store` and `ChannelLog` (contract.ts), which the test names cite, for any implementation. */
export function describeStore(open: OpenStore): void {
  describeQueries(open);
  describeAccess(open);
  describeCommit(open);
  describeSends(open);
  describeEdits(open);
  describeGroupMentions(open);
  describeHistory(open);
  describeConvergence(open);
  describeNotifications(open);
  describeNotificationLevels(open);
  describePins(open);
  describePolls(open);
  describeOwnMessages(open);
  describeRoles(open);
  describePrivateChannels(open);
  describePersonalData(open);
  describeThreads(open);
  describePush(open);
  describeMails(open);
  describeModeration(open);
  describeAutomod(open);
}
