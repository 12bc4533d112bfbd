import { Code, type Hello } from "../core/message.js";
import type { Link } from "../core/ports.js";
import type { PathContext } from "./context.js";
import { HELLO_CLOSE_MS, MAX_ADDRESS, MAX_CONN_NUM, MAX_PEER_ID, MAX_PENDING_OFFERS, MAX_TTL } from "./limits.js";
import { isFresh } from "./liveness.js";
import { isTicket, type Path } from "./path.js";
import { ownDepth, youngestChild } from "./place.js";
import { createRate } from "./rate.js";
import { shuffled } from "./shuffle.js";

/** The part of the accepting peer: takes HELLOs, hands them down, and offers paths by ESTAB [facts b.5, steps 3 to 7]. */
export interface Offers {
  /** The first message of a link that another peer opened. */
  helloOnLink(link: Link, hello: Hello): void;
  helloOnPath(path: Path, hello: Hello): void;
  /** Gives up an offer to this peer that is under way. @returns whether there was one */
  withdraw(peerId: string): boolean;
  isPending(peerId: string): boolean;
}

/** The same HELLO may come by several ways: one of them counts. */
const SAME_HELLO_MS = 250;
const MAX_SERVED = 256;

export function createOffers(ctx: PathContext): Offers {
  const { host, timers, table, sessions, settings } = ctx;
  /** By the peer they are made to; the value gives the offer up. */
  const pending = new Map<string, () => void>();
  const served = new Map<string, number>();
  /** HELLOs come on links of their own: their senders are not slowed down by a limit per link. */
  const rate = createRate(() => host.now(), settings.requestsPerSecond);

  /** Why a HELLO is not to be answered [facts b.7]. */
  function faultOf({ overlayId, peer, proof }: Hello): string | undefined {
    const { self, proofs } = ctx.membership;
    if (overlayId !== ctx.membership.overlayId) return "HELLO for another overlay";
    if (peer.peerId === self.peerId || peer.peerId === "" || peer.peerId.length > MAX_PEER_ID)
      return "HELLO with a peer-id that cannot be";
    if (peer.address === "" || peer.address.length > MAX_ADDRESS) return "HELLO with an address that cannot be";
    if (!isTicket(peer.ticketId)) return "HELLO with a ticket-id that cannot be";
    if (!ctx.mesh && peer.ticketId <= self.ticketId) return "HELLO from a peer that is not younger";
    return proofs?.verify(proof, { overlayId, peerId: peer.peerId, ticketId: peer.ticketId });
  }

  function serve(hello: Hello, from: Path | undefined): void {
    const now = timers.now();
    const key = `${hello.verticalCandidate ? "v" : "-"}${hello.peer.peerId}`;
    if (now - (served.get(key) ?? Number.NEGATIVE_INFINITY) < SAME_HELLO_MS) return;
    served.delete(key);
    served.set(key, now);
    if (served.size > MAX_SERVED) served.delete(served.keys().next().value as string);

    const connNum = Math.min(hello.connNum, MAX_CONN_NUM);
    const kind = roomFor(hello, connNum);
    if (kind !== "none") offer(hello, kind === "primary");
    const rest = Math.max(0, kind === "none" ? connNum : connNum - 1);
    const ttl = Math.min(hello.ttl, MAX_TTL) - 1;
    // Who has found a parent needs no more than it asked for; who has not is led on to where there is room, if only by one.
    const ways = rest > 0 || kind === "primary" || ctx.mesh || hello.verticalCandidate ? rest : 1;
    if (ttl > 0 && ways > 0) handOn({ ...hello, ttl }, ways, rest, from);
  }

  /** Not to all children, as the field has it: each wanted answer takes one way down, so that no HELLO floods a tree. */
  function handOn(hello: Hello, ways: number, connNum: number, from: Path | undefined): void {
    // Younger children could not answer it.
    const open = (ctx.mesh ? table.all() : table.children).filter(
      (path) => path !== from && path.peerId !== hello.peer.peerId && (ctx.mesh || path.ticketId < hello.peer.ticketId),
    );
    const next = shuffled(open, host.random).slice(0, ways);
    next.forEach(({ link }, index) => {
      const share = Math.ceil((connNum - index) / next.length);
      link.send({ ...hello, connNum: Math.max(0, share) });
    });
  }

  function roomFor({ peer, recovery, verticalCandidate }: Hello, connNum: number): "primary" | "candidate" | "none" {
    const known = table.get(peer.peerId);
    if (pending.has(peer.peerId) || pending.size >= MAX_PENDING_OFFERS) return "none";
    if (known !== undefined && isFresh(known, ctx)) return "none";
    if (!ctx.mesh && !verticalCandidate) {
      if (table.primaries.length < settings.maxPrimary) return "primary";
      if (recovery && (youngestChild(table)?.ticketId ?? 0) > peer.ticketId) return "primary";
    }
    const room = table.incomingCandidates.length + pending.size < settings.maxIncomingCandidates;
    return room && connNum > 0 ? "candidate" : "none";
  }

  function offer({ peer, proof }: Hello, allowPrimaryRequest: boolean): void {
    const { peerId, address, ticketId } = peer;
    let given = false;
    pending.set(peerId, () => {
      given = true;
    });
    sessions.connect({ peerId, address }, (link) => {
      if (link === undefined || given) {
        link?.close();
        pending.delete(peerId);
        return;
      }
      estab(link);
    });

    function estab(link: Link): void {
      const { overlayId, self, proofs } = ctx.membership;
      const nonce = proofs?.nonce();
      const stop = (reason?: string): void => {
        takeBack();
        pending.delete(peerId);
        sessions.forget(link);
        if (reason !== undefined) ctx.refused(peerId, reason);
        link.send({ code: Code.release, ack: false });
        link.close();
      };
      const establish = (): Path => {
        takeBack();
        pending.delete(peerId);
        const before = table.get(peerId);
        if (before !== undefined) ctx.end(before, "replaced by a new link", "release");
        const about = { peerId, ticketId, address, depth: undefined, allowsPrimary: false };
        return ctx.open(link, { ...about, kind: "incoming-candidate" });
      };
      /** The other end has shown that it may be here. */
      let isProved = proofs === undefined;
      let takeBack = timers.after(settings.answerMs, stop);
      pending.set(peerId, stop);
      sessions.add(link, {
        received(message) {
          switch (message.code) {
            case Code.estabAccepted: {
              const fault = proofs?.verify(message.proof, {
                overlayId,
                peerId,
                ticketId,
                ...(nonce !== undefined && { nonce }),
              });
              if (fault !== undefined) stop(fault);
              else if (table.incomingCandidates.length < settings.maxIncomingCandidates) establish();
              else {
                // No room for a candidate: the link has the time of one answer to become a primary path.
                isProved = true;
                takeBack();
                takeBack = timers.after(settings.answerMs, stop);
              }
              return;
            }
            case Code.primary:
              // Peers of the field may ask before, or instead of, taking the offer.
              if (isProved) ctx.handle(establish(), message);
              else stop("PRIMARY before the answer to ESTAB");
              return;
            case Code.estabRefused:
            case Code.release:
              stop();
              return;
            case Code.heartbeat:
              link.send({ code: Code.heartbeatAnswer });
              return;
            case Code.probe:
              link.send({ code: Code.probeAnswer, time: message.time });
              return;
            case Code.candidate:
              stop();
              return;
            default:
              stop(`code ${message.code} before the answer to ESTAB`);
          }
        },
        closed: () => stop(),
      });
      const depth = ownDepth(ctx);
      link.send({
        code: Code.estab,
        overlayId,
        allowPrimaryRequest,
        peer: self,
        ...(depth !== undefined && { depth }),
        ...(nonce !== undefined && { proof: { ...proofs?.mine(proof?.nonce, peerId), nonce } }),
      });
    }
  }

  return {
    helloOnLink(link, hello) {
      const fault = rate.take() ? faultOf(hello) : "too many HELLOs";
      let served = fault !== undefined;
      let takeBack = (): void => {};
      const finish = (): void => {
        takeBack();
        sessions.forget(link);
        link.send({ code: Code.release, ack: false });
        link.close();
        if (served) return;
        served = true;
        serve(hello, undefined);
      };
      if (fault !== undefined) {
        ctx.refused(hello.peer.peerId, fault);
        finish();
        return;
      }
      // A transport with one connection per pair of peers can carry the ESTAB only when this one is gone.
      const session = sessions.add(link, {
        received({ code }) {
          if (code === Code.release) finish();
          else if (code < 1000 && code !== Code.heartbeat) {
            ctx.refused(hello.peer.peerId, `code ${code} on a connection for HELLO`);
            finish();
          }
        },
        closed: finish,
      });
      if (session === undefined) {
        ctx.refused(hello.peer.peerId, "too many links");
        link.close();
        return;
      }
      takeBack = timers.after(HELLO_CLOSE_MS, finish);
      link.send({ code: Code.helloAccepted });
    },
    helloOnPath(path, hello) {
      const own = hello.peer.peerId === path.peerId;
      const mayBe = own || ctx.mesh || path.kind === "parent";
      const fault = !rate.take() ? "too many HELLOs" : mayBe ? faultOf(hello) : "HELLO handed up the tree";
      if (fault !== undefined) {
        ctx.refused(path.peerId, fault);
        return;
      }
      path.link.send({ code: Code.helloAccepted });
      serve(hello, path);
    },
    withdraw(peerId) {
      const stop = pending.get(peerId);
      stop?.();
      return stop !== undefined;
    },
    isPending: (peerId) => pending.has(peerId),
  };
}
