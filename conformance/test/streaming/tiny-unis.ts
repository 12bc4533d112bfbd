import type { Exchange, Json, Reply, Tiny } from "./frame.js";

interface Located {
  readonly peer_id: string;
  readonly address: string;
}

const classes = ["same-host", "same-prefix", "other-as", "unknown"] as const;

/** A UNIS in one file: hosts, prefixes of 24 bits, and everything else. */
export class TinyUnis implements Tiny {
  readonly #does: (quirk: string) => boolean;

  constructor(quirk: string) {
    this.#does = (one) => quirk.split("; ").includes(one);
  }

  answer({ operation, body }: Exchange): Reply {
    if (operation === "UNIS_MEASUREMENT_REPORT")
      return { status: 200, body: { measurements: { taken: 0, report_interval: 60 } } };
    const {
      peer,
      peers,
      preferences = {},
    } = body.distance_query as { peer: Located; peers: Located[]; preferences?: Json };
    const prefers = (preferences.prefer ?? []) as string[];
    if (this.#does("refuses words that it does not know") && prefers.includes("by-moonlight")) return { status: 400 };
    const from = this.#does("looks from one place only") ? "192.0.2.1" : plain(peer.address);
    const measured = peers.map(({ peer_id, address }) => {
      const far = farness(from, plain(address));
      return { peer_id, distance: this.#does("tells no numbers") ? "near" : far, class: classes[far] ?? "unknown" };
    });
    const ways = prefers.includes("low-rtt") && !this.#does("weighs no preference") ? -1 : 1;
    const sorted = this.#does("orders nothing")
      ? measured
      : measured.toSorted((a, b) => ways * (Number(a.distance) - Number(b.distance)));
    const ordered = this.#does("puts the farthest first") ? sorted.toReversed() : sorted;
    const most = this.#does("knows no limit") ? undefined : (preferences.max as number | undefined);
    const named = ordered.filter(
      ({ class: one }) => one !== "unknown" || !this.#does("leaves out whom it does not know"),
    );
    const list = this.#does("adds a stranger")
      ? [...named, { peer_id: "stranger", distance: 9, class: "unknown" }]
      : named;
    const twice = this.#does("lists twice") ? [...list, ...list] : list;
    const shown = twice.slice(0, most ?? (this.#does("orders a hundred at most") ? 100 : undefined));
    const classed = this.#does("tells no class") ? shown.map(({ class: _, ...one }) => one) : shown;
    const interval = this.#does("tells no interval")
      ? {}
      : { update_request_interval: this.#does("tells a negative interval") ? -5 : 60 };
    return { status: 200, body: { distances: { peer: classed, ...interval } } };
  }
}

/** The address in `host:port`, in brackets or in a URL. */
function plain(address: string): string {
  const host = address.replace(/^[a-z]+:\/\//, "");
  return /^\[(.*)\]/.exec(host)?.[1] ?? (host.split(":").length === 2 ? (host.split(":")[0] ?? "") : host);
}

function farness(from: string, to: string): number {
  if (!/^[0-9a-f.:]+$/i.test(to)) return 3;
  if (from === to) return 0;
  return from.split(".").slice(0, 3).join(".") === to.split(".").slice(0, 3).join(".") ? 1 : 2;
}
