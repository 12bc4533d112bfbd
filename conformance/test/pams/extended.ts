import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { Twist } from "./proxy.js";
import { bare, withJson } from "./proxy.js";
import type { Json } from "./twists.js";
import { answered, at, edited, is, isObject, overlayIn, peerIn } from "./twists.js";

/** An extended operation [8.2] that the reference lacks, put in front of it, and the defects of it. */
export interface Feature {
  readonly what: string;
  readonly declaration: DeclarationInput;
  readonly only: readonly string[];
  /** `elsewhere` is another address of the same product, `stranger` a product that knows nothing of it. */
  readonly twist: (elsewhere: string, stranger: string) => Twist;
  readonly defects: readonly {
    readonly breaks: RequirementId;
    readonly what: string;
    readonly twist: (elsewhere: string, stranger: string) => Twist;
  }[];
}

const OREG = "PAMP_OVERLAY_NW_REG";
const REG = "PAMP_PEER_REG";
const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";

const ITSELF = "itself";

/** Answers registrations with these addresses. */
function naming(overlays: string | undefined, peers: string | undefined): Twist {
  return edited([OREG, REG], ({ pam_conf_info: info }, request) => {
    const given = is(request, OREG) ? overlays : peers;
    const url = given === ITSELF ? `http://${request.headers.host}` : given;
    if (isObject(info)) info.pams_url = url && `${url}/pams/`;
  });
}

/** Remembers what was reported last, by overlay network and peer, and lets a list answer be made of it. */
function listing(make: (reports: ReadonlyMap<string, Json>, list: Json, condition: Json) => void): Twist {
  const overlays = new Map<string, Map<string, Json>>();
  return async (request, forward) => {
    const reports = overlays.get(overlayIn(request)) ?? new Map<string, Json>();
    overlays.set(overlayIn(request), reports);
    if (is(request, REPORT) && isObject(at(request.json, "peer_status"))) {
      const status = at(request.json, "peer_status") as Json;
      reports.set(peerIn(request), { ...reports.get(peerIn(request)), ...status });
    }
    return await answered([LIST], (answer, asked) => {
      const json = structuredClone(answer.json);
      const list = at(json, "peer_list");
      const condition = at(asked.json, "peer_query_condition");
      if (!isObject(list)) return undefined;
      make(reports, list, isObject(condition) ? condition : {});
      return withJson(answer, json);
    })(request, forward);
  };
}

/** How many peers hold each fragment of the lists reported. */
function counted(reports: ReadonlyMap<string, Json>): Map<number, number> {
  const count = new Map<number, number>();
  for (const status of reports.values()) {
    const held = at(status, "dynamic_status", "fragment_list", "fragment");
    for (const id of Array.isArray(held) ? (held as number[]) : []) count.set(id, (count.get(id) ?? 0) + 1);
  }
  return count;
}

/** Names the fragments that few hold, of those that the second argument keeps. */
const advising = (atMost: (peers: number) => number, kept: (ids: number[]) => number[] = (ids) => ids): Twist =>
  listing((reports, list) => {
    const rare = [...counted(reports)].filter(([, holders]) => holders <= atMost(reports.size)).map(([id]) => id);
    list.fragment_list = { fragment: kept(rare) };
  });

/** Puts first whoever has this upload capacity left. */
const helping = (better: (a: number, b: number) => number): Twist =>
  listing((reports, list, condition) => {
    const [needy] = Array.isArray(condition.peer_id) ? condition.peer_id : [];
    const spare = (status: Json) =>
      Number(at(status, "static_status", "max_up_bw")) - Number(at(status, "dynamic_status", "uploaded"));
    list.peer_id = [...reports]
      .filter(([id]) => id !== needy)
      .sort(([, a], [, b]) => better(spare(a), spare(b)))
      .map(([id]) => id)
      .slice(0, Number(condition.max_peer_num));
  });

/** Looks at the receipt of a report. */
const checking =
  (answer: (sound: boolean) => number | undefined): Twist =>
  async (request, forward) => {
    const receipt = at(request.json, "peer_status", "dynamic_status", "receipt");
    const status = receipt === undefined ? undefined : answer(at(receipt, "signature") === "good");
    return status === undefined ? await forward({}) : bare(status);
  };

const half = (peers: number): number => peers / 2;
const one = (): number => 1;

