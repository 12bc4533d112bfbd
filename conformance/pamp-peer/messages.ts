import { everyMessageCases } from "../client/every-message.js";
import type { CaseDefinition } from "../engine/case.js";
import type { Member } from "../pamp/every-message.js";
import { pampRules } from "../pamp/every-message.js";
import type { PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { REG, REPORT } from "./session.js";

const dynamic = (path: string, type: Member["type"], more: Partial<Member> = {}): Member => ({
  primitive: REPORT,
  path: `peer_status.dynamic_status.${path}`,
  type,
  ...more,
});

const profile = (name: string, requirement: Member["requirement"]): Member => ({
  primitive: REPORT,
  path: `peer_status.static_status.${name}`,
  type: "NUMBER",
  errata: ["E-PAMP-14"],
  ...(requirement === undefined ? {} : { requirement }),
});

const members: readonly Member[] = [
  { primitive: REG, path: "peer_information.peer_id", type: "STRING", requirement: "PAMP-9.1.3-02" },
  { primitive: REG, path: "peer_information.type", type: "STRING", requirement: "PAMP-9.1.3-03" },
  { primitive: REG, path: "peer_information.delegation_id", type: "STRING" },
  dynamic("overlay_event", "STRING", { words: ["STARTED", "STOPPED", "COMPLETED"] }),
  dynamic("uploaded", "amount", { requirement: "PAMP-9.1.9-04", errata: ["E-PAMP-08"] }),
  dynamic("downloaded", "amount", { requirement: "PAMP-9.1.9-05", errata: ["E-PAMP-08"] }),
  dynamic("left", "amount", { requirement: "PAMP-9.1.9-06", errata: ["E-PAMP-08"] }),
  dynamic("fragment_event", "array", { requirement: "PAMP-9.1.9-07", errata: ["E-PAMP-15"] }),
  dynamic("fragment_event.fragment_event_type", "STRING", {
    each: true,
    words: ["UPLOADED", "DOWNLOADED"],
    requirement: "PAMP-9.1.4-02",
  }),
  dynamic("fragment_event.fragment_id", "fragment-id", {
    each: true,
    requirement: "PAMP-9.1.4-03",
    errata: ["E-PAMP-10"],
  }),
  dynamic("fragment_event.fragment_integrity", "BOOLEAN", { each: true, requirement: "PAMP-9.1.4-04" }),
  dynamic("fragment_event.to", "STRING", { each: true, requirement: "PAMP-9.1.4-05" }),
  dynamic("fragment_event.from", "STRING", { each: true, requirement: "PAMP-9.1.4-06" }),
  dynamic("fragment_list.num_of_fragment", "NUMBER", { requirement: "PAMP-9.1.5-01" }),
  dynamic("fragment_list.fragment_size", "NUMBER", { requirement: "PAMP-9.1.5-02" }),
  dynamic("fragment_list.fragment", "array", { requirement: "PAMP-9.1.5-03" }),
  dynamic("fragment_range.start_fragment_id", "amount", { requirement: "PAMP-9.1.6-01", errata: ["E-PAMP-10"] }),
  dynamic("fragment_range.end_fragment_id", "amount", { requirement: "PAMP-9.1.6-02", errata: ["E-PAMP-10"] }),
  dynamic("num_upload_connection", "NUMBER", { requirement: "PAMP-9.1.9-10", errata: ["E-PAMP-34"] }),
  dynamic("num_download_connection", "NUMBER", { requirement: "PAMP-9.1.9-11", errata: ["E-PAMP-34"] }),
  profile("max_up_bw", "PAMP-9.1.10-01"),
  profile("max_dn_bw", "PAMP-9.1.10-02"),
  profile("max_up_bw_per_net", "PAMP-9.1.10-03"),
  profile("max_dn_bw_per_net", "PAMP-9.1.10-04"),
  profile("max_num_conn_for_up", "PAMP-9.1.10-05"),
  profile("max_num_conn_for_dn", "PAMP-9.1.10-06"),
  profile("max_num_conn_for_up_per_net", "PAMP-9.1.10-07"),
  profile("max_num_active_net", "PAMP-9.1.10-08"),
];

export const messageCases: CaseDefinition<PeerTest>[] = everyMessageCases(
  "pamp-peer",
  defineCase,
  pampRules({
    elements: ["PAMP-9.1.3-01", "PAMP-9.2.3-03", "PAMP-9.2.5-04"],
    members,
    bodiless: { PAMP_PEER_DEREG: "PAMP-9.2.4-02" },
  }),
);
