/** Counters of voice signalling on this node since the start; monitoring reads them. */
export interface VoiceStats {
  offers: number;
  answers: number;
  candidates: number;
  qualityReports: number;
}

export function createVoiceStats(): VoiceStats {
  return { offers: 0, answers: 0, candidates: 0, qualityReports: 0 };
}
