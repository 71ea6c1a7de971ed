import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { moved, zoomed, zoomOf, type CropFrame, type PictureSize } from "./crop-frame.ts";

type Change = (change: (frame: CropFrame) => CropFrame) => void;

/** Parts of the frame's sides that one press of an arrow key moves it by; with Shift more. */
const step = 0.02;
const largeStep = 0.1;
const zoomStep = 1.1;

/** Moves and zooms the frame: dragging with one pointer, pinching with two, arrow keys, plus and minus. */
export function useCropGestures(size: PictureSize, change: Change) {
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, placeOf(event));
  }

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const known = pointers.current;
    const before = known.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    const spread = spreadOf(known);
    known.set(event.pointerId, now);
    const { clientWidth: width, clientHeight: height } = event.currentTarget;
    const right = (before.x - now.x) / width / known.size;
    const down = (before.y - now.y) / height / known.size;
    const factor = spread === 0 ? 1 : spreadOf(known) / spread;
    change((frame) => {
      const closer = factor === 1 ? frame : zoomed(frame, size, zoomOf(frame, size) * factor);
      return moved(closer, size, right, down);
    });
  }

  function onPointerEnd(event: PointerEvent<HTMLElement>): void {
    pointers.current.delete(event.pointerId);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const move = moveOf(event.key, event.shiftKey ? largeStep : step);
    const factor = { "+": zoomStep, "=": zoomStep, "-": 1 / zoomStep }[event.key];
    if (!move && !factor) return;
    event.preventDefault();
    if (move) change((frame) => moved(frame, size, ...move));
    if (factor) change((frame) => zoomed(frame, size, zoomOf(frame, size) * factor));
  }

  return { onPointerDown, onPointerMove, onPointerUp: onPointerEnd, onPointerCancel: onPointerEnd, onKeyDown };
}

/** The picture goes where the arrow points, so the frame goes the other way. */
function moveOf(key: string, by: number): [right: number, down: number] | undefined {
  const moves: Record<string, [number, number]> = {
    ArrowLeft: [by, 0],
    ArrowRight: [-by, 0],
    ArrowUp: [0, by],
    ArrowDown: [0, -by],
  };
  return moves[key];
}

function placeOf({ clientX, clientY }: PointerEvent): { x: number; y: number } {
  return { x: clientX, y: clientY };
}

/** Pixels between two pointers; 0 when there are not two. */
function spreadOf(pointers: ReadonlyMap<number, { x: number; y: number }>): number {
  const [one, other, ...more] = [...pointers.values()];
  return one && other && more.length === 0 ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
}
