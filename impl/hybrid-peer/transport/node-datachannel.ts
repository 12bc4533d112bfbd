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

/** The package node-datachannel, seen as a `WebRtcLibrary`: it is one, but for the end of a channel. */
export function adaptNodeDataChannel({ PeerConnection }: NodeDataChannel): WebRtcLibrary {
  return {
    name: "node-datachannel",
    open({ iceServers, ...config }) {
      const own = new PeerConnection("mp2p", { ...config, iceServers: [...iceServers] });
      return {
        close: () => own.close(),
        setRemoteDescription: (sdp, type) => own.setRemoteDescription(sdp, type),
        addRemoteCandidate: (candidate, mid) => own.addRemoteCandidate(candidate, mid),
        createDataChannel: (label) => withEnd(own, own.createDataChannel(label)),
        getSelectedCandidatePair: () => own.getSelectedCandidatePair(),
        onLocalDescription: (callback) => own.onLocalDescription(callback),
        onLocalCandidate: (callback) => own.onLocalCandidate(callback),
        onStateChange: (callback) => own.onStateChange((state) => settled(() => callback(state))),
        onDataChannel: (callback) => own.onDataChannel((channel) => callback(withEnd(own, channel))),
      };
    },
  };
}

/** Its callbacks come in no order among each other: what was sent before an end is to come before it. */
function settled(callback: () => void): void {
  setTimeout(callback, SETTLE_MS);
}

function withEnd(connection: OwnPeerConnection, own: OwnDataChannel): DataChannel {
  return {
    close: () => own.close(),
    async end(withinMs) {
      const until = performance.now() + withinMs;
      while (own.isOpen() && own.bufferedAmount() > 0 && performance.now() < until) await pause(LOOK_MS);
      // The other end is told of it behind all that was sent, but SCTP does not say when that has left.
      own.close();
      let left = connection.bytesSent();
      let since = performance.now();
      do {
        await pause(LOOK_MS);
        const now = connection.bytesSent();
        if (now !== left) since = performance.now();
        left = now;
      } while (performance.now() - since < QUIET_MS && performance.now() < until);
    },
    sendMessageBinary: (octets) => own.sendMessageBinary(octets),
    isOpen: () => own.isOpen(),
    bufferedAmount: () => own.bufferedAmount(),
    onOpen: (callback) => own.onOpen(callback),
    onClosed: (callback) => own.onClosed(() => settled(callback)),
    onMessage: (callback) => own.onMessage(callback),
  };
}
