import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { voiceEngine } from "../voice-actions.ts";
import { VoiceProblem } from "../voice-problem.tsx";
import { LevelMeter } from "./level-meter.tsx";

/** Opens the microphone as in a call, with all settings applied. */
export function MicrophoneTest() {
  const { t } = useTranslation("voice");
  const stop = useRef<(() => void) | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [isMonitored, setMonitored] = useState(false);
  useEffect(() => () => stop.current?.(), []);

  async function start() {
    const engine = await voiceEngine();
    const endTest = engine.startTest();
    stop.current = () => {
      engine.setMonitored(false);
      endTest();
    };
    setRunning(true);
  }

  function end() {
    stop.current?.();
    stop.current = null;
    setRunning(false);
    setMonitored(false);
  }

  async function monitor(on: boolean) {
    (await voiceEngine()).setMonitored(on);
    setMonitored(on);
  }

  return (
    <PanelSection title={t("settings.test")} hint={t("settings.testHint")}>
      <div className="flex items-center gap-3">
        <Button onClick={() => (isRunning ? end() : void start())}>
          {isRunning ? t("settings.testStop") : t("settings.testStart")}
        </Button>
        <div className="flex-1">{isRunning && <LevelMeter />}</div>
      </div>
      {isRunning && (
        <div className="mt-3">
          <VoiceProblem />
          <Switch
            label={t("settings.monitor")}
            hint={t("settings.monitorHint")}
            checked={isMonitored}
            onChange={(on) => void monitor(on)}
          />
        </div>
      )}
    </PanelSection>
  );
}
