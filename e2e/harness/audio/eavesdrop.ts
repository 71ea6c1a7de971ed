import type { Person } from "../person.ts";

/** Served at `/tap.js`: lets no frame through, but posts all of them. */
const tapScript = `addEventListener("rtctransform", ({ transformer }) => {
  transformer.readable.pipeTo(new WritableStream({
    write: ({ data }) => transformer.options.port.postMessage(data),
  })).catch(() => {});
});`;

interface TappedPage {
  audioProbe: { connections: RTCPeerConnection[] };
  tap: { frames: ArrayBuffer[]; attach: (connection: RTCPeerConnection) => void };
}

/**
 * From here on, and in calls that begin later, the page takes the sound that it receives as the forwarding unit sent it, before
 * any decryption. It plays none of it any more.
 */
export async function tapSound({ page, context }: Person): Promise<void> {
  await context.route("/tap.js", (route) => route.fulfill({ contentType: "text/javascript", body: tapScript }));
  await page.evaluate(() => {
    const tapped = globalThis as unknown as TappedPage;
    const worker = new Worker("/tap.js");
    const frames: ArrayBuffer[] = [];
    const attach = (connection: RTCPeerConnection) => {
      for (const receiver of connection.getReceivers().filter(({ track }) => track.kind === "audio")) {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => void frames.push(data));
        port1.start();
        receiver.transform = new RTCRtpScriptTransform(worker, { port: port2 }, [port2]);
      }
    };
    tapped.tap = { frames, attach };
    for (const one of tapped.audioProbe.connections) if (one.connectionState === "connected") attach(one);
    const { setRemoteDescription } = RTCPeerConnection.prototype as {
      setRemoteDescription: (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void>;
    };
    RTCPeerConnection.prototype.setRemoteDescription = async function described(description) {
      await setRemoteDescription.call(this, description);
      attach(this);
    };
  });
}

/** Tries to decode what arrives as sound. Gives in how many of a hundred frames this tone is most of what is heard. */
export function decodeTapped({ page }: Person, frequency: number): Promise<number> {
  return page.evaluate(async (hz) => {
    const { frames } = (globalThis as unknown as TappedPage).tap;
    frames.length = 0;
    while (frames.length < 150) await new Promise((resolve) => setTimeout(resolve, 20));
    const taken = frames.splice(0);
    let heard = 0;
    for (const [at, data] of taken.entries()) {
      let isTone = false;
      const decoder = new AudioDecoder({ output: (sound) => (isTone = isMostlyTone(sound)), error() {} });
      decoder.configure({ codec: "opus", sampleRate: 48_000, numberOfChannels: 1 });
      // The first frame of a decoder fades in, so each is decoded twice.
      for (const again of [0, 1]) {
        decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: at * 2 + again, data }));
      }
      await decoder.flush().catch(() => {});
      if (isTone) heard += 1;
    }
    return (100 * heard) / taken.length;

    function isMostlyTone(sound: AudioData): boolean {
      const samples = new Float32Array(sound.numberOfFrames);
      sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      sound.close();
      const [re, im, all] = samples.reduce(
        ([cos, sin, sum], value, n) => {
          const angle = (2 * Math.PI * hz * n) / 48_000;
          return [cos + value * Math.cos(angle), sin + value * Math.sin(angle), sum + value * value];
        },
        [0, 0, 0],
      );
      const tone = (2 * (re ** 2 + im ** 2)) / samples.length;
      return all / samples.length > 1e-5 && tone / all > 0.5;
    }
  }, frequency);
}
