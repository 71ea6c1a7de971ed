import { describeUserAgent, type PushDevice, type PushState } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { getsPushes } from "../../../core/push-mark.ts";
import { useAction } from "../../../core/use-action.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { useRelativeTime } from "../../../i18n/time-texts.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import { Switch } from "../../../ui/switch.tsx";
import {
  isApplePhone,
  isInstalled,
  isPhone,
  loadPushState,
  pushSupport,
  setShowsText,
  showsText,
  subscribe,
  testPushes,
  unsubscribe,
} from "./subscribe.ts";

/** Notifications while no page is open: on this device, how, and the state of all devices. */
export function PushSection() {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => loadPushState(client), [client]));
  const [tested, setTested] = useState<PushState | null>(null);
  const { busy, run } = useAction();
  const devices = (tested ?? loaded.value)?.devices ?? [];
  const refresh = () => {
    setTested(null);
    reload();
  };
  return (
    <PanelSection title={t("push.title")} hint={t("push.hint")}>
      <div className="flex flex-col gap-3">
        <DeviceSwitches onChange={refresh} />
        {isPhone() && !isInstalled() && (
          <p className="text-sm text-muted">{t(isApplePhone() ? "push.installApple" : "push.installAndroid")}</p>
        )}
        {devices.length > 0 && (
          <>
            <ul aria-label={t("push.devices")} className="flex flex-col divide-y divide-line border-y border-line">
              {devices.map((device) => (
                <Device key={device.id} device={device} isTested={tested !== null} />
              ))}
            </ul>
            <Button
              size="sm"
              className="self-start"
              busy={busy}
              onClick={() => void run(async () => setTested(await testPushes(client)))}
            >
              {t("push.test")}
            </Button>
          </>
        )}
      </div>
    </PanelSection>
  );
}

function DeviceSwitches({ onChange }: { onChange: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const [support, setSupport] = useState(pushSupport);
  const [isOn, setOn] = useState(() => getsPushes() && support === "granted");
  const [withText, setWithText] = useState(showsText);
  const { busy, run } = useAction();
  async function change(on: boolean): Promise<void> {
    if (on && (await Notification.requestPermission()) !== "granted") return setSupport(pushSupport());
    setSupport(pushSupport());
    if (await run(() => (on ? subscribe(client) : unsubscribe(client)))) setOn(on);
    onChange();
  }
  async function changeText(on: boolean): Promise<void> {
    setWithText(on);
    await run(() => setShowsText(client, on));
  }
  const isImpossible = support === "denied" || support === "unsupported" || support === "install";
  return (
    <>
      <Switch
        label={t("push.device")}
        hint={isImpossible ? t(`push.${support}`) : undefined}
        checked={isOn}
        disabled={isImpossible || busy}
        onChange={(on) => void change(on)}
      />
      {isOn && (
        <Switch
          label={t("push.text")}
          hint={t("push.textHint")}
          checked={withText}
          disabled={busy}
          onChange={(on) => void changeText(on)}
        />
      )}
    </>
  );
}

function Device({ device, isTested }: { device: PushDevice; isTested: boolean }) {
  const { t } = useTranslation("notifications");
  const delivered = useRelativeTime(device.delivered_at ?? device.created_at);
  const state = isTested && device.state === "working" ? "tested" : device.state;
  const status = device.last_status === null ? t("push.noAnswer") : t("push.answer", { status: device.last_status });
  return (
    <li className="py-2">
      <p className="truncate text-sm font-medium">
        {describeUserAgent(device.user_agent) || device.service}
        {device.is_current && <span className="font-normal text-muted"> · {t("push.current")}</span>}
      </p>
      <p className={`text-sm ${device.state === "failing" ? "text-danger-ink" : "text-faint"}`}>
        {t(`push.state.${state}`, { when: delivered, status })}
      </p>
    </li>
  );
}
