import type { HybridPeer, Membership, PeerNetwork } from "../../hybrid-peer/index.js";
import { handOver } from "../../hybrid-peer/index.js";
import { print, UsageError } from "../output.js";
import { printable } from "../printable.js";
import { defined } from "../values.js";
import type { Options } from "./hybrid-peer-options.js";

/**
 * `--hand-over-to`: what this peer receives goes on into a sub-overlay whose source it is [Q.4100 8.3]. One that is named by its title
 * and not there yet is created.
 */
export async function bridge(peer: HybridPeer, membership: Membership, options: Options, json: boolean): Promise<void> {
  const { handOverTo, handOverShape, appId } = options as Record<string, string | undefined>;
  if (handOverTo === undefined) return;
  const from = networkOf(membership);
  const found = await peer.query();
  const known =
    found.find((one) => one.overlayId === handOverTo) ??
    found.find((one) => one.title === handOverTo && one.ownerId === peer.peerId);
  const other = found.find((one) => one.title === handOverTo);
  if (known === undefined && other !== undefined) {
    throw new UsageError(
      `${handOverTo} belongs to ${other.ownerId ?? "another peer"}: only its owner is its source. Start this peer with its --peer-id, or choose another title`,
    );
  }
  const subType = handOverShape === "mesh" ? "mesh" : "tree";
  const { crPolicy } = membership.overlay;
  const created =
    known === undefined
      ? await peer.create({
          title: handOverTo,
          type: "sub",
          subType,
          crPolicy: { mN_Cache: 1000, mD_Cache: 0, "recovery-by": "pull", ...crPolicy },
        })
      : undefined;
  const { overlayId } = known ?? (created as NonNullable<typeof created>).overlay;
  const to = networkOf(await peer.join({ overlayId }));
  handOver(from, to, {
    ...(appId !== undefined && { appIds: [appId] }),
    onError: (error) => process.stderr.write(`not handed over: ${printable(error.message)}\n`),
  });
  const said = {
    event: "handing-over",
    from: membership.overlay.overlayId,
    to: overlayId,
    ...defined({ "app-id": appId }),
  };
  print(json ? said : `hands over what it receives to ${overlayId} (${handOverTo})`, json);
}

function networkOf({ network }: Membership): PeerNetwork {
  if (network === undefined) throw new UsageError("--hand-over-to needs paths to other peers: leave --no-listen out");
  return network;
}
