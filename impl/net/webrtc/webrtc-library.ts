import { TransportError } from "../transport-errors.js";
import { adaptNodeDataChannel } from "./node-datachannel.js";
import { adaptWrtc } from "./wrtc.js";

/**
 * What is used of a WebRTC library. Callbacks must not throw: with node-datachannel the process would end.
 * Candidates are lines as SDP has them; what comes too early for the library is kept by the user of this interface.
 */
export interface WebRtcLibrary {
  readonly name: WebRtcLibraryName;
  open(config: PeerConnectionConfig): PeerConnection;
}

/**
 * wrtc: the package @roamhq/wrtc. Reaches the field's peers.
 * node-datachannel: about five times as many messages per second; but its SCTP begins with a parameter (RFC 9653) that the field's peers
 * take for a fault, though RFC 9260 3.2.1 has it passed over. Reaches peers of this project and browsers.
 */
export type WebRtcLibraryName = "wrtc" | "node-datachannel";

export interface PeerConnectionConfig {
  readonly iceServers: readonly string[];
  /** The only local address; wrtc uses all that there are. */
  readonly bindAddress?: string;
  /** Longest message taken, in octets. */
  readonly maxMessageSize: number;
}

export interface PeerConnection {
  close(): void;
  /** An offer is answered: `onLocalDescription`. May throw; or end in the state "failed" where it cannot be applied. */
  setRemoteDescription(sdp: string, type: "offer" | "answer"): void;
  addRemoteCandidate(candidate: string, mid: string): void;
  /** Makes an offer, too. */
  createDataChannel(label: string): DataChannel;
  getSelectedCandidatePair(): { remote: { address: string; port: number } } | null;
  onLocalDescription(callback: (sdp: string, type: string) => void): void;
  onLocalCandidate(callback: (candidate: string) => void): void;
  onStateChange(callback: (state: string) => void): void;
  onDataChannel(callback: (channel: DataChannel) => void): void;
}

export interface DataChannel {
  close(): void;
  /** Resolves when all that was sent has most likely arrived, or after so long: the connection may be closed then. */
  end(withinMs: number): Promise<void>;
  /** Throws where it is closed, or the message too long for the other end. */
  sendMessageBinary(octets: Uint8Array): unknown;
  isOpen(): boolean;
  bufferedAmount(): number;
  onOpen(callback: () => void): void;
  onClosed(callback: () => void): void;
  onMessage(callback: (message: string | Uint8Array | ArrayBuffer) => void): void;
}

const loaders: Readonly<Record<WebRtcLibraryName, () => Promise<WebRtcLibrary>>> = {
  wrtc: async () => adaptWrtc((await import("@roamhq/wrtc")).default),
  "node-datachannel": async () => adaptNodeDataChannel(await import("node-datachannel")),
};

/**
 * The named library, or whichever is installed.
 * @throws TransportError ERR_MISSING_PACKAGE
 */
export async function loadWebRtcLibrary(name?: WebRtcLibraryName): Promise<WebRtcLibrary> {
  const causes: unknown[] = [];
  for (const one of name === undefined ? (["wrtc", "node-datachannel"] as const) : [name]) {
    try {
      return await loaders[one]();
    } catch (error) {
      causes.push(error);
    }
  }
  const wanted =
    name === undefined
      ? "a package that is not there: npm install @roamhq/wrtc@0.10.0 (or node-datachannel@0.33.4: faster, but refused by the field's peers)"
      : `the package ${name === "wrtc" ? "@roamhq/wrtc" : name}, which cannot be loaded: npm install it`;
  throw new TransportError("ERR_MISSING_PACKAGE", `WebRTC needs ${wanted}; TCP and TLS need nothing`, {
    cause: causes[0],
  });
}
