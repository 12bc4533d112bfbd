import { Code, type Message, type PeerContact } from "../core/message.js";
import type { CoreHost, Link } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { CoreTimers } from "../core/timers.js";
import { DATA_REQUESTS_PER_REQUEST } from "./limits.js";
import type { Path } from "./path.js";
import { createRate, type Rate } from "./rate.js";

/** A link that is not a path, yet or at all: it carries a HELLO, or an ESTAB that is not answered. */
export interface Handshake {
  received(message: Message): void;
  closed(reason: string): void;
}

export interface Session {
  readonly link: Link;
  /** One of the two. */
  path: Path | undefined;
  handshake: Handshake | undefined;
  readonly requests: Rate;
}

/** The links of one core, and what each of them is for. */
export interface Sessions {
  readonly size: number;
  get(link: Link): Session | undefined;
  /** Whether this link, which is not known yet, may become known. */
  hasRoom(link: Link): boolean;
  /** @returns undefined where there are too many links already */
  add(link: Link, handshake: Handshake): Session | undefined;
  /** The link is a path from now on; one that was unknown becomes known. */
  promote(link: Link, path: Path): void;
  forget(link: Link): void;
  /** Opens a link; calls back once: with the link, or with why there is none. */
  connect(to: PeerContact, then: (link: Link | undefined, reason: string) => void): void;
  connected(token: number, link: Link): void;
  connectFailed(token: number, reason: string): void;
  /** Counts a request against `requestsPerSecond`. @returns false: too many, the link is to be cut */
  admit(session: Session, message: Message): boolean;
  /** Closes all links, and says so to who waits for one; what is opened nevertheless is closed when it comes. */
  clear(): void;
}

/** Of all links, how much incoming ones may take up. */
const SHARE_OF_STRANGERS = 0.9;

export function createSessions(host: CoreHost, settings: CoreSettings, timers: CoreTimers): Sessions {
  const sessions = new Map<Link, Session>();
  const connecting = new Map<number, (link: Link | undefined, reason: string) => void>();
  let tokens = 0;
  let over = false;

  const room = (): boolean => sessions.size + connecting.size < settings.maxLinks;
  // A link that this peer opened was counted when it was asked for; strangers leave it some for its own recovery.
  const hasRoom = ({ incoming }: Link): boolean =>
    !incoming || sessions.size + connecting.size < settings.maxLinks * SHARE_OF_STRANGERS;
  const create = (link: Link): Session => ({
    link,
    path: undefined,
    handshake: undefined,
    requests: createRate(() => host.now(), settings.requestsPerSecond),
  });

  return {
    get size() {
      return sessions.size;
    },
    get: (link) => sessions.get(link),
    hasRoom,
    add(link, handshake) {
      if (!hasRoom(link)) return undefined;
      const session = create(link);
      session.handshake = handshake;
      sessions.set(link, session);
      return session;
    },
    promote(link, path) {
      const session = sessions.get(link) ?? create(link);
      session.path = path;
      session.handshake = undefined;
      sessions.set(link, session);
    },
    forget: (link) => sessions.delete(link),
    connect(to, then) {
      if (over) {
        then(undefined, "over");
        return;
      }
      if (!room()) {
        timers.after(0, () => then(undefined, "too many links"));
        return;
      }
      const token = ++tokens;
      connecting.set(token, then);
      host.connect(to, token);
    },
    connected(token, link) {
      const then = connecting.get(token);
      connecting.delete(token);
      if (then === undefined) link.close();
      else then(link, "");
    },
    connectFailed(token, reason) {
      const then = connecting.get(token);
      connecting.delete(token);
      then?.(undefined, reason);
    },
    admit(session, { code }) {
      // Answers carry their request's code × 1000 and something. 4200 may come unasked, with news that is passed on.
      if (code >= 1000 && code !== Code.primaryAccepted) return true;
      const isLight = code === Code.getData || code === Code.bufferMap;
      return session.requests.take(isLight ? 1 / DATA_REQUESTS_PER_REQUEST : 1);
    },
    clear() {
      over = true;
      for (const { link } of sessions.values()) link.close();
      const handshakes = [...sessions.values()].map(({ handshake }) => handshake);
      const waiting = [...connecting.values()];
      sessions.clear();
      connecting.clear();
      for (const handshake of handshakes) handshake?.closed("over");
      for (const then of waiting) then(undefined, "over");
      over = false;
    },
  };
}
