export { anomalyThreshold, Detector } from "./detector.ts";
export type { Band, DepartureKind, SeriesDeparture, SeriesSpec } from "./series-watch.ts";
export { Watch, type Departed, type WatchState } from "./watch.ts";
export { fewestDays, forecastDays, type ForecastDay } from "./forecast.ts";
