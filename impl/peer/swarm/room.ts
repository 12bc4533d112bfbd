import type { RemotePeer } from "../core/ports.js";
import type { Context } from "./context.js";
import type { Link } from "./link.js";

/** Who neither gives, takes nor asks for so long may have to give way, in ms: who never did either, and who once did. */
const strangerMs = 5_000;
const acquaintanceMs = 20_000;
/** Incoming links of one network address that others need not give way to. */
const shareOfAddress = 1 / 4;

/** Which link gives way where there is no room for another one. */
export class Room {
  readonly #c: Context;

  constructor(context: Context) {
    this.#c = context;
  }

  /** The link that somebody new may take the place of. */
  for(newcomer: RemotePeer, isComplete: boolean): Link | undefined {
    return this.#spare(isComplete) ?? this.longestIdle() ?? this.#ofCrowd(newcomer);
  }

  /** Of those that have been of no use for some time, the one that has been so for longest. */
  longestIdle(): Link | undefined {
    const now = this.#c.host.now();
    const isIdle = (link: Link): boolean =>
      !isInUse(link) && now - sinceOf(link) >= (link.usefulAt === undefined ? strangerMs : acquaintanceMs);
    return longest([...this.#c.links.values()].filter(isIdle));
  }

  /** One that is of no use to either end. */
  #spare(isComplete: boolean): Link | undefined {
    const { total } = this.#c.book;
    for (const link of this.#c.links.values()) {
      if (link.leftOver || (isComplete && total !== undefined && link.theirs.size >= total)) return link;
    }
    return undefined;
  }

  /** Where one network address has more than its share of the links, it is one of these: whoever owns a machine can be many peers. */
  #ofCrowd(newcomer: RemotePeer): Link | undefined {
    const { links, settings } = this.#c;
    const own = hostOf(newcomer);
    const crowds = new Map<string, Link[]>();
    for (const link of links.values()) {
      const host = hostOf(link.remote);
      if (host === undefined || host === own || !link.remote.incoming) continue;
      const crowd = crowds.get(host);
      if (crowd === undefined) crowds.set(host, [link]);
      else crowd.push(link);
    }
    const [largest = []] = [...crowds.values()].sort((a, b) => b.length - a.length);
    if (own === undefined || largest.length <= settings.maxLinks * shareOfAddress) return undefined;
    return longest(largest.filter((link) => !isInUse(link))) ?? longest(largest);
  }
}

const isInUse = ({ asked, waiting, sending, reading }: Link): boolean =>
  asked.size > 0 || waiting.size > 0 || sending !== undefined || reading !== undefined;

const sinceOf = ({ openedAt, usefulAt }: Link): number => usefulAt ?? openedAt;

function longest(links: readonly Link[]): Link | undefined {
  let best: Link | undefined;
  for (const link of links) if (best === undefined || sinceOf(link) < sinceOf(best)) best = link;
  return best;
}

/** Without its port. On loopback all peers of a machine are one's own. */
function hostOf({ address }: RemotePeer): string | undefined {
  const host = address.replace(/:\d+$/, "");
  return host === "" || /^(127\.|\[::1\]$|\[::ffff:127\.)/.test(host) ? undefined : host;
}
