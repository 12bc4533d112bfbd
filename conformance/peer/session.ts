import type { Answer } from "../client/answer.js";
import { equipClient } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import { keyPair } from "../engine/ed25519.js";
import type { RunContext } from "../engine/entity.js";
import { NotApplicable } from "../engine/outcome.js";
import type { Test } from "../engine/test.js";
import { wallClock } from "../streaming/clock.js";
import { serverOperations } from "../streaming/servers.js";
import { newSession, sessionAnswer, stand } from "../streaming/session.js";
import { peerActions } from "./actions.js";
import type { Iut, PeerTest } from "./case.js";
import type { peerDeclaration } from "./declaration.js";

export const JOIN = "OMS_JOIN";
export const FIND = "IXS_INDEX_FILE_QUERY";
export const LIST = "OMS_PEER_LIST";

export function equipPeer(base: Test, run: RunContext): PeerTest {
  const declared = base.declared as Declaration<typeof peerDeclaration>;
  const clock = wallClock(run);
  const session = newSession(base, clock);
  const answer = (request: ClientRequest, standIn: StandIn): Answer => sessionAnswer(request, standIn, session, clock);
  const protocol = { operations: serverOperations, actions: peerActions, server: "servers", usual: answer };
  const t = equipClient(base, run, { protocol }) as PeerTest;
  const silenceMs = 1000 * declared.value("silence");
  const requestWithinMs = 1000 * declared.value("request-within");

  const enter: PeerTest["enter"] = async ({ later = [], settings = {}, hostile = false } = {}): Promise<Iut> => {
    const product = await t.start({
      actions: ["join", ...later],
      hostile,
      settings: {
        "peer-id": t.unique("iut"),
        title: session.title,
        "data-source-id": session.dataSource,
        "data-id": session.data,
        listen: true,
        "request-ms": requestWithinMs / 2,
        "silence-ms": silenceMs,
        "answer-ms": 3000,
        ...settings,
      },
    });
    const join = product.do("join");
    const unless = (): boolean => product.ended() !== undefined || join.done?.how === "unsupported";
    const request = await t.server.next(JOIN, { withinMs: t.actsWithinMs, unless });
    if (request.silent) {
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      const others = t.server.arrived.map(({ outcome }) => outcome).slice(0, 3);
      t.inconclusive(
        `no join came${others.length > 0 ? `, but ${others.join(", ")}` : ""}${end}${join.done ? ` (${join.done.reason})` : ""}`,
      );
    }
    const addresses = request.get("join.addresses");
    const address = Array.isArray(addresses) ? addresses.find((one) => /^tcp:/.test(String(one))) : undefined;
    return {
      product,
      join,
      request,
      id: t.needString(request.get("join.peer_id"), "peer_id"),
      address: String(address ?? ""),
    };
  };

  const linked: PeerTest["linked"] = async (peer) =>
    await t.setup(`a link with ${peer.id}`, async () => {
      const found = () => peer.links.find(({ proven, ended }) => proven === true && !ended);
      if (!(await peer.until(() => found() !== undefined, t.actsWithinMs)))
        t.inconclusive("the product shakes no hands with a peer that its OMS lists");
      return found() ?? t.inconclusive("the link is gone");
    });

  const given: PeerTest["given"] = async ({ product }, count, withinMs = t.actsWithinMs) => {
    const act = product.do("receive");
    const done = await act.over;
    if (done.how !== "asked")
      throw new NotApplicable(`what applications are given shows by an adapter only: ${done.reason}`);
    const end = t.world.now() + withinMs;
    for (;;) {
      const fragments = new Map(
        product
          .events()
          .filter(({ event }) => event === "fragment")
          .map(({ index, digest }) => [Number(index), String(digest)] as const),
      );
      if (fragments.size >= count || t.world.now() >= end) return fragments;
      await t.sleep(50);
    }
  };

  return Object.assign(t, {
    clock,
    session,
    requestWithinMs,
    silenceMs,
    stand: (options) => stand(base, session, clock(), options),
    enter,
    linked,
    given,
    newKey: () => keyPair(base.random.bytes(32)),
  } satisfies Partial<PeerTest>);
}
