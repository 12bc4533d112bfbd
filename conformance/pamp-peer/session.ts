import { equipClient } from "../client/client.js";
import { primitive } from "../client/request.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Test } from "../engine/test.js";
import { pampProtocol } from "../pamp/protocol.js";
import { peerActions } from "./actions.js";
import type { Joined, JoinOptions, PeerTest, ReportOptions } from "./case.js";
import type { peerDeclaration } from "./declaration.js";

export const REG = "PAMP_PEER_REG";
export const DEREG = "PAMP_PEER_DEREG";
export const REPORT = "PAMP_PEER_STATUS_REPORT";

export function equipPeer(base: Test, run: RunContext): PeerTest {
  const declared = base.declared as Declaration<typeof peerDeclaration>;
  const intervalMs = 1000 * declared.value("report-interval");
  const protocol = pampProtocol(peerActions, intervalMs / 1000);
  const t = equipClient(base, run, { protocol }) as PeerTest;

  const join = async ({
    later = [],
    details = {},
    settings = {},
    hostile = false,
    judged,
  }: JoinOptions = {}): Promise<Joined> => {
    const { server } = t;
    // A peer that is registered already is told that it is not, so that it registers again.
    const forgets = run.target.listen !== undefined;
    if (forgets) server.answer(REPORT, { status: 404 }, { times: 1 });
    const product = await t.start({
      actions: ["join", ...later],
      details: details as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
      settings: { "overlay-id": t.unique("overlay"), "peer-id": t.unique("peer"), ...settings },
      hostile,
    });
    const act = product.do("join");
    const registration = await server.next(REG, {
      withinMs: t.actsWithinMs,
      unless: () => product.ended() !== undefined || act.done?.how === "unsupported" || act.done?.how === "failed",
    });
    if (forgets && server.of(REPORT).length === 0) server.forget(REPORT);
    if (registration.silent) {
      const [stray] = t.server.arrived;
      if (stray && judged) t.fails(REG, stray.outcome, { ...judged, entry: stray.entry });
      const others = server.arrived.map(({ outcome }) => outcome).slice(0, 3);
      const instead = others.length > 0 ? `, but ${others.join(", ")}` : "";
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      t.inconclusive(`no registration came${instead}${end}${act.done ? ` (${act.done.reason})` : ""}`);
    }
    const overlay = registration.params.NID ?? "";
    const peer = registration.get("peer_information.peer_id");
    return { product, registration, overlay, peer: typeof peer === "string" ? peer : "" };
  };

  const report = async ({ product }: Joined, { withinMs = intervalMs * 1.5, where, ...cite }: ReportOptions) => {
    const request = await t.server.next(REPORT, {
      withinMs: withinMs + t.actsWithinMs,
      ...(where ? { where } : {}),
      unless: () => product.ended() !== undefined,
    });
    const end = product.ended();
    const seen = end === undefined ? request : { ...request, outcome: `${request.outcome}; its process ended: ${end}` };
    t.answers(request.silent ? seen : request, primitive(REPORT), cite);
    return request;
  };

  const converse = async (): Promise<void> => {
    const joined = await join({ later: ["leave"] });
    await t.server.next(REPORT, { withinMs: intervalMs * 1.5 + t.actsWithinMs });
    joined.product.do("leave");
    await t.server.next(DEREG, { withinMs: t.actsWithinMs, unless: () => joined.product.ended() !== undefined });
  };
  return Object.assign(t, { intervalMs, join, report, converse });
}
