import { isObject } from "../engine/matchers.js";
import { accepted, elementOf, fragmentsOf, idsOf, refused } from "../pams/answers.js";
import type { PamsTest } from "../pams/case.js";
import type { Json } from "../pams/messages.js";
import { dynamicStatus, fragments, overlayOf, peerOf, reportOf } from "../pams/messages.js";
import { overlayNetwork, peerIn, peersIn } from "../pams/network.js";
import { listPeers, queryPeer, registerOverlay, report } from "../pams/primitives.js";
import type { Observation, Probe } from "./probe.js";

const amountNames = ["uploaded", "downloaded", "left"] as const;

/** The same path in another spelling than the tables', with the member that the readings spell in two ways. */
function respelt(NID: string, segment: "peer" | "peers", PID?: string): string {
  const base = `/pams/${encodeURIComponent(NID)}/${segment}/`;
  return PID === undefined ? base : `${base}${encodeURIComponent(PID)}`;
}

/** E-PAMP-01: a registration at /peer, then the query at /peers; other spellings only where those of the tables are refused. */
async function spelling(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const works = async (registration: "peer" | "peers", query: "peer" | "peers"): Promise<boolean> => {
    const body = peerOf(t);
    const PID = String((body.peer_information as Json).peer_id);
    const registered = await t.http.post(respelt(overlay, registration), { body, malformed: true });
    if (!accepted.test(registered)) return false;
    t.cleanup(`peer ${PID}`, () => t.http.delete(respelt(overlay, query, PID), { malformed: true }));
    const reported = await t.http.put(`${respelt(overlay, registration, PID)}/`, {
      body: reportOf(t, dynamicStatus()),
      malformed: true,
    });
    const found = await t.http.get(respelt(overlay, query, PID), { malformed: true });
    return accepted.test(found) && (accepted.test(reported) || reported.status === 401);
  };
  if (await works("peer", "peers")) return { shows: "A", because: "each primitive is found at its own table's path" };
  if (await works("peers", "peers"))
    return { shows: "C", excludes: ["A", "B"], because: "peers are found under /peers only" };
  if (await works("peer", "peer"))
    return { shows: "B", excludes: ["A", "C"], because: "peers are found under /peer only" };
  return undefined;
}

/** E-PAMP-08: a report with amounts as strings; as numbers only where that is refused. */
async function amounts(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const peer = await peerIn(t, overlay);
  const strings = dynamicStatus();
  const numbers = Object.fromEntries(
    Object.entries(strings).map(([name, value]) =>
      amountNames.some((one) => one === name) ? [name, Number(value)] : [name, value],
    ),
  );
  const send = (dynamic: Json) =>
    report(t, overlay, peer, { peer_status: { dynamic_status: dynamic } }, { malformed: true });
  if (accepted.test(await send(strings))) return { shows: "A", because: "a report with amounts as strings is taken" };
  if (!accepted.test(await send(numbers))) return undefined;
  return {
    shows: "B",
    excludes: ["A"],
    because: "a report is refused with amounts as strings and taken with numbers",
  };
}

/** Members by which an element is known where its name is missing. */
const inner = {
  pam_conf_info: { names: ["pam_conf_info", "pam_conf"], members: ["report_type", "report_interval", "security_key"] },
  peer_list: { names: ["peer_list"], members: ["peer_id", "peer"] },
  peer_status: { names: ["peer_status", "peer_status "], members: ["dynamic_status", "static_status"] },
} as const;

/** E-PAMP-45: three answers with three elements; one alone might be a slip of the product's. */
async function wrapping(t: PamsTest): Promise<Observation | undefined> {
  const overlay = overlayOf(t);
  const NID = String((overlay.overlay_network_information as Json).overlay_network_id);
  const registration = await registerOverlay(t, overlay);
  const peer = await peerIn(t, NID, dynamicStatus());
  const answers = {
    pam_conf_info: registration.json,
    peer_list: (await listPeers(t, NID, { max_peer_num: 5 })).json,
    peer_status: (await queryPeer(t, NID, peer)).json,
  };
  const has = (name: keyof typeof inner, of: "names" | "members"): boolean => {
    const json = answers[name];
    return isObject(json) && inner[name][of].some((one) => json[one] !== undefined);
  };
  const names = Object.keys(inner) as (keyof typeof inner)[];
  const wrapped = names.filter((name) => has(name, "names"));
  const bare = names.filter((name) => !wrapped.includes(name) && has(name, "members"));
  if (bare.length > 1 && wrapped.length === 0) {
    return { shows: "B", excludes: ["A"], because: `${bare.join(" and ")} came as whole bodies` };
  }
  if (bare.length > 0 || wrapped.length < 2) return undefined;
  return { shows: "A", excludes: ["B"], because: `${wrapped.join(" and ")} came in a member of their name` };
}