/** The newest, of those from the last hundred fragments on. */
const newest = (ids: number[]): number[] => ids.filter((id) => id > Math.max(...ids) - 100);

export const features: readonly Feature[] = [
  {
    what: "discovery",
    declaration: { options: { "pams-discovery": true } },
    only: ["pams/discovery"],
    twist: (elsewhere) => naming(elsewhere, elsewhere),
    defects: [
      {
        breaks: "PAMP-8.2.1-04",
        what: "the PAMS named does not know the overlay",
        twist: (_, stranger) => naming(stranger, undefined),
      },
      { breaks: "PAMP-8.2.1-05", what: "an OMS is given no address", twist: () => naming(undefined, undefined) },
      {
        breaks: "PAMP-8.2.1-08",
        what: "the PAMS named does not know the peer",
        twist: (_, stranger) => naming(ITSELF, stranger),
      },
    ],
  },
  {
    what: "helper peers",
    declaration: { options: { "helper-peers": true } },
    only: ["pams/helpers"],
    twist: () => helping((a, b) => b - a),
    defects: [{ breaks: "PAMP-8.2.3-06", what: "the busiest comes first", twist: () => helping((a, b) => a - b) }],
  },
  {
    what: "rarest fragments",
    declaration: { options: { "rarest-fragments": true } },
    only: ["pams/advice/rarest"],
    twist: () => advising(half),
    defects: [
      { breaks: "PAMP-8.2.4-05", what: "every fragment counts as rare", twist: () => advising((peers) => peers) },
      { breaks: "PAMP-8.2.4-06", what: "no fragment is named", twist: () => advising(() => 0) },
      {
        breaks: "PAMP-8.2.4-02",
        what: "what was rare once stays so",
        twist: () => {
          const first = new Map<string, unknown>();
          return listing((reports, list) => {
            const key = [...reports.keys()].join();
            const rare = [...counted(reports)].filter(([, holders]) => holders === 1).map(([id]) => id);
            if (!first.has(key)) first.set(key, rare);
            list.fragment_list = { fragment: first.get(key) };
          });
        },
      },
    ],
  },
  {
    what: "lists for live streaming",
    declaration: { options: { "live-lists": true } },
    only: ["pams/advice/live"],
    twist: () => advising(one, newest),
    defects: [
      {
        breaks: "PAMP-8.2.5-07",
        what: "the oldest is named, not the newest",
        twist: () => advising(one, (ids) => [Math.min(...ids)]),
      },
      { breaks: "PAMP-8.2.5-12", what: "age is not looked at", twist: () => advising(one) },
    ],
  },
  {
    what: "classes of users",
    declaration: { options: { "service-classes": true } },
    only: ["pams/advice/service-classes"],
    // The reference does it.
    twist: () => async (_, forward) => await forward({}),
    defects: [
      {
        breaks: "PAMP-8.2.5-07",
        what: "all classes get one list",
        twist: () =>
          listing((reports, list) => {
            list.peer_id = [...reports.keys()].slice(0, 2);
          }),
      },
    ],
  },
  {
    what: "signed reports",
    declaration: {
      values: {
        "signed-report": JSON.stringify({
          overlay: "an-overlay-with-receipts",
          peers: [
            { peer_id: "alice", type: "PEER", key: "k1" },
            { peer_id: "bob", type: "PEER", key: "k2" },
          ],
          reporter: "bob",
          report: { overlay_event: "STARTED", uploaded: "7", receipt: { signature: "good" } },
          tampered: { path: "receipt.signature", value: "bad" },
        }),
      },
    },
    only: ["pams/signed-reports"],
    twist: () => checking((sound) => (sound ? undefined : 403)),
    defects: [
      { breaks: "PAMP-8.2.6-06", what: "no receipt is good enough", twist: () => checking(() => 403) },
      {
        breaks: "PAMP-8.2.6-14",
        what: "a bad receipt wipes out what the peer reported",
        twist: () => async (request, forward) => {
          const receipt = at(request.json, "peer_status", "dynamic_status", "receipt");
          if (receipt === undefined || at(receipt, "signature") === "good") return await forward({});
          return await forward({
            json: { peer_status: { dynamic_status: { overlay_event: "STOPPED", uploaded: "0" } } },
          });
        },
      },
    ],
  },
];
