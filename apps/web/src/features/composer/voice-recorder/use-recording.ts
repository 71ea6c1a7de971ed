import { useEffect, useRef, useState } from "react";
import { isMicrophoneHidden, problemOf, type MicrophoneProblem } from "../../voice/audio/microphone-problem.ts";
import { Recording } from "./recording.ts";

export type RecordingState =
  | { status: "starting" }
  | { status: "recording" | "full" | "lost"; recording: Recording }
  | { status: "problem"; problem: MicrophoneProblem };

/**
 * Records from the moment it is shown, and lets go of the microphone when it is not shown any more or the page is left.
 * `retry` asks for the microphone again.
 */
export function useRecording(maxBytes: number): { state: RecordingState; retry: () => void } {
  const [state, setState] = useState<RecordingState>({ status: "starting" });
  const [attempt, setAttempt] = useState(0);
  const largest = useRef(maxBytes);
  useEffect(() => {
    const abort = new AbortController();
    let current: Recording | null = null;
    const begin = async () => {
      if (isMicrophoneHidden()) return setState({ status: "problem", problem: "insecure" });
      const onStopped = (status: "full" | "lost") => current && setState({ status, recording: current });
      current = await Recording.start({ maxBytes: largest.current, onStopped }, abort.signal);
      setState({ status: "recording", recording: current });
    };
    begin().catch((error: unknown) => {
      if (!abort.signal.aborted) setState({ status: "problem", problem: problemOf(error) });
    });
    const leave = () => {
      abort.abort();
      current?.cancel();
    };
    const hide = () => {
      leave();
      // A page that the browser keeps may be shown again.
      setState({ status: "problem", problem: "failed" });
    };
    addEventListener("pagehide", hide);
    return () => {
      removeEventListener("pagehide", hide);
      leave();
    };
  }, [attempt]);
  const retry = () => {
    setState({ status: "starting" });
    setAttempt((count) => count + 1);
  };
  return { state, retry };
}