/** E-PAMP-10: whether a fragment reported as downloaded is found by its number. */
async function events(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const [from = "", to = ""] = await peersIn(
    t,
    overlay,
    [1, 2].map((id) => dynamicStatus({ fragment_list: fragments(id) })),
  );
  const event = { fragment_event_type: "DOWNLOADED", fragment_id: "7", fragment_integrity: true, to, from };
  const reported = await report(t, overlay, to, reportOf(t, dynamicStatus({ fragment_event: [event] })));
  if (!accepted.test(reported)) return undefined;
  const ids = idsOf(t, await listPeers(t, overlay, { fragment_list: fragments(7), max_peer_num: 1 }));
  if (!Array.isArray(ids)) return undefined;
  return ids[0] === to
    ? { shows: "A", because: "a fragment of an event is found by its number" }
    : { shows: "B", excludes: ["A"], because: "a fragment of an event is not found by its number" };
}

/** E-PAMP-27: which way three peers run by each criterion. */
async function directions(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const rising = ["10", "200", "3000"].map((amount) =>
    dynamicStatus({ uploaded: amount, downloaded: amount, left: amount }),
  );
  const peers = await peersIn(t, overlay, rising);
  const ways: string[] = [];
  for (const ordering of ["UPLOADED", "DOWNLOADED", "LEFT"]) {
    const ids = idsOf(t, await listPeers(t, overlay, { ordering, max_peer_num: 10 }));
    const way = same(ids, peers) ? "rising" : same(ids, [...peers].reverse()) ? "falling" : undefined;
    if (way === undefined) return undefined;
    ways.push(way);
  }
  const because = `the amounts are listed ${ways.join(", ")} for uploaded, downloaded, left`;
  if (ways.join() === "falling,falling,rising") return { shows: "A", excludes: ["B"], because };
  return new Set(ways).size === 1 ? { shows: "B", excludes: ["A"], because } : undefined;
}

/** E-PAMP-28: two of three peers named in a condition. */
async function named(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const peers = await peersIn(
    t,
    overlay,
    ["10", "200", "3000"].map((uploaded) => dynamicStatus({ uploaded })),
  );
  const wanted = peers.slice(0, 2);
  const ids = idsOf(t, await listPeers(t, overlay, { ordering: "UPLOADED", peer_id: wanted, max_peer_num: 10 }));
  if (!Array.isArray(ids) || !wanted.every((one) => ids.includes(one))) return undefined;
  return ids.length === 2
    ? { shows: "A", because: "only the peers named are listed" }
    : { shows: "B", excludes: ["A"], because: "others than the peers named are listed too" };
}

/** E-PAMP-30: peers that hold one, both or none of two fragments. */
async function partly(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const held = [[1], [1, 2], [9]].map((ids) => dynamicStatus({ fragment_list: fragments(...ids) }));
  const [half = "", both = "", none = ""] = await peersIn(t, overlay, held);
  const ids = idsOf(t, await listPeers(t, overlay, { fragment_list: fragments(1, 2), max_peer_num: 10 }));
  if (!Array.isArray(ids) || !ids.includes(both)) return undefined;
  const others = ids.filter((one) => one !== both);
  if (others.length === 0) {
    return { shows: "A", excludes: ["B"], because: "a peer that holds one of two fragments is not listed" };
  }
  if (others.includes(none)) {
    return ids[0] === both
      ? {
          shows: "C",
          excludes: ["A", "B"],
          because: "peers without the fragments are listed behind those who have them",
        }
      : undefined;
  }
  return others.includes(half)
    ? { shows: "B", excludes: ["A"], because: "a peer that holds one of two fragments is listed as well" }
    : undefined;
}

