import type { DataChannel, PeerConnection, WebRtcLibrary } from "./webrtc-library.js";

/** What a connection tells its owner; nothing after `close`, but `gone`. */
export interface RtcEvents {
  /** To be sent to the other peer through the relay. */
  description(type: "offer" | "answer", sdp: string): void;
  candidate(candidate: string): void;
  open(): void;
  message(message: string | Uint8Array): void;
  /** It failed or was closed at the other end. */
  lost(reason: string): void;
  /** Nothing is left of it. */
  gone(): void;
}

export interface RtcConfig {
  readonly iceServers: readonly string[];
  readonly bindAddress?: string;
}

/** A message on a data channel, as the field's peers take them. */
export const MAX_MESSAGE = 65_535;
const CHANNEL = "data";
/** The offer and answer have a single section; the field's candidates do not say that it is meant. */
const MID = "0";
const MAX_CANDIDATES = 64;
/** One RTCPeerConnection with one data channel, from the first description to the end. */
export class RtcConnection {
  readonly offerer: boolean;
  isOpen = false;
  /** The offer that was sent, until there is an answer. */
  pendingOffer: string | undefined;
  /** What tells this session of the other end from its other ones. */
  remoteIdentity: string | undefined;
  remoteOffer: string | undefined;
  readonly #events: RtcEvents;
  readonly #peerConnection: PeerConnection;
  #channel: DataChannel | undefined;
  /** Candidates that wait for the remote description: the other end drops those that come before it, and so does the library. */
  #local: string[] = [];
  #remote: string[] = [];
  #described = false;
  #closing = false;
  #gone = false;

  constructor(library: WebRtcLibrary, config: RtcConfig, offerer: boolean, events: RtcEvents) {
    this.offerer = offerer;
    this.#events = events;
    this.#peerConnection = library.open({ ...config, maxMessageSize: MAX_MESSAGE });
    const own = this.#peerConnection;
    own.onLocalDescription((sdp, type) => this.#safely(() => this.#localDescription(sdp, type)));
    own.onLocalCandidate((candidate) => this.#safely(() => this.#localCandidate(candidate)));
    own.onStateChange((state) => this.#safely(() => this.#state(state)));
    if (offerer) this.#adopt(own.createDataChannel(CHANNEL));
    else own.onDataChannel((channel) => this.#safely(() => this.#incoming(channel)));
  }

  /** Also renegotiates, with an offer on a connection that is open. @throws Error where the description is none */
  describe(type: "offer" | "answer", sdp: string): void {
    this.remoteIdentity = identityOf(sdp);
    if (type === "offer") this.remoteOffer = sdp;
    else this.pendingOffer = undefined;
    this.#peerConnection.setRemoteDescription(sdp, type);
    if (this.#described) return;
    this.#described = true;
    for (const candidate of this.#remote) this.#add(candidate);
    this.#remote = [];
    // After the answer, which the library gives by a call of its own.
    if (type === "answer") this.#sendCandidates();
  }

  addCandidate(candidate: string): void {
    if (this.#closing) return;
    if (this.#described) this.#add(candidate);
    else if (this.#remote.length < MAX_CANDIDATES) this.#remote.push(candidate);
  }

  #add(candidate: string): void {
    try {
      this.#peerConnection.addRemoteCandidate(candidate, MID);
    } catch {
      // One that the library cannot read: others may lead to the other end.
    }
  }

  #localDescription(sdp: string, type: string): void {
    if (this.#closing || (type !== "offer" && type !== "answer")) return;
    if (type === "offer") this.pendingOffer = sdp;
    this.#events.description(type, sdp);
    if (type === "answer") this.#sendCandidates();
  }

  #localCandidate(candidate: string): void {
    if (this.#closing) return;
    // As the field writes them: the library prefixes the line's attribute name.
    const line = candidate.replace(/^a=/, "");
    if (this.#described && this.#local.length === 0 && (this.offerer || this.#answered)) this.#events.candidate(line);
    else this.#local.push(line);
  }

  #answered = false;

  #sendCandidates(): void {
    this.#answered = true;
    for (const candidate of this.#local.splice(0)) this.#events.candidate(candidate);
  }

  #state(state: string): void {
    if (state === "failed") this.#lost("no way to the other end any more");
    else if (state === "closed") this.#lost("the connection closed");
  }

  #incoming(channel: DataChannel): void {
    if (this.#channel !== undefined || this.#closing) {
      channel.close();
      return;
    }
    this.#adopt(channel);
    if (channel.isOpen()) this.#opened();
  }

  #adopt(channel: DataChannel): void {
    this.#channel = channel;
    channel.onOpen(() => this.#safely(() => this.#opened()));
    channel.onClosed(() => this.#safely(() => this.#lost("the other end closed the data channel")));
    channel.onMessage((message) =>
      this.#safely(() => {
        if (this.#closing) return;
        this.#opened();
        this.#events.message(message instanceof ArrayBuffer ? new Uint8Array(message) : message);
      }),
    );
  }

  #opened(): void {
    if (this.isOpen || this.#closing) return;
    this.isOpen = true;
    this.#events.open();
  }

  get queued(): number {
    return this.#closing ? 0 : (this.#channel?.bufferedAmount() ?? 0);
  }

  /** Network address of the other end, where there is a connection with it. */
  get remoteAddress(): string | undefined {
    try {
      const { address, port } = this.#peerConnection.getSelectedCandidatePair()?.remote ?? {};
      if (address === undefined) return undefined;
      return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
    } catch {
      return undefined;
    }
  }

  /** @returns false where the channel takes no more */
  send(octets: Uint8Array): boolean {
    try {
      this.#channel?.sendMessageBinary(octets);
      return this.#channel !== undefined;
    } catch {
      return false;
    }
  }

  /** At once; or when what is queued has left, at the latest after `lingerMs`. */
  close(lingerMs = 0): void {
    if (this.#closing) return;
    this.#closing = true;
    const channel = this.#channel;
    if (lingerMs === 0 || channel === undefined || !this.isOpen) {
      this.#end();
      return;
    }
    const end = (): void => this.#end();
    channel.end(lingerMs).then(end, end);
  }

  #lost(reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#end();
    this.#events.lost(reason);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#peerConnection.close();
    this.#events.gone();
  }

  /** What a callback of the library throws would end the process. */
  #safely(action: () => void): void {
    try {
      action();
    } catch (error) {
      try {
        this.#lost(error instanceof Error ? error.message : String(error));
      } catch {
        // The owner's own fault: the connection has ended.
      }
    }
  }
}

/** Which session of ICE and DTLS a description is of. */
export function identityOf(sdp: string): string {
  const value = (name: string): string => new RegExp(`^a=${name}:(.*)$`, "m").exec(sdp)?.[1]?.trim() ?? "";
  return `${value("ice-ufrag")} ${value("fingerprint")}`;
}
