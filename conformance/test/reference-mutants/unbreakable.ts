import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { EntityId } from "../../engine/entity.js";

/** A statement that no defect of the reference can break so that a failure shows it. */
export interface Unbreakable {
  readonly entity: EntityId;
  readonly requirement: RequirementId;
  readonly reason: string;
}

const all = (entity: EntityId, reason: string, ...requirements: readonly RequirementId[]): readonly Unbreakable[] =>
  requirements.map((requirement) => ({ entity, requirement, reason }));

const absent = (what: string): string =>
  `the reference does not have ${what}: broken by the throw-away products of conformance/test instead`;

const streaming = "broken by the throw-away servers of conformance/test/streaming, each statement by several defects";

const again =
  "broken for the same product where it is judged on R1 or R5 alone: pamp-oms, and oms in conformance/test/streaming";
const open = "E-DS-12: who holds no index file names no version, so that one that never names any is permitted";
const elsewhere =
  "the request itself is the proof: without it there is nothing to compare, and the reference makes it of one piece";

const remark = "E-LDMP-21: a check that would not have been needed is permitted; the suite remarks on it only";

const proof =
  "the message's coming is the proof: where it does not come, nothing tells a product that cannot from one that was not told";

export const unbreakable: readonly Unbreakable[] = [
  ...all("pams", absent("other PAMSs to name"), "PAMP-8.2.1-04", "PAMP-8.2.1-05", "PAMP-8.2.1-08"),
  ...all(
    "ixs",
    streaming,
    ...(["DS-8.6-a-i", "DS-8.6-a-ii", "DS-8.6-a-iii", "DS-8.6-a-iv", "DS-8.6-a-v", "DS-8.6-a-vi"] as const),
    ...(["DS-8.6-a", "DS-8.6-b", "DS-8.6-c", "DS-8.6-d", "DS-8.6-d-iii"] as const),
    ...(["DS-8.6-e", "DS-8.6-e-i", "DS-8.6-e-ii", "DS-8.6-e-iii", "DS-8.6-e-iv"] as const),
  ),
  ...all("managing-oms", again, "DS-8.1-e-i", "DS-8.5-a", "DS-8.5-c"),
  ...all("peer", open, "DS-8.6-e-i"),
  ...all("peer", elsewhere, "DS-8.12-a"),
  ...all("source-peer", elsewhere, "DS-8.5-02"),
  ...all("ums", streaming, "DS-8.7-a", "DS-8.12-a"),
  ...all("oms", streaming, "PAMP-REQ-ID-03", "DS-8.5-a", "DS-8.5-b", "DS-8.5-c", "DS-8.5-e", "DS-8.5-f"),
  ...all("ldmp-source-peer", remark, "LDMP-7.3-12"),
  ...all("ldmp-data-source", remark, "LDMP-7.3-12"),
  ...all(
    "ldmp-data-source",
    "E-LDMP-26: what a second registration means is open, so that the suite remarks on it only",
    "LDMP-7.1-06",
  ),
  ...all(
    "ldmp-data-source",
    "E-LDMP-32: a Registration that is not asked again by the timer of 9.2 is remarked on only",
    "LDMP-7.1-10",
  ),
  ...all("ldmp-data-source", absent("binary items"), "LDMP-8.1-08"),
  ...all("ldmp-data-source", absent("operations that need a permission"), "LDMP-8.2-15", "LDMP-8.2-16"),
  ...all("pamp-oms", absent("a registration that is repeated"), "DS-8.1-c"),
  ...all("pamp-oms", proof, "PAMP-REQ-GEN-01"),
  ...all("pamp-peer", proof, "PAMP-REQ-GEN-01"),
  ...all(
    "pamp-oms",
    "an OMS with one identifier for all of its overlays cannot be told from one that heeds no wish: inconclusive",
    "PAMP-REQ-ID-03",
  ),
  ...all(
    "pamp-peer",
    "peers with one identifier cannot be told from a product that heeds no wish: inconclusive",
    "PAMP-REQ-ID-01",
  ),
];
