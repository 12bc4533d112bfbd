import { isObject } from "../engine/matchers.js";
import type { PamsTest } from "./case.js";

/** A JSON object on its way to the product, or from it. */
export type Json = Record<string, unknown>;

/** An overlay registration [X.609.1 9.2.1.1 Table 1]. */
export function overlayOf(t: PamsTest, more: Json = {}): Json {
  return {
    overlay_network_information: { overlay_network_id: t.unique("overlay"), content_type: "FILE", ...more },
  };
}

/** A peer registration [9.2.3.1 Table 5]. */
export function peerOf(t: PamsTest, more: Json = {}): Json {
  return { peer_information: { peer_id: t.unique("peer"), type: "PEER", ...more } };
}

/** A status report [9.2.5.1 Table 9] of the parts given. */
export function reportOf(t: PamsTest, dynamic?: Json, profile?: Json): Json {
  return {
    peer_status: {
      ...(dynamic === undefined ? {} : { dynamic_status: inDialect(t, dynamic) }),
      ...(profile === undefined ? {} : { static_status: profile }),
    },
  };
}

/** A dynamic status with amounts that are told apart [9.1.9]. */
export function dynamicStatus(more: Json = {}): Json {
  return {
    overlay_event: "STARTED",
    uploaded: "10000",
    downloaded: "50000",
    left: "40000",
    num_upload_connection: 10,
    num_download_connection: 12,
    ...more,
  };
}

/** A static status in which no two values are the same [9.1.10]. */
export function staticStatus(more: Json = {}): Json {
  return {
    max_up_bw: 1000,
    max_dn_bw: 5000,
    max_up_bw_per_net: 100,
    max_dn_bw_per_net: 500,
    max_num_conn_for_up: 50,
    max_num_conn_for_dn: 60,
    max_num_conn_for_up_per_net: 40,
    max_num_active_net: 20,
    ...more,
  };
}

/** `{ fragment: [1, 2] }`, with nothing else: so queries have to be [9.2.6.1 Table 11 footnote]. */
export function fragments(...ids: readonly number[]): Json {
  return { fragment: ids };
}

export function range(start: number, end: number): Json {
  return { start_fragment_id: start, end_fragment_id: end };
}

/** Amounts in the type that the product is declared to take (E-PAMP-08). */
function inDialect(t: PamsTest, dynamic: Json): Json {
  if (t.declared.reading("E-PAMP-08") === "A") return dynamic;
  return Object.fromEntries(
    Object.entries(dynamic).map(([name, value]) =>
      ["uploaded", "downloaded", "left"].includes(name) ? [name, Number(value)] : [name, value],
    ),
  );
}

/** The identifier in a registration, if it has one that can stand in a path. */
export function idIn(body: unknown, element: "overlay_network_information" | "peer_information"): string | undefined {
  const inner = isObject(body) ? body[element] : undefined;
  if (!isObject(inner)) return undefined;
  const id = element === "peer_information" ? inner.peer_id : inner.overlay_network_id;
  return typeof id === "string" && id !== "" ? id : undefined;
}
