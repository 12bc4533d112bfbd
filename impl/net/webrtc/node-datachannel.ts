import { setTimeout as pause } from "node:timers/promises";
import type { DataChannel, PeerConnection, WebRtcLibrary } from "./webrtc-library.js";

type OwnDataChannel = Omit<DataChannel, "end">;

interface OwnPeerConnection extends Omit<PeerConnection, "createDataChannel" | "onDataChannel"> {
  createDataChannel(label: string): OwnDataChannel;
  onDataChannel(callback: (channel: OwnDataChannel) => void): void;
  bytesSent(): number;
}

interface NodeDataChannel {
  PeerConnection: new (
    name: string,
    config: { iceServers: string[]; bindAddress?: string; maxMessageSize: number },
  ) => OwnPeerConnection;
}

const LOOK_MS = 10;
/** Longer than SCTP waits before it sends a lost packet again. */
const QUIET_MS = 400;
const SETTLE_MS = 20;
/** So many times nothing must come in that time. */
const SETTLE_TIMES = 5;

/** The package node-datachannel, seen as a `WebRtcLibrary`: it is one, but for the end of a channel. */
export function adaptNodeDataChannel({ PeerConnection }: NodeDataChannel): WebRtcLibrary {
  return {
    name: "node-datachannel",
    open({ iceServers, ...config }) {
      const own = new PeerConnection("mp2p", { ...config, iceServers: [...iceServers] });
      const arrivals: Arrivals = { count: 0 };
      return {
        close: () => own.close(),
        setRemoteDescription: (sdp, type) => own.setRemoteDescription(sdp, type),
        addRemoteCandidate: (candidate, mid) => own.addRemoteCandidate(candidate, mid),
        createDataChannel: (label) => withEnd(own, own.createDataChannel(label), arrivals),
        getSelectedCandidatePair: () => own.getSelectedCandidatePair(),
        onLocalDescription: (callback) => own.onLocalDescription(callback),
        onLocalCandidate: (callback) => own.onLocalCandidate(callback),
        onStateChange: (callback) => own.onStateChange((state) => settled(arrivals, () => callback(state))),
        onDataChannel: (callback) => own.onDataChannel((channel) => callback(withEnd(own, channel, arrivals))),
      };
    },
  };
}

/** Messages of one connection so far. */
interface Arrivals {
  count: number;
}

/** Its callbacks come in no order among each other, and late on a busy machine: what was sent before an end is to come before it. */
async function settled(arrivals: Arrivals, callback: () => void): Promise<void> {
  for (let calm = 0; calm < SETTLE_TIMES; ) {
    const before = arrivals.count;
    await pause(SETTLE_MS);
    calm = arrivals.count === before ? calm + 1 : 0;
  }
  callback();
}

function withEnd(connection: OwnPeerConnection, own: OwnDataChannel, arrivals: Arrivals): DataChannel {
  return {
    close: () => own.close(),
    async end(withinMs) {
      const until = performance.now() + withinMs;
      /** SCTP does not say when what was sent has left, and been sent again where it was lost: the octets on the wire do. */
      const quiet = async (): Promise<void> => {
        let left = connection.bytesSent();
        let since = performance.now();
        do {
          await pause(LOOK_MS);
          const now = connection.bytesSent();
          if (now !== left) since = performance.now();
          left = now;
        } while (performance.now() - since < QUIET_MS && performance.now() < until);
      };
      while (own.isOpen() && own.bufferedAmount() > 0 && performance.now() < until) await pause(LOOK_MS);
      // The package at the other end drops messages that its application has not yet been handed when it hears of the end.
      await quiet();
      own.close();
      await quiet();
    },
    sendMessageBinary: (octets) => own.sendMessageBinary(octets),
    isOpen: () => own.isOpen(),
    bufferedAmount: () => own.bufferedAmount(),
    onOpen: (callback) => own.onOpen(callback),
    onClosed: (callback) => own.onClosed(() => settled(arrivals, callback)),
    onMessage: (callback) =>
      own.onMessage((octets) => {
        arrivals.count += 1;
        callback(octets);
      }),
  };
}
