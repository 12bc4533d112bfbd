import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import type { EntityId } from "../engine/entity.js";
import { NotApplicable } from "../engine/outcome.js";
import { octetsOf } from "../engine/transcript.js";
import type { ClientTest } from "./client.js";
import type { ClientRequest } from "./request.js";

/** What holds for every message, or for every one of a kind; judged on all that the product sent in the run. */
export interface Rule {
  /** Of the case: `<entity>/messages/<name>`. */
  readonly name: string;
  readonly title: string;
  readonly requirements: readonly [RequirementId, ...RequirementId[]];
  readonly errata?: readonly ErratumId[];
  /** What is judged, to be read after "judges". */
  readonly what: string;
  /** Which messages it is about; the others have nothing to do with it. */
  about(request: ClientRequest): boolean;
  /** What is permitted, and what is seen; undefined where the message keeps the rule. */
  broken(request: ClientRequest, t: ClientTest): readonly [permitted: string, seen: string] | undefined;
  /** Permitted but not preferred: a remark, made once. */
  odd?(request: ClientRequest, t: ClientTest): string | undefined;
  /** Breaking it is a remark only (errata of policy `warn`). */
  readonly lenient?: true;
  /** The product need not send what it is about: then it is n/a, not inconclusive. */
  readonly optional?: true;
}

/** A test of a product that can be brought to send something of everything, for when a case is run by itself. */
export interface Talkative extends ClientTest {
  converse(): Promise<void>;
}

/** Fewer cases heard than this: a case is run by itself, and has to hear something first. */
const FEW = 3;

/** The rules as cases of one entity. They come last and alone. */
export function everyMessageCases<T extends Talkative>(
  entity: EntityId,
  define: (definition: CaseDefinition<T>) => CaseDefinition<T>,
  rules: readonly Rule[],
): CaseDefinition<T>[] {
  return rules.map((rule) =>
    define({
      id: `${entity}/messages/${rule.name}`,
      title: rule.title,
      requirements: rule.requirements,
      errata: rule.errata ?? [],
      group: "capability",
      alone: true,
      budgetMs: (declared) => 8_000 + 2_000 * (declared.value("acts-within" as never) as number),
      run: (t) => judge(t, rule),
    }),
  );
}

async function judge(t: Talkative, rule: Rule): Promise<void> {
  const those = () => t.run.heard.filter(({ request }) => rule.about(request));
  if (new Set(t.run.heard.map(({ caseId }) => caseId)).size < FEW) await t.converse();
  const heard = those();
  if (heard.length === 0) {
    if (rule.optional) throw new NotApplicable(`the product never sent what ${rule.what} is about, and need not`);
    t.inconclusive(`the product sent no message to judge ${rule.what} by`);
  }
  const cite = { requirement: rule.requirements, what: rule.what };
  let odd: string | undefined;
  for (const { caseId, request } of heard) {
    const found = rule.broken(request, t);
    odd ??= rule.odd?.(request, t);
    if (!found) continue;
    const where = caseId === t.definition.id ? "" : `, heard in ${caseId}`;
    const entry = t.transcript.add("http-request", `${request.outcome}${where}`, octetsOf(request.arrived.octets));
    if (rule.lenient) {
      t.warn(`${rule.what}: ${found[1]} where ${found[0]} is expected${where}`, rule.requirements);
      return;
    }
    t.fails(found[0], `${found[1]}${where}`, { ...cite, entry });
  }
  t.step(`${heard.length} messages keep the rule`);
  t.passed(cite);
  if (odd !== undefined) t.warn(odd, rule.requirements);
}
