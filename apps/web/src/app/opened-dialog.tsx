import { type AppDialog, closeDialog } from "../core/dialog-store.ts";
import { ThreadDialog } from "../features/channels/threads/lazy-threads.ts";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

/** Dialogs are loaded when they are first opened. */
const SettingsDialog = lazyWithTexts(
  async () => (await import("../features/settings/settings-dialog.tsx")).SettingsDialog,
);
const QuickSwitcher = lazyWithTexts(async () => (await import("./quick-switcher.tsx")).QuickSwitcher);
const ShortcutsDialog = lazyWithTexts(async () => (await import("./shortcuts-dialog.tsx")).ShortcutsDialog);
const InstancesDialog = lazyWithTexts(
  async () => (await import("../features/instances/instances-dialog.tsx")).InstancesDialog,
);
const AddServerDialog = lazyWithTexts(
  async () => (await import("../features/servers/add-server-dialog.tsx")).AddServerDialog,
);
const NewDmDialog = lazyWithTexts(async () => (await import("../features/people/new-dm-dialog.tsx")).NewDmDialog);
const PrivateCallsDialog = lazyWithTexts(
  async () => (await import("../features/people/private-calls-dialog.tsx")).PrivateCallsDialog,
);
const GroupDialog = lazyWithTexts(async () => (await import("../features/people/group-dialog.tsx")).GroupDialog);
const InviteDialog = lazyWithTexts(async () => (await import("../features/servers/invite-dialog.tsx")).InviteDialog);
const ServerSettingsDialog = lazyWithTexts(
  async () => (await import("../features/servers/server-settings-dialog.tsx")).ServerSettingsDialog,
);
const LeaveServerDialog = lazyWithTexts(
  async () => (await import("../features/servers/leave-server-dialog.tsx")).LeaveServerDialog,
);
const OnboardingDialog = lazyWithTexts(
  async () => (await import("../features/servers/onboarding/onboarding-dialog.tsx")).OnboardingDialog,
);
const RemoveMemberDialog = lazyWithTexts(
  async () => (await import("../features/members/remove-member-dialog.tsx")).RemoveMemberDialog,
);
const TimeOutDialog = lazyWithTexts(
  async () => (await import("../features/members/time-out-dialog.tsx")).TimeOutDialog,
);
const NicknameDialog = lazyWithTexts(
  async () => (await import("../features/members/nickname-dialog.tsx")).NicknameDialog,
);
const PollDialog = lazyWithTexts(async () => (await import("../features/composer/poll-dialog.tsx")).PollDialog);
const ScheduleDialog = lazyWithTexts(
  async () => (await import("../features/composer/schedule-dialog.tsx")).ScheduleDialog,
);
const ForwardDialog = lazyWithTexts(
  async () => (await import("../features/chat/tools/forward-dialog.tsx")).ForwardDialog,
);
const JumpToDateDialog = lazyWithTexts(
  async () => (await import("../features/chat/tools/jump-to-date-dialog.tsx")).JumpToDateDialog,
);
const MessageToolsDialog = lazyWithTexts(
  async () => (await import("../features/chat/tools/message-tools-dialog.tsx")).MessageToolsDialog,
);
const EarlierTextsDialog = lazyWithTexts(
  async () => (await import("../features/chat/tools/earlier-texts-dialog.tsx")).EarlierTextsDialog,
);
const ImportedAuthorDialog = lazyWithTexts(
  async () => (await import("../features/chat/tools/imported-author-dialog.tsx")).ImportedAuthorDialog,
);
const LeaveDialog = lazyWithTexts(async () => (await import("../features/markdown/leave-dialog.tsx")).LeaveDialog);
const VotersDialog = lazyWithTexts(async () => (await import("../features/chat/polls/voters-dialog.tsx")).VotersDialog);
const ReportDialog = lazyWithTexts(async () => (await import("../features/reports/report-dialog.tsx")).ReportDialog);
const MemberDialog = lazyWithTexts(async () => (await import("../features/members/member-dialog.tsx")).MemberDialog);
const PersonDialog = lazyWithTexts(async () => (await import("../features/members/member-dialog.tsx")).PersonDialog);
const CustomStatusDialog = lazyWithTexts(
  async () => (await import("../features/profile/custom-status-dialog.tsx")).CustomStatusDialog,
);
const MemberRolesDialog = lazyWithTexts(
  async () => (await import("../features/members/member-roles-dialog.tsx")).MemberRolesDialog,
);
const ExplainDialog = lazyWithTexts(
  async () => (await import("../features/channels/permissions/explain-dialog.tsx")).ExplainDialog,
);
const CreatePostDialog = lazyWithTexts(
  async () => (await import("../features/composer/new-post/create-post-dialog.tsx")).CreatePostDialog,
);
const WebhooksDialog = lazyWithTexts(
  async () => (await import("../features/servers/webhooks/webhooks-dialog.tsx")).WebhooksDialog,
);
const ChannelDialogs = lazyWithTexts(async () => (await import("../features/channels/channel-dialogs.tsx")).default);

