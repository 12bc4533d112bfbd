import { everyMessageCases } from "../client/every-message.js";
import type { CaseDefinition } from "../engine/case.js";
import type { Member } from "../pamp/every-message.js";
import { pampRules } from "../pamp/every-message.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import { LIST, REG } from "./session.js";

const condition = (path: string, type: Member["type"], more: Partial<Member> = {}): Member => ({
  primitive: LIST,
  path: `peer_query_condition.${path}`,
  type,
  ...more,
});

const members: readonly Member[] = [
  {
    primitive: REG,
    path: "overlay_network_information.overlay_network_id",
    type: "STRING",
    requirement: "PAMP-9.1.2-02",
  },
  { primitive: REG, path: "overlay_network_information.content_type", type: "STRING", requirement: "PAMP-9.1.2-03" },
  condition("overlay_status", "STRING", { words: ["COMPLETED", "STARTED", "STOPPED"] }),
  condition("max_peer_num", "NUMBER"),
  condition("ordering", "STRING", { words: ["UPLOADED", "DOWNLOADED", "LEFT"] }),
  condition("peer_id", "array"),
  condition("service_class", "NUMBER"),
  condition("fragment_list.fragment", "array", { requirement: "PAMP-9.1.5-03" }),
  condition("fragment_range.start_fragment_id", "amount", { requirement: "PAMP-9.1.6-01", errata: ["E-PAMP-10"] }),
  condition("fragment_range.end_fragment_id", "amount", { requirement: "PAMP-9.1.6-02", errata: ["E-PAMP-10"] }),
];

export const messageCases: CaseDefinition<OmsTest>[] = everyMessageCases(
  "pamp-oms",
  defineCase,
  pampRules({
    elements: ["PAMP-9.1.2-01", "PAMP-9.2.1-03"],
    members,
    bodiless: { PAMP_OVERLAY_NW_DEREG: "PAMP-9.2.2-02", PAMP_PEER_INFO_QUERY: "PAMP-9.2.7-02" },
  }),
);
