import { type PointerEvent, type WheelEvent, useRef, useState } from "react";
import { type View, fitted, moved, zoomed } from "./zoom.ts";

export interface Zoom {
  /** Of the picture, around its middle. */
  transform: string;
  isZoomed: boolean;
  canZoomIn: boolean;
  /** By one step. */
  zoomIn: () => void;
  zoomOut: () => void;
  reset: () => void;
  onWheel: (event: WheelEvent) => void;
  /** Dragging moves an enlarged picture. */
  drag: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    /** A press that did not move enlarges the picture, or fits it again. */
    onPointerUp: (event: PointerEvent) => void;
    onPointerCancel: () => void;
  };
}

const step = 1.5;
/** What a click enlarges by. */
const clickScale = 2;
/** A hand is never quite still. */
const stillPx = 4;

/** How a picture is enlarged and moved; fitted again for each picture. */
export function useZoom(imageId: number): Zoom {
  const [state, setState] = useState<{ imageId: number; view: View }>({ imageId, view: fitted });
  const press = useRef<{ x: number; y: number; hasMoved: boolean } | null>(null);
  const view = state.imageId === imageId ? state.view : fitted;
  const show = (next: View) => setState({ imageId, view: next });
  return {
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    isZoomed: view.scale > 1,
    canZoomIn: zoomed(view, step).scale > view.scale,
    zoomIn: () => show(zoomed(view, step)),
    zoomOut: () => show(zoomed(view, 1 / step)),
    reset: () => show(fitted),
    onWheel: ({ deltaY }) => show(zoomed(view, Math.exp(-deltaY / 400))),
    drag: {
      onPointerDown(event) {
        event.currentTarget.setPointerCapture(event.pointerId);
        press.current = { x: event.clientX, y: event.clientY, hasMoved: false };
      },
      onPointerMove({ clientX, clientY }) {
        const from = press.current;
        if (!from) return;
        const [dx, dy] = [clientX - from.x, clientY - from.y];
        if (!from.hasMoved && Math.hypot(dx, dy) < stillPx) return;
        press.current = { x: clientX, y: clientY, hasMoved: true };
        show(moved(view, dx, dy));
      },
      onPointerUp() {
        const isClick = press.current?.hasMoved === false;
        press.current = null;
        if (isClick) show(view.scale > 1 ? fitted : zoomed(fitted, clickScale));
      },
      onPointerCancel: () => void (press.current = null),
    },
  };
}
