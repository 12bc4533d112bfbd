import { setTimeout as pause } from "node:timers/promises";
import type { DataChannel, PeerConnection, WebRtcLibrary } from "./webrtc-library.js";

type OwnDataChannel = Omit<DataChannel, "end">;

interface OwnPeerConnection extends Omit<PeerConnection, "createDataChannel" | "onDataChannel"> {
  createDataChannel(label: string): OwnDataChannel;
  onDataChannel(callback: (channel: OwnDataChannel) => void): void;
}

interface NodeDataChannel {
  PeerConnection: new (
    name: string,
    config: { iceServers: string[]; bindAddress?: string; maxMessageSize: number },
  ) => OwnPeerConnection;
}

const LOOK_MS = 5;
/** How long the other end has to take what was sent last and the end of the stream. */
const FAREWELL_MS = 250;
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
        createDataChannel: (label) => withEnd(own.createDataChannel(label)),
        getSelectedCandidatePair: () => own.getSelectedCandidatePair(),
        onLocalDescription: (callback) => own.onLocalDescription(callback),
        onLocalCandidate: (callback) => own.onLocalCandidate(callback),
        onStateChange: (callback) => own.onStateChange(callback),
        onDataChannel: (callback) => own.onDataChannel((channel) => callback(withEnd(channel))),
      };
    },
  };
}

function withEnd(own: OwnDataChannel): DataChannel {
  return {
    close: () => own.close(),
    async end(withinMs) {
      const until = performance.now() + withinMs;
      while (own.isOpen() && own.bufferedAmount() > 0 && performance.now() < until) await pause(LOOK_MS);
      // The other end is told of it behind all that was sent.
      own.close();
      await pause(FAREWELL_MS);
    },
    sendMessageBinary: (octets) => own.sendMessageBinary(octets),
    isOpen: () => own.isOpen(),
    bufferedAmount: () => own.bufferedAmount(),
    onOpen: (callback) => own.onOpen(callback),
    // Its callbacks come in no order among each other: what was sent before the end is to come before it.
    onClosed: (callback) => own.onClosed(() => setTimeout(callback, SETTLE_MS)),
    onMessage: (callback) => own.onMessage(callback),
  };
}
