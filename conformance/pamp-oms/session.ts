import { equipClient } from "../client/client.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Test } from "../engine/test.js";
import { pampProtocol } from "../pamp/protocol.js";
import { omsActions } from "./actions.js";
import type { Created, CreateOptions, OmsTest } from "./case.js";
import type { omsDeclaration } from "./declaration.js";

export const REG = "PAMP_OVERLAY_NW_REG";
export const DEREG = "PAMP_OVERLAY_NW_DEREG";
export const LIST = "PAMP_PEER_LIST_QUERY";
export const INFO = "PAMP_PEER_INFO_QUERY";

/** The report interval that an OMS is told for its peers; nothing of the OMS itself depends on it. */
const INTERVAL_S = 10;

export function equipOms(base: Test, run: RunContext): OmsTest {
  const declared = base.declared as Declaration<typeof omsDeclaration>;
  const protocol = pampProtocol(omsActions, INTERVAL_S, declared.reading("E-PAMP-03") === "B" ? "pam_conf" : undefined);
  const t = equipClient(base, run, { protocol }) as OmsTest;

  const create = async ({
    later = [],
    details = {},
    settings = {},
    hostile = false,
    judged,
  }: CreateOptions = {}): Promise<Created> => {
    const product = await t.start({
      actions: ["create-overlay", ...later],
      details: details as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
      settings: { "overlay-id": t.unique("overlay"), "content-type": "FILE", ...settings },
      hostile,
    });
    const act = product.do("create-overlay");
    const registration = await t.server.next(REG, {
      withinMs: t.actsWithinMs,
      unless: () => product.ended() !== undefined || act.done?.how === "unsupported" || act.done?.how === "failed",
    });
    if (registration.silent) {
      const [stray] = t.server.arrived;
      if (stray && judged) t.fails(REG, stray.outcome, { ...judged, entry: stray.entry });
      const others = t.server.arrived.map(({ outcome }) => outcome).slice(0, 3);
      const instead = others.length > 0 ? `, but ${others.join(", ")}` : "";
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      t.inconclusive(`no overlay registration came${instead}${end}${act.done ? ` (${act.done.reason})` : ""}`);
    }
    const overlay = registration.get("overlay_network_information.overlay_network_id");
    return { product, act, registration, overlay: typeof overlay === "string" ? overlay : "" };
  };

  const converse = async (): Promise<void> => {
    const condition = {
      max_peer_num: 3,
      ordering: "UPLOADED",
      fragment_list: { fragment: [100, 102] },
      fragment_range: { start_fragment_id: 0, end_fragment_id: 99 },
    };
    const details = { "query-list": { peer_query_condition: condition }, "query-peer": {}, "close-overlay": {} };
    const { product, overlay } = await create({ later: ["query-list", "query-peer", "close-overlay"], details });
    for (const [action, wanted] of [
      ["query-list", LIST],
      ["query-peer", INFO],
      ["close-overlay", DEREG],
    ] as const) {
      const act = product.do(action, { ...details[action], "overlay-id": overlay, "peer-id": t.unique("peer") });
      const unless = (): boolean => product.ended() !== undefined || act.done?.how === "unsupported";
      await t.server.next(wanted, { withinMs: Math.min(2_000, t.actsWithinMs), unless });
    }
  };
  return Object.assign(t, { create, converse });
}
