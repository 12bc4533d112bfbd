import type { Document, Requirement, RequirementId } from "../../generated/catalogue/requirements.js";
import { requirements } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import type { EntityId, EntityUnderTest } from "../engine/entity.js";
import type { Classification, Product, Reason } from "./classification.js";
import { q4100 } from "./q.4100.js";
import { q4103 } from "./q.4103.js";
import { x6091 } from "./x.609.1.js";
import { x6098 } from "./x.609.8.js";
import { x60910 } from "./x.609.10.js";

/** judged: by at least one case; unclassified: neither case nor reason, which is a fault of the suite. */
export type CoverageState = "judged" | Reason["state"] | "unclassified";

/** One statement as it concerns one kind of product. */
export interface CoverageRow {
  readonly requirement: Requirement;
  readonly product: Product;
  /** One that judges the product, with cases on the statement where there are any. Undefined: the suite judges no such product. */
  readonly entity: EntityId | undefined;
  readonly state: CoverageState;
  readonly cases: readonly string[];
  /** Undefined where a case judges, and where there has to be one and is none. */
  readonly why: Reason | undefined;
}

type Entities = Readonly<Record<EntityId, EntityUnderTest>>;

/** Whom `any` binds, by document. */
const ends: Readonly<Record<Document, readonly Product[]>> = {
  "X.609.1": ["pams", "oms", "peer"],
  "X.609.8": ["source-peer", "data-source"],
  "X.609.10": ["pams", "oms", "peer", "source-peer", "data-source", "ixs", "unis", "ums", "cs"],
  "Q.4103": ["homs", "hybrid-peer"],
  "Q.4100": ["homs", "hybrid-peer"],
};

/** What has been written down about statements that no case judges, in one. */
export const classification: Classification = { ...x6091, ...x6098, ...x60910, ...q4103, ...q4100 };

/** The products that a statement binds, each once. */
export function boundBy({ doc, actor, alsoJudged = [] }: Requirement): Product[] {
  return [...new Set([actor, ...alsoJudged].flatMap((one) => (one === "any" ? ends[doc] : [one])))];
}

/** Every statement of the catalogue, once for each product that it binds, with the cases that judge it, or why none does. */
export function coverageOf(entities: Entities, written: Classification = classification): CoverageRow[] {
  const claims = Object.values(entities).map((entity) => ({ entity, claimed: claimsOf(entity) }));
  return requirements.flatMap((requirement) =>
    boundBy(requirement).map((product): CoverageRow => {
      // A product may be judged at several reference points, each an entity of its own.
      const own = claims.filter(({ entity }) => entity.actor === product);
      const cases = own.flatMap(({ claimed }) => claimed.get(requirement.id) ?? []);
      const { entity } =
        own.find(({ claimed }) => claimed.has(requirement.id)) ??
        own.find(({ entity: { documents } }) => documents[0] === requirement.doc) ??
        own[0] ??
        {};
      const why = cases.length > 0 ? undefined : reasonFor(written, requirement.id, product);
      const state = cases.length > 0 ? "judged" : (why?.state ?? "unclassified");
      return { requirement, product, entity: entity?.id, state, cases, why };
    }),
  );
}

/** What is claimed or written down in vain, each in a sentence: a claim on a statement that binds others, a reason that nothing needs. */
export function faultsOf(entities: Entities, written: Classification = classification): string[] {
  const byId = new Map<RequirementId, Requirement>(requirements.map((one) => [one.id, one]));
  const rows = coverageOf(entities, written);
  const claims = Object.values(entities).flatMap(({ id: entity, actor, cases }) =>
    (cases as readonly CaseDefinition[]).flatMap(({ id, requirements: claimed }) =>
      claimed.flatMap((one) => {
        const statement = byId.get(one);
        return statement && !boundBy(statement).includes(actor as Product)
          ? [`${id} claims ${one}, which does not bind ${entity}`]
          : [];
      }),
    ),
  );
  const reasons = (Object.keys(written) as RequirementId[]).flatMap((id) => {
    const own = rows.filter(({ requirement }) => requirement.id === id);
    const used = new Set(own.flatMap(({ why }) => (why ? [why] : [])));
    const unused = reasonsIn(written, id).filter((reason) => !used.has(reason));
    const strange = [...used].filter(
      (reason) => reason.state === "ambiguous" && !byId.get(id)?.errata.includes(reason.erratum),
    );
    return [
      ...unused.map(({ reason }) => `the reason for ${id} is stale, or for a product that it does not bind: ${reason}`),
      ...strange.map(({ reason }) => `${id} does not depend on the erratum of its reason: ${reason}`),
    ];
  });
  return [...claims, ...reasons];
}

function claimsOf({ cases }: EntityUnderTest): Map<RequirementId, string[]> {
  const found = new Map<RequirementId, string[]>();
  for (const one of cases as readonly CaseDefinition[]) {
    for (const id of one.requirements) found.set(id, [...(found.get(id) ?? []), one.id]);
  }
  return found;
}

function isReason(entry: Classification[RequirementId]): entry is Reason {
  return entry !== undefined && "state" in entry;
}

function reasonsIn(written: Classification, id: RequirementId): Reason[] {
  const entry = written[id];
  return entry === undefined ? [] : isReason(entry) ? [entry] : Object.values(entry);
}

function reasonFor(written: Classification, id: RequirementId, product: Product): Reason | undefined {
  const entry = written[id];
  return isReason(entry) ? entry : entry?.[product];
}
