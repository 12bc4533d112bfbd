import type { Express } from "express";
import type { ReceiptFault } from "./ledger.js";
import type { Pams } from "./pams.js";

/** Peers in one answer. */
const most = 1_000;

/** Who did what against the rules of reporting, for the operator alone [X.609.1 REQ-RPT-04, REQ-SEC-02]. */
export interface OperatorView {
  readonly receipts: { readonly confirmed: number; readonly resent: number; readonly pending: number };
  readonly peers: readonly {
    readonly overlay_network_id: string;
    readonly peer_id: string;
    /** Kilobytes. */
    readonly reported: number;
    readonly confirmed: number;
    /** It reports more uploads than receipts confirm. */
    readonly one_sided: boolean;
    readonly faults: Partial<Record<ReceiptFault, number>>;
  }[];
  readonly incidents: Pams["receipts"]["incidents"];
}

export function operatorView({ core, receipts }: Pams): OperatorView {
  const { confirmed, resent } = receipts.notary.figures;
  const peers: OperatorView["peers"][number][] = [];
  for (const overlay of core.overlays.values()) {
    for (const { id, toldUp } of overlay.peers.values()) {
      const account = overlay.ledger.accounts.get(id);
      const oneSided = receipts.isOneSided(overlay, id);
      if (!oneSided && (account?.faults.size ?? 0) === 0) continue;
      if (peers.length >= most) break;
      peers.push({
        overlay_network_id: overlay.id,
        peer_id: id,
        reported: toldUp,
        confirmed: (account?.uploaded ?? 0) / 1000,
        one_sided: oneSided,
        faults: Object.fromEntries(account?.faults ?? []),
      });
    }
  }
  return { receipts: { confirmed, resent, pending: receipts.notary.pending }, peers, incidents: receipts.incidents };
}

/** `GET /operator/reports`, for whoever shows the operator's token; others get 401 and learn nothing. */
export function mountOperatorView(
  app: Express,
  pams: Pams,
  isOperator: (authorization: string | undefined) => boolean,
): void {
  app.get("/operator/reports", (request, response) => {
    if (!isOperator(request.headers.authorization)) {
      response.status(401).set("WWW-Authenticate", 'Bearer realm="pams operator"').end();
      return;
    }
    response.json(operatorView(pams));
  });
}
