import { Code, type Estab, type Hello, type PeerContact } from "../core/message.js";
import type { PathContext } from "./context.js";
import { ASKED_FOR_MS, MAX_NONCES } from "./limits.js";
import type { Path } from "./path.js";

/** What a HELLO asks for. */
export type HelloWish = Pick<Hello, "connNum" | "ttl" | "verticalCandidate" | "recovery">;

/** Sends HELLOs [facts b.5, steps 2 and 3], and knows which ESTABs they ask for. */
export interface HelloSender {
  /** On a link of its own; what is said to the same peer meanwhile is said by it too. `then` is called once, in bounded time: with nothing when the other end took it, else with what went wrong. */
  say(to: PeerContact, wish: HelloWish, then: (failure: string | undefined) => void): void;
  /** On a path, to a peer that is known to pass it on and keep the path. */
  sayOn(path: Path, wish: HelloWish): void;
  /** Why this ESTAB is not an answer to a HELLO of this peer. */
  faultOf(estab: Estab): string | undefined;
}

export function createHelloSender(ctx: PathContext): HelloSender {
  const { timers, sessions, settings } = ctx;
  const underWay = new Map<string, ((failure: string | undefined) => void)[]>();
  let nonces: string[] = [];
  let nonceSince = Number.NEGATIVE_INFINITY;
  let lastSaid = Number.NEGATIVE_INFINITY;

  function hello(wish: HelloWish): Hello {
    const { overlayId, self, proofs } = ctx.membership;
    const now = timers.now();
    lastSaid = now;
    const message: Hello = { code: Code.hello, overlayId, ...wish, peer: self };
    if (proofs === undefined) return message;
    if (now - nonceSince > settings.answerMs) {
      nonces = [proofs.nonce(), ...nonces].slice(0, MAX_NONCES);
      nonceSince = now;
    }
    return { ...message, proof: { ...proofs.mine(), nonce: nonces[0] as string } };
  }

  return {
    say(to, wish, then) {
      const { peerId } = to;
      const others = underWay.get(peerId);
      if (others !== undefined) {
        others.push(then);
        return;
      }
      const waiting = [then];
      underWay.set(peerId, waiting);
      sessions.connect(to, (link, reason) => {
        let takeBack = (): void => {};
        const finish = (failure: string | undefined): void => {
          takeBack();
          underWay.delete(peerId);
          if (link !== undefined) {
            sessions.forget(link);
            link.send({ code: Code.release, ack: false });
            link.close();
          }
          for (const one of waiting) one(failure);
        };
        if (link === undefined) {
          finish(reason);
          return;
        }
        sessions.add(link, {
          received({ code }) {
            if (code === Code.helloAccepted) finish(undefined);
            else if (code === Code.release) finish("it closed without an answer to HELLO");
          },
          closed: (why) => finish(`no answer to HELLO: ${why}`),
        });
        takeBack = timers.after(settings.answerMs, () => finish("no answer to HELLO in time"));
        link.send(hello(wish));
      });
    },
    sayOn: (path, wish) => {
      path.link.send(hello(wish));
    },
    faultOf({ peer, proof }) {
      if (timers.now() - lastSaid > ASKED_FOR_MS) return "ESTAB without a HELLO";
      const { proofs, overlayId } = ctx.membership;
      if (proofs === undefined) return undefined;
      let fault: string | undefined = "ESTAB without a HELLO";
      for (const nonce of nonces) {
        fault = proofs.verify(proof, { overlayId, peerId: peer.peerId, ticketId: peer.ticketId, nonce });
        if (fault === undefined) return undefined;
      }
      return fault;
    },
  };
}
