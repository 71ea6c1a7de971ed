type CreateConnection = (configuration: RTCConfiguration) => RTCPeerConnection;

/**
 * Has the browser ask a STUN server for its address. Resolves with the answer, or when the browser gives up, which takes it several
 * seconds. Rejects without WebRTC.
 */
export async function askStun(createConnection: CreateConnection, url: string): Promise<void> {
  const connection = createConnection({ iceServers: [{ urls: [url] }] });
  try {
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    connection.onicecandidate = ({ candidate }) => {
      // A browser without a router before it has learnt nothing new, and says only that it is done.
      if (candidate === null || candidate.type === "srflx") resolve();
    };
    connection.createDataChannel("distance");
    await connection.setLocalDescription(await connection.createOffer());
    await answered;
  } finally {
    connection.close();
  }
}