/** All but the one that says that a part could not be loaded. */
export type LoadedDialog = Exclude<AppDialog, { kind: "failed-part" }>;

/** The dialog of this kind. */
export function OpenedDialog({ dialog }: { dialog: LoadedDialog }) {
  switch (dialog.kind) {
    case "settings":
      return <SettingsDialog tab={dialog.tab ?? "profile"} onClose={closeDialog} />;
    case "quick-switcher":
      return <QuickSwitcher onClose={closeDialog} />;
    case "shortcuts":
      return <ShortcutsDialog onClose={closeDialog} />;
    case "instances":
      return <InstancesDialog onClose={closeDialog} />;
    case "add-server":
      return <AddServerDialog onClose={closeDialog} />;
    case "new-dm":
      return <NewDmDialog onClose={closeDialog} />;
    case "group":
      return <GroupDialog channelId={dialog.channelId} onClose={closeDialog} />;
    case "private-calls":
      return <PrivateCallsDialog channelId={dialog.channelId} onClose={closeDialog} />;
    case "invite":
      return <InviteDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "server-settings":
      return <ServerSettingsDialog {...dialog} onClose={closeDialog} />;
    case "leave-server":
      return <LeaveServerDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "onboarding":
      return <OnboardingDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "member":
    case "person":
    case "custom-status":
    case "member-roles":
    case "nickname":
    case "time-out":
    case "remove-member":
      return <PeopleDialog dialog={dialog} />;
    case "webhooks":
      return <WebhooksDialog {...dialog} onClose={closeDialog} />;
    case "explain":
      return <ExplainDialog serverId={dialog.serverId} member={dialog.member} onClose={closeDialog} />;
    case "report":
      return <ReportDialog {...dialog} onClose={closeDialog} />;
    case "create-thread":
    case "rename-thread":
    case "delete-thread":
      return <ThreadDialog dialog={dialog} onClose={closeDialog} />;
    case "create-post":
      return <CreatePostDialog channelId={dialog.channelId} onClose={closeDialog} />;
    case "leave":
    case "create-poll":
    case "schedule":
    case "forward":
    case "jump-to-date":
    case "message-tools":
    case "earlier-texts":
    case "imported-author":
    case "voters":
      return <MessageDialog dialog={dialog} />;
    default:
      return <ChannelDialogs dialog={dialog} onClose={closeDialog} />;
  }
}

type OfPeople = "member" | "person" | "custom-status" | "member-roles" | "nickname" | "time-out" | "remove-member";

/** Dialogs of people: who somebody is, and what is done about members. */
function PeopleDialog({ dialog }: { dialog: Extract<LoadedDialog, { kind: OfPeople }> }) {
  switch (dialog.kind) {
    case "member":
      return <MemberDialog serverId={dialog.serverId} userId={dialog.userId} onClose={closeDialog} />;
    case "person":
      return <PersonDialog user={dialog.user} onClose={closeDialog} />;
    case "custom-status":
      return <CustomStatusDialog onClose={closeDialog} />;
    case "member-roles":
      return <MemberRolesDialog serverId={dialog.serverId} member={dialog.member} onClose={closeDialog} />;
    case "nickname":
      return <NicknameDialog {...dialog} onClose={closeDialog} />;
    case "time-out":
      return <TimeOutDialog {...dialog} onClose={closeDialog} />;
    default:
      return <RemoveMemberDialog {...dialog} onClose={closeDialog} />;
  }
}

type OfMessages =
  | "leave"
  | "create-poll"
  | "schedule"
  | "forward"
  | "jump-to-date"
  | "message-tools"
  | "earlier-texts"
  | "imported-author"
  | "voters";

/** Dialogs of messages, written ones and those to be written. */
function MessageDialog({ dialog }: { dialog: Extract<LoadedDialog, { kind: OfMessages }> }) {
  switch (dialog.kind) {
    case "leave":
      return <LeaveDialog href={dialog.href} onClose={closeDialog} />;
    case "forward":
      return <ForwardDialog message={dialog.message} onClose={closeDialog} />;
    case "jump-to-date":
      return <JumpToDateDialog {...dialog} onClose={closeDialog} />;
    case "message-tools":
      return <MessageToolsDialog message={dialog.message} onClose={closeDialog} />;
    case "earlier-texts":
      return <EarlierTextsDialog message={dialog.message} onClose={closeDialog} />;
    case "imported-author":
      return <ImportedAuthorDialog message={dialog.message} onClose={closeDialog} />;
    case "create-poll":
      return <PollDialog channelId={dialog.channelId} onClose={closeDialog} />;
    case "schedule":
      return <ScheduleDialog channelId={dialog.channelId} onClose={closeDialog} />;
    default:
      return <VotersDialog message={dialog.message} onClose={closeDialog} />;
  }
}