/** E-PAMP-35: two reports of one peer against one of another, and what is returned of them. */
async function sums(t: PamsTest): Promise<Observation | undefined> {
  const overlay = await overlayNetwork(t);
  const amounts = ["400", "500", "1"];
  const peers = await peersIn(
    t,
    overlay,
    amounts.map((uploaded) => dynamicStatus({ uploaded })),
  );
  const [twice = "", once = "", least = ""] = peers;
  const again = await report(t, overlay, twice, reportOf(t, dynamicStatus({ uploaded: "400" })));
  if (!accepted.test(again)) return undefined;
  const found = elementOf(t, await queryPeer(t, overlay, twice), "peer_status")?.dynamic_status;
  const returned = isObject(found) ? Number(found.uploaded) : Number.NaN;
  const ids = idsOf(t, await listPeers(t, overlay, { ordering: "UPLOADED", max_peer_num: 10 }));
  const order = (peers: readonly string[]) => same(ids, peers) || same(ids, [...peers].reverse());
  const because = `after two reports of 400 a query gives ${returned}, and the order of the list is ${
    order([twice, once, least]) ? "by the sum" : order([once, twice, least]) ? "by the last" : "neither"
  }`;
  if (order([twice, once, least])) {
    if (returned === 800) return { shows: "B", excludes: ["C", "A"], because };
    return returned === 400 ? { shows: "A", excludes: ["B", "C"], because } : undefined;
  }
  return order([once, twice, least]) && returned === 400 ? { shows: "C", excludes: ["A", "B"], because } : undefined;
}

/** E-X-01: the same registration a second time. */
async function repeated(t: PamsTest): Promise<Observation | undefined> {
  const body = overlayOf(t);
  if (!accepted.test(await registerOverlay(t, body))) return undefined;
  const again = await registerOverlay(t, body);
  const because = `a repeated registration of an overlay network got ${again.status}`;
  if (accepted.test(again)) return { shows: "A", excludes: ["B"], because };
  return refused.test(again) ? { shows: "B", because } : undefined;
}

/** Fragments that a list answer advises, among peers one of which alone holds `rare`, all of them the others. */
async function advised(t: PamsTest, content_type: "FILE" | "STREAM", rare: number): Promise<number[] | undefined> {
  const overlay = await overlayNetwork(t, { content_type });
  const common = content_type === "FILE" ? Array.from({ length: 20 }, (_, i) => i + 101) : [101, 102, 103, 104];
  const held = [common, [...common, rare], common, common, common];
  const peers = await peersIn(
    t,
    overlay,
    held.map((ids) => dynamicStatus({ fragment_list: fragments(...ids) })),
  );
  const more = content_type === "FILE" ? {} : { service_class: 1 };
  const reply = await listPeers(t, overlay, { peer_id: peers, ordering: "UPLOADED", max_peer_num: 10, ...more });
  const list = elementOf(t, reply, "peer_list");
  return list && accepted.test(reply) ? [...fragmentsOf(list)] : undefined;
}

/** Whether a list answer names the one fragment that is rare, or new; without any fragment it names none. */
function advice(type: "FILE" | "STREAM", fragment: number) {
  return async (t: PamsTest): Promise<Observation | undefined> => {
    const found = await advised(t, type, fragment);
    if (!found) return undefined;
    if (found.length === 0) return { shows: false, because: `a list answer of type ${type} names no fragment` };
    return found.includes(fragment)
      ? { shows: true, because: `a list answer of type ${type} names fragment ${fragment}, which one peer holds` }
      : undefined;
  };
}

function same(ids: unknown, peers: readonly string[]): boolean {
  return JSON.stringify(ids) === JSON.stringify(peers);
}

/** What tells which reading a PAMS has. Those that change how the suite talks come before the cases. */
export const pamsProbes: readonly Probe<PamsTest>[] = [
  { item: "readings.E-PAMP-01", requirement: "PAMP-9.2.3-02", adopt: true, observe: spelling },
  { item: "readings.E-PAMP-08", requirement: "PAMP-9.1.9-04", adopt: true, observe: amounts },
  { item: "readings.E-PAMP-45", requirement: "PAMP-9.2.1-03", adopt: true, observe: wrapping },
  { item: "readings.E-PAMP-10", requirement: "PAMP-9.1.7-07", observe: events },
  { item: "readings.E-PAMP-27", requirement: "PAMP-9.1.7-04", observe: directions },
  { item: "readings.E-PAMP-28", requirement: "PAMP-9.1.7-05", observe: named },
  { item: "readings.E-PAMP-30", requirement: "PAMP-9.1.7-07", observe: partly },
  { item: "readings.E-PAMP-35", requirement: "PAMP-9.1.7-04", observe: sums },
  { item: "options.rarest-fragments", requirement: "PAMP-8.2.4-05", observe: advice("FILE", 121) },
  { item: "options.live-lists", requirement: "PAMP-8.2.5-07", observe: advice("STREAM", 205) },
  { item: "readings.E-X-01", requirement: "PAMP-9.2.1-07", observe: repeated },
];
