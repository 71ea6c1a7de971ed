const browsers = [
  ["Edge", /\bEdgA?\/|\bEdgiOS\//],
  ["Opera", /\bOPR\//],
  ["Yandex", /\bYaBrowser\//],
  ["Firefox", /\bFirefox\/|\bFxiOS\//],
  ["Chrome", /Chrome\/|\bCriOS\/|\bChromium\//],
  ["Safari", /\bSafari\//],
] as const;

const systems = [
  ["Android", /\bAndroid\b/],
  ["iOS", /\b(?:iPhone|iPad|iPod)\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMacintosh\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
] as const;

/**
 * Names the browser and the system of a user agent, for example "Firefox · Windows"; empty for unknown ones. The order of
 * the patterns matters, since browsers claim to be one another.
 */
export function knownDevice(userAgent: string): string {
  const names = [browsers, systems].map((list) => list.find(([, pattern]) => pattern.test(userAgent))?.[0]);
  return names.filter(Boolean).join(" · ");
}

/** `knownDevice`; an unknown user agent is returned as it is. */
export function describeUserAgent(userAgent: string): string {
  return knownDevice(userAgent) || userAgent;
}
