import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export const lectureTitle = "Lecture";
export const lectureHz = 1_500;

/** Writes a page to share, which beeps and changes its colour five times a second. Gives its address. */
export function writeLecture(file: string): string {
  writeFileSync(
    file,
    `<!doctype html><title>${lectureTitle}</title><body><script>
      let turn = 0;
      const context = new AudioContext();
      const beep = new GainNode(context);
      const tone = new OscillatorNode(context, { frequency: ${lectureHz} });
      tone.connect(beep).connect(context.destination);
      tone.start();
      setInterval(() => {
        turn += 1;
        document.body.style.background = "hsl(" + (turn * 40) % 360 + " 80% 50%)";
        beep.gain.value = turn % 4 === 0 ? 0 : 0.3;
      }, 200);
    </script>`,
  );
  return pathToFileURL(file).href;
}
