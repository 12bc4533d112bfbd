import { unwrap } from "../../../generated/runtime/http-result.js";
import { createUmsClient } from "../../../generated/ums/index.js";
import type { Finding, Production } from "../stage/direct.js";
import { ask, createOverlay, holding } from "./overlay.js";

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at);

/** Figure 8: who has the fragments that a peer cannot get [8.2.2]. */
export async function holders(production: Production): Promise<Finding> {
  const overlay = await createOverlay(production);
  await overlay.member("has-none", { status: holding(1, 2) });
  await overlay.member("has-both", { status: holding(1, 7, 8) });
  const asker = await overlay.member("asks", { status: holding(1) });
  const byList = await ask(asker, { fragment_list: { fragment: [7, 8] } });
  const byRange = await ask(asker, { fragment_range: { start_fragment_id: 7, end_fragment_id: 8 } });
  await overlay.remove();
  const members = ({ peers }: { peers: readonly string[] }) => peers.filter((one) => one.startsWith("has-"));
  return {
    what: "X.609.1 figure 8: peers that hold given fragments, by list and by range",
    holds: String(members(byList)) === "has-both" && String(members(byRange)) === "has-both",
    seen: `${members(byList)} and ${members(byRange)}`,
  };
}

/** Figure 9: a peer that is served badly is helped by those with room [8.2.3]. */
export async function helpers(production: Production): Promise<Finding> {
  const overlay = await createOverlay(production);
  const seeds = {
    overlay_event: "COMPLETED",
    left: "0",
    downloaded: "0",
    fragment_range: { start_fragment_id: 0, end_fragment_id: 99 },
  };
  await overlay.member("busy", {
    status: {
      dynamic_status: { ...seeds, uploaded: "100000", num_upload_connection: 0 },
      static_status: { max_up_bw: 100, max_num_conn_for_up: 4 },
    },
  });
  await overlay.member("idle", {
    status: {
      dynamic_status: { ...seeds, uploaded: "0", num_upload_connection: 50 },
      static_status: { max_up_bw: 100_000, max_num_conn_for_up: 50 },
    },
  });
  const needy = await overlay.member("needy", {
    status: {
      dynamic_status: { overlay_event: "STARTED", uploaded: "0", downloaded: "1", left: "100000" },
      static_status: { max_dn_bw: 100_000 },
    },
  });
  const { peers } = await ask(needy, { max_peer_num: 10 });
  await overlay.remove();
  const order = peers.filter((one) => one === "idle" || one === "busy");
  return {
    what: "X.609.1 figure 9: a peer with poor service is told of a helper first",
    holds: order[0] === "idle",
    seen: order.join(", "),
  };
}

/** Figures 10 and 11: the fragments that few have are to be fetched first [8.2.4]. */
export async function rarest(production: Production): Promise<Finding> {
  const overlay = await createOverlay(production);
  const common = upTo(20).filter((one) => one !== 13);
  for (const name of ["a", "b", "c", "d"]) await overlay.member(name, { status: holding(...common) });
  await overlay.member("e", { status: holding(...upTo(20)) });
  const newcomer = await overlay.member("newcomer");
  const { fragments } = await ask(newcomer, { max_peer_num: 10 });
  await overlay.remove();
  return {
    what: "X.609.1 figures 10 and 11: the rarest fragment is named with the list",
    holds: String(fragments) === "13",
    seen: `fragments ${fragments.join(", ") || "none"}`,
  };
}

/** Figure 12: users of a better class are nearer to what is new [8.2.5]. */
export async function classes(production: Production): Promise<Finding> {
  const ums = createUmsClient({ baseUrl: String(production.urls.ums), auth: { bearer: "operator" } });
  for (const [UID, service_class] of [
    ["gold", 1],
    ["bronze", 3],
  ] as const) {
    unwrap(
      await ums.UMS_USER_PUT({ params: { UID }, body: { user: { credential: `secret-of-${UID}`, service_class } } }),
    );
  }
  const channel = {
    title: "A live stream",
    ixs_url: String(production.urls.ixs),
    data_source_id: "camera",
    data_id: "1",
  };
  const users = [{ user_id: "gold" }, { user_id: "bronze" }];
  unwrap(await ums.UMS_CHANNEL_PUT({ params: { CID: "live" }, body: { channel: { ...channel, users } } }));
  const overlay = await createOverlay(production, {
    content_type: "STREAM",
    service_classes: true,
    ums_session: "live",
  });
  const user = (user_id: string) => ({ join: { user_id, user_credential: `secret-of-${user_id}` } });
  for (const [at, name] of ["a", "b", "c", "d", "e", "f"].entries()) {
    const status = {
      dynamic_status: {
        overlay_event: "STARTED",
        uploaded: String(100_000 * (6 - at)),
        downloaded: "0",
        fragment_range: { start_fragment_id: 0, end_fragment_id: 100 },
      },
    };
    await overlay.member(name, { ...user("gold"), status });
  }
  const [first, second] = [
    await overlay.member("gold-peer", user("gold")),
    await overlay.member("bronze-peer", user("bronze")),
  ];
  const best = await ask(first, { max_peer_num: 3 });
  const other = await ask(second, { max_peer_num: 3 });
  await overlay.remove();
  await ums.UMS_CHANNEL_DELETE({ params: { CID: "live" } });
  for (const UID of ["gold", "bronze"]) await ums.UMS_USER_DELETE({ params: { UID } });
  const newest = (fragments: readonly number[]): number => Math.max(-1, ...fragments);
  return {
    what: "X.609.1 figure 12: lists and fragments of a live stream by the class of the user, from the UMS",
    holds: newest(best.fragments) > newest(other.fragments) && String(best.peers) !== String(other.peers),
    seen: `class 1: ${best.peers} up to fragment ${newest(best.fragments)}; class 3: ${other.peers} up to ${newest(other.fragments)}`,
  };
}
