import { useEffect, useRef } from "react";
import type { Recording } from "./recording.ts";
import { heightOf } from "./waveform.ts";

const barPx = 3;
const gapPx = 2;

/** The loudness of the last seconds, the newest at the right; drawn without rendering anything anew. */
export function LiveLevel({ recording }: { recording: Recording | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!recording) return;
    let frame = 0;
    const next = () => {
      if (canvas.current) draw(canvas.current, recording.loudness);
      frame = requestAnimationFrame(next);
    };
    next();
    return () => cancelAnimationFrame(frame);
  }, [recording]);
  return <canvas ref={canvas} aria-hidden className="h-7 min-w-0 flex-1 text-mark" />;
}

function draw(canvas: HTMLCanvasElement, loudness: readonly number[]): void {
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [clientWidth * devicePixelRatio, clientHeight * devicePixelRatio].map(Math.round);
  if (canvas.width !== width) canvas.width = width!;
  if (canvas.height !== height) canvas.height = height!;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, clientWidth, clientHeight);
  pen.fillStyle = getComputedStyle(canvas).color;
  const newest = loudness.slice(-Math.ceil(clientWidth / (barPx + gapPx))).toReversed();
  for (const [back, one] of newest.entries()) {
    const bar = Math.max(2, heightOf(one) * clientHeight);
    pen.fillRect(clientWidth - (back + 1) * (barPx + gapPx), (clientHeight - bar) / 2, barPx, bar);
  }
}
