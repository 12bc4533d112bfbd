import { setTimeout as pause } from "node:timers/promises";
import type { DataChannel, PeerConnection, PeerConnectionConfig, WebRtcLibrary } from "./webrtc-library.js";

/** What is used of the interface that browsers have (W3C WebRTC), as @roamhq/wrtc offers it. */
interface Wrtc {
  RTCPeerConnection: new (config: { iceServers: { urls: string }[] }) => RTCPeerConnection;
}

/**
 * @roamhq/wrtc, seen as a `WebRtcLibrary`. It may hand out several messages that come while the channel opens in another order; in R2 the
 * first one is alone, and answered.
 */
export function adaptWrtc({ RTCPeerConnection }: Wrtc): WebRtcLibrary {
  return {
    name: "wrtc",
    open: ({ iceServers }: PeerConnectionConfig) =>
      new Adapter(new RTCPeerConnection({ iceServers: iceServers.map((urls) => ({ urls })) })),
  };
}

class Adapter implements PeerConnection {
  readonly #connection: RTCPeerConnection;
  /** Its methods are to be called one after the other. */
  #tasks: Promise<void> = Promise.resolve();
  #localDescription: (sdp: string, type: string) => void = () => undefined;
  #stateChange: (state: string) => void = () => undefined;
  #closed = false;

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
    connection.onconnectionstatechange = () => this.#stateChange(connection.connectionState);
  }

  #then(task: () => Promise<void>): void {
    this.#tasks = this.#tasks.then(async () => {
      if (this.#closed) return;
      try {
        await task();
      } catch {
        if (!this.#closed) this.#stateChange("failed");
      }
    });
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#connection.setLocalDescription(description);
    if (!this.#closed) this.#localDescription(description.sdp ?? "", description.type);
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }

  setRemoteDescription(sdp: string, type: "offer" | "answer"): void {
    this.#then(async () => {
      await this.#connection.setRemoteDescription({ sdp, type });
      if (type === "offer") await this.#describe(await this.#connection.createAnswer());
    });
  }

  addRemoteCandidate(candidate: string, sdpMid: string): void {
    this.#then(() =>
      // One that cannot be read is no reason to give up: others may lead to the other end.
      this.#connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex: 0 }).catch(() => undefined),
    );
  }

  createDataChannel(label: string): DataChannel {
    const channel = new ChannelAdapter(this.#connection, this.#connection.createDataChannel(label));
    this.#then(async () => await this.#describe(await this.#connection.createOffer()));
    return channel;
  }

  /** Known to its statistics alone, which take a while. */
  getSelectedCandidatePair(): null {
    return null;
  }

  onLocalDescription(callback: (sdp: string, type: string) => void): void {
    this.#localDescription = callback;
  }

  onLocalCandidate(callback: (candidate: string) => void): void {
    this.#connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== "") callback(candidate.candidate);
    };
  }

  onStateChange(callback: (state: string) => void): void {
    this.#stateChange = callback;
  }

  onDataChannel(callback: (channel: DataChannel) => void): void {
    this.#connection.ondatachannel = ({ channel }) => callback(new ChannelAdapter(this.#connection, channel));
  }
}

/** What still waits is looked at when so many octets were sent, or so much time is over: each look is a call into another thread. */
const LOOK_AFTER = 64 * 1024;
const LOOK_MS = 5;
/** SCTP's shortest wait for an acknowledgement is 400 ms here. */
const QUIET_MS = 500;
const STATISTICS_MS = 50;
/** Octets that leave meanwhile though nothing is sent: RFC 7675's checks, acknowledgements, heartbeats. */
const CONSENT = 500;

class ChannelAdapter implements DataChannel {
  readonly #connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  #known = 0;
  /** Since the last look. */
  #sent = 0;
  #looked = 0;

  constructor(connection: RTCPeerConnection, channel: RTCDataChannel) {
    this.#connection = connection;
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
  }

  close(): void {
    this.#channel.close();
  }

  /**
   * Closing the channel would drop what its SCTP has not sent yet, which it counts nowhere: it has sent everything when nothing more
   * leaves, for longer than it takes to send a lost packet again.
   */
  async end(withinMs: number): Promise<void> {
    const until = performance.now() + Math.max(withinMs, QUIET_MS + STATISTICS_MS);
    let left = -1;
    let since = performance.now();
    while (this.isOpen() && performance.now() < until) {
      const sent = this.#channel.bufferedAmount > 0 ? -1 : await this.#octetsSent();
      if (sent < 0 || sent > left + CONSENT) {
        left = sent;
        since = performance.now();
      } else if (performance.now() - since >= QUIET_MS) return;
      await pause(STATISTICS_MS);
    }
  }

  async #octetsSent(): Promise<number> {
    let octets = 0;
    for (const one of (await this.#connection.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (one.type === "transport" && typeof one.bytesSent === "number") octets += one.bytesSent;
    }
    return octets;
  }

  sendMessageBinary(octets: Uint8Array): void {
    this.#channel.send(octets as Uint8Array<ArrayBuffer>);
    this.#sent += octets.length;
  }

  isOpen(): boolean {
    return this.#channel.readyState === "open";
  }

  bufferedAmount(): number {
    const now = performance.now();
    if (this.#sent >= LOOK_AFTER || now - this.#looked >= LOOK_MS) {
      this.#known = this.#channel.bufferedAmount;
      this.#sent = 0;
      this.#looked = now;
    }
    return this.#known + this.#sent;
  }

  onOpen(callback: () => void): void {
    this.#channel.onopen = () => callback();
  }

  onClosed(callback: () => void): void {
    this.#channel.onclose = () => callback();
  }

  onMessage(callback: (message: string | ArrayBuffer) => void): void {
    this.#channel.onmessage = ({ data }) => callback(data as string | ArrayBuffer);
  }
}
