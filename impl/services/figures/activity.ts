import { createPampClient } from "../../../generated/pamp/index.js";
import type { Finding, Production } from "../stage/direct.js";
import { atPams, createOverlay, holding, report } from "./overlay.js";

/** The basic operations of PAMP: figures 3 to 6 of X.609.1 [8.1]. */
export async function activityFigures(production: Production): Promise<readonly Finding[]> {
  const pams = String(production.urls.pams);
  const client = createPampClient({ baseUrl: pams });
  const overlay = await createOverlay(production);
  const params = { NID: overlay.id };
  const registered = await atPams(pams, overlay.id, true);

  const peer = await overlay.member("figure-4");
  const found = (await client.PAMP_PEER_INFO_QUERY({ params: { ...params, PID: "figure-4" } })).status;

  await report(peer, { static_status: { max_up_bw: 1000, max_dn_bw: 8000, max_num_conn_for_up: 10 } });
  await report(peer, holding(1, 2, 3));
  const one = await client.PAMP_PEER_INFO_QUERY({ params: { ...params, PID: "figure-4" } });
  const status = one.status === 200 ? one.body.peer_status : {};
  const list = await client.PAMP_PEER_LIST_QUERY({ params, body: { peer_query_condition: { max_peer_num: 10 } } });
  const listed = list.status === 200 ? (list.body.peer_list.peer_id ?? []) : [];

  await peer.stop();
  const left = (await client.PAMP_PEER_INFO_QUERY({ params: { ...params, PID: "figure-4" } })).status;
  await overlay.remove();
  const gone = !(await atPams(pams, overlay.id, false));
  return [
    {
      what: "X.609.1 figure 3: an overlay network is registered and deregistered by the OMS",
      holds: registered && gone,
      seen: `${registered ? "known" : "unknown"}, then ${gone ? "unknown" : "known"}`,
    },
    {
      what: "X.609.1 figure 4: a peer registers and deregisters",
      holds: found === 200 && left !== 200,
      seen: `${found}, then ${left}`,
    },
    {
      what: "X.609.1 figure 5: the status of one peer, and a list of peers",
      holds: one.status === 200 && listed.includes("figure-4"),
      seen: `${one.status}, ${listed.length} listed`,
    },
    {
      what: "X.609.1 figure 6: a static report, then a dynamic one",
      holds: status.static_status?.max_up_bw === 1000 && status.dynamic_status?.fragment_list?.fragment?.length === 3,
      seen: JSON.stringify(status),
    },
  ];
}
