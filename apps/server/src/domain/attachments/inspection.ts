/** What an upload is, found out from its bytes. */
export interface Inspection {
  readonly contentType: string;
  /** Bytes of the file as it now is: of a picture, without its metadata. */
  readonly size: number;
  /** Pixels of a picture that is shown; absent for everything else. */
  readonly width?: number;
  readonly height?: number;
  /** The picture moves. */
  readonly isAnimated?: boolean;
  /** Of a short sound. */
  readonly durationMs?: number;
}

export interface InspectionRequest {
  /** Of a file that nobody reads yet: a picture is replaced by one without metadata. */
  readonly path: string;
  readonly size: number;
  /** What the client calls it. */
  readonly declaredType: string;
  /** A recording: a WebM or MP4 file without pictures is sound, and has a sound's type. */
  readonly isVoice?: boolean;
  /** A short sound, of which nothing is kept that does not sound: another file, and one that is damaged, has the unknown type. */
  readonly isShortSound?: boolean;
}

/** Reads the contents of uploads, away from the thread that serves everybody. */
export interface UploadInspector {
  /**
   * A file that takes too long, or that the inspection fails on, is a download of unknown type, with its bytes as they
   * came. Rejects with the system's error when the cleaned file cannot be written.
   */
  inspect(request: InspectionRequest): Promise<Inspection>;
  close(): Promise<void>;
}
