import { TransportError } from "./errors.js";

/** What is used of the package node-datachannel, which is optional. Its callbacks must not throw: the process would end. */
export interface WebRtcLibrary {
  PeerConnection: new (
    name: string,
    config: {
      iceServers: string[];
      bindAddress?: string;
      maxMessageSize?: number;
    },
  ) => PeerConnection;
}

export interface PeerConnection {
  close(): void;
  setRemoteDescription(sdp: string, type: "offer" | "answer"): void;
  addRemoteCandidate(candidate: string, mid: string): void;
  createDataChannel(label: string): DataChannel;
  getSelectedCandidatePair(): { remote: { address: string; port: number } } | null;
  onLocalDescription(callback: (sdp: string, type: string) => void): void;
  onLocalCandidate(callback: (candidate: string, mid: string) => void): void;
  onStateChange(callback: (state: string) => void): void;
  onDataChannel(callback: (channel: DataChannel) => void): void;
}

export interface DataChannel {
  close(): void;
  getLabel(): string;
  /** Throws where it is closed, or the message too long for the other end. */
  sendMessageBinary(octets: Uint8Array): boolean;
  isOpen(): boolean;
  bufferedAmount(): number;
  onOpen(callback: () => void): void;
  onClosed(callback: () => void): void;
  onMessage(callback: (message: string | Buffer | ArrayBuffer) => void): void;
}

/** @throws TransportError ERR_MISSING_PACKAGE */
export async function loadWebRtcLibrary(): Promise<WebRtcLibrary> {
  try {
    return await import("node-datachannel");
  } catch (error) {
    const message =
      "WebRTC needs the package node-datachannel, which cannot be loaded: npm install node-datachannel@0.33.4 (TCP and TLS need nothing)";
    throw new TransportError("ERR_MISSING_PACKAGE", message, { cause: error });
  }
}
