import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code, codeName } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import type { EntityId } from "../engine/entity.js";
import { requestType, wantsAnswer } from "../engine/ldmp-dialect.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { decoded, isReply } from "../engine/ldmp-message.js";
import type { Test } from "../engine/test.js";
import { octetsOf } from "../engine/transcript.js";
import type { Heard, LdmpRun } from "./run.js";

/** A test of this kind of product: what is heard in the whole run, and a way to hear something if nothing was. */
export interface Hearing extends Test {
  readonly ldmp: LdmpRun;
  /** An exchange of each kind that the product can be brought to, for when a case is run by itself. */
  converse(): Promise<void>;
}

interface Rule {
  readonly name: string;
  readonly title: string;
  readonly requirements: readonly [RequirementId, ...RequirementId[]];
  /** What else it says, depending on who sends the message. */
  readonly bySender?: Readonly<Partial<Record<EntityId, RequirementId>>>;
  readonly errata?: readonly ErratumId[];
  /** What is judged, and what else has nothing to do with the rule. */
  readonly what: string;
  /** Of the field judged, in octets from the beginning of the message. */
  readonly offset: number;
  about(heard: Heard): boolean;
  /** What is permitted, and what is seen; undefined where the message keeps the rule. */
  broken(heard: Heard, t: Hearing): readonly [permitted: string, seen: string] | undefined;
  /** Octets too few for a message are judged as well. */
  readonly raw?: true;
  /** Breaking it is a remark only (errata of policy `warn`). */
  readonly lenient?: true;
  /** Said once when all is well. */
  remark?(t: Hearing, heard: readonly Heard[]): string | undefined;
}

const anything = (): boolean => true;
const codeOf = ({ answer }: Heard): number => answer.message?.code ?? 0;
const hasPayload = ({ answer }: Heard): boolean => ((answer.octets[0] ?? 0) & 0x08) !== 0;
const bits = (value: number): string => value.toString(2).padStart(2, "0");
const listed: readonly number[] = Object.values(Code);

/** Layout B puts a Length of zero where layout A has nothing. */
const bare = (t: Hearing): number => (t.ldmp.dialect.layout === "B" ? 10 : 8);

const rules: readonly Rule[] = [
  {
    name: "layout",
    title: "a message begins with the common header, and without payload it ends there",
    requirements: ["LDMP-8.1-01", "LDMP-8.1-07", "LDMP-8.1-19"],
    errata: ["E-LDMP-02", "E-LDMP-03"],
    what: "the size of a message whose P is 00",
    offset: 8,
    about: ({ answer: { octets } }) => octets.length > 0 && ((octets[0] ?? 0) & 0x0c) === 0,
    raw: true,
    broken({ answer: { octets }, link }, t) {
      const size = bare(t);
      const zero = size === 8 || (octets[8] === 0 && octets[9] === 0);
      if (octets.length === size && zero) return undefined;
      // A stream has no ends: what is too long shows in the message behind it.
      if (link.protocol === "tcp" && octets.length >= size) return undefined;
      const { layout = "A", layoutFrom } = t.ldmp.dialect;
      return [
        `${size} octets${size === 10 ? ", the last two zero" : ""} (reading ${layout}, ${layoutFrom})`,
        `${octets.length} octets`,
      ];
    },
    remark: (t) =>
      t.ldmp.dialect.layout === "B"
        ? `Length is there without a payload too (reading B of E-LDMP-02, ${t.ldmp.dialect.layoutFrom}); clause 8.1 speaks of 8 octets`
        : undefined,
  },
  {
    name: "version",
    title: "V is 1 in every message",
    requirements: ["LDMP-8.1-02"],
    what: "V of a message",
    offset: 0,
    about: anything,
    broken: ({ answer: { octets } }) =>
      (octets[0] ?? 0) >> 6 === 1 ? undefined : ["V = 1", `V = ${(octets[0] ?? 0) >> 6}`],
  },
  {
    name: "type-of-requests",
    title: "T of Registration, Release, Heartbeat, GET and PUT says that an acknowledgement is wanted",
    requirements: ["LDMP-8.1-03"],
    errata: ["E-LDMP-01"],
    what: "T of a request that wants an acknowledgement",
    offset: 0,
    about: (one) => !isReply(one.answer) && wantsAnswer(codeOf(one)) === true,
    broken: typed(true),
  },
  {
    name: "type-of-notifications",
    title: "T of POST and RESET says that no acknowledgement is wanted",
    requirements: ["LDMP-8.1-04"],
    errata: ["E-LDMP-01", "E-LDMP-24"],
    what: "T of a message that wants no acknowledgement",
    offset: 0,
    about: (one) => wantsAnswer(codeOf(one)) === false,
    broken: typed(false),
  },
  {
    name: "type-of-answers",
    title: "T is 10 in every answer, and only there",
    requirements: ["LDMP-8.1-05"],
    errata: ["E-LDMP-14"],
    what: "T of an answer",
    offset: 0,
    about: ({ answer }) => isReply(answer),
    broken: ({ answer: { message } }) =>
      message?.type === 2 ? undefined : ["T = 10", `T = ${bits(message?.type ?? 0)}`],
  },
  {
    name: "type-reserved",
    title: "T is never 11",
    requirements: ["LDMP-8.1-06"],
    what: "T of a message",
    offset: 0,
    about: anything,
    broken: ({ answer: { message } }) => ((message?.type as number) === 3 ? ["T = 00, 01 or 10", "T = 11"] : undefined),
  },
  {
    name: "type-one-reading",
    title: "T follows one reading of the contradiction between 8.1 and 8.2 in all requests",
    requirements: ["LDMP-8.2-03"],
    errata: ["E-LDMP-01"],
    what: "T of a request, by the reading declared or shown first",
    offset: 0,
    about: (one) => !isReply(one.answer) && wantsAnswer(codeOf(one)) !== undefined,
    broken: (one, t) => typed(wantsAnswer(codeOf(one)) === true)(one, t),
    remark: (t) =>
      t.ldmp.dialect.type === "B"
        ? `T as clause 8.2 has it (reading B of E-LDMP-01, ${t.ldmp.dialect.typeFrom})`
        : undefined,
  },
  {
    name: "payload-type-reserved",
    title: "P is never 01",
    requirements: ["LDMP-8.1-09"],
    errata: ["E-LDMP-09"],
    what: "P of a message",
    offset: 0,
    about: anything,
    broken: ({ answer: { octets } }) =>
      (((octets[0] ?? 0) >> 2) & 3) === 1 ? ["P = 00, 10 or 11", "P = 01"] : undefined,
  },
  {
    name: "reserved-bits",
    title: "R is 00 in every message",
    requirements: ["LDMP-8.1-11"],
    errata: ["E-LDMP-27"],
    what: "R of a message",
    offset: 0,
    about: anything,
    broken: ({ answer: { octets } }) =>
      ((octets[0] ?? 0) & 3) === 0 ? undefined : ["R = 00", `R = ${bits((octets[0] ?? 0) & 3)}`],
    lenient: true,
  },
  {
    name: "code-listed",
    title: "Code is one of Tables 1 to 3 in every message",
    requirements: ["LDMP-8.1-12", "LDMP-8.2-21"],
    errata: ["E-LDMP-10", "E-LDMP-11"],
    what: "Code of a message",
    offset: 1,
    about: anything,
    broken: (one) => (listed.includes(codeOf(one)) ? undefined : ["a Code of Tables 1 to 3", codeName(codeOf(one))]),
  },
  {
    name: "code-class",
    title: "Code has class 0 in requests and class 2 or 4 in acknowledgements",
    requirements: ["LDMP-8.2-02"],
    errata: ["E-LDMP-10"],
    what: "the class of Code, against T",
    offset: 1,
    about: ({ answer }) => answer.message?.type !== undefined,
    broken({ answer: { message } }) {
      const group = (message?.code ?? 0) >> 5;
      const answers = message?.type === 2;
      if (answers ? group === 2 || group === 4 : group === 0) return undefined;
      return [
        answers ? "class 2 or 4 with T = 10" : "class 0 with T = 00 or 01",
        `class ${group} with T = ${bits(message?.type ?? 0)}`,
      ];
    },
  },
  {
    name: "source-id",
    title: "Source ID is the product's own, the same in every message",
    requirements: ["LDMP-8.1-16"],
    bySender: { "ldmp-source-peer": "LDMP-6.2-03", "ldmp-data-source": "LDMP-6.2-01" },
    errata: ["E-LDMP-05"],
    what: "Source ID of a message",
    offset: 4,
    about: anything,
    broken({ answer: { message }, link }, t) {
      const usual = usualSource(t);
      const { sourceId } = message ?? {};
      if (sourceId === usual && sourceId !== link.ownId) return undefined;
      return [
        `Source ID ${usual} as in the others, and not that of the counterpart (${link.ownId})`,
        `Source ID ${sourceId}`,
      ];
    },
  },
  {
    name: "destination-id",
    title: "Destination ID is the counterpart's Source ID",
    requirements: ["LDMP-8.1-17"],
    bySender: { "ldmp-source-peer": "LDMP-6.2-01", "ldmp-data-source": "LDMP-6.2-03" },
    errata: ["E-LDMP-05"],
    what: "Destination ID of a message",
    offset: 6,
    // A data source may learn it from the first answer (E-LDMP-05 B), and until then write 0.
    about: (one) =>
      one.answer.message?.destinationId !== 0 ||
      isReply(one.answer) ||
      (codeOf(one) !== Code.registration && knows(one.link, one.answer)),
    broken({ answer: { message }, link }) {
      const { destinationId = 0 } = message ?? {};
      return destinationId === link.ownId
        ? undefined
        : [`Destination ID ${link.ownId}`, `Destination ID ${destinationId}${swapped(destinationId, link.ownId)}`];
    },
  },
  {
    name: "length",
    title: "Length is the size of the payload",
    requirements: ["LDMP-8.1-18"],
    errata: ["E-LDMP-02", "E-LDMP-03", "E-LDMP-30"],
    what: "Length of a message with payload",
    offset: 8,
    about: hasPayload,
    broken({ answer: { octets } }) {
      const there = octets.length - 10;
      const length = octets.length < 10 ? -1 : Buffer.from(octets).readUInt16BE(8);
      if (length === there) return undefined;
      return [`Length ${Math.max(0, there)}`, length < 0 ? "no Length" : `Length ${length}${swapped(length, there)}`];
    },
    remark: (_, heard) =>
      heard.some(({ answer, link }) => link.protocol === "udp" && answer.octets.length > 1472)
        ? "a datagram is larger than the usual MTU (E-LDMP-30)"
        : undefined,
  },
  {
    name: "payload-type",
    title: "P says whether a payload is text, and text is UTF-8",
    requirements: ["LDMP-8.1-10"],
    errata: ["E-LDMP-30"],
    what: "the payload of a message whose P is 11",
    offset: 10,
    about: ({ answer }) => (((answer.octets[0] ?? 0) >> 2) & 3) === 3,
    broken({ answer: { message } }) {
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(message?.payload);
        return undefined;
      } catch {
        return ["text (UTF-8)", "octets that are no UTF-8"];
      }
    },
  },
];

/**
 * It has learnt the stand-in's identifier: it posts, it is the source peer of one that registered and asks for something, or it has written it in a request since it last began anew with a Registration to
 * nobody in particular. Answers do not count, for they only swap what they answer.
 */
function knows(link: LdmpLink, answer: Answer): boolean {
  const code: number | undefined = answer.message?.code;
  if (code === Code.post || code === Code.get || code === Code.put || code === Code.reset) return true;
  const before = link.arrived.filter((one) => one.at < answer.at && one.message !== undefined && !isReply(one));
  const start = before.findLastIndex(
    ({ message }) => message?.code === Code.registration && message.destinationId === 0,
  );
  return before.slice(start + 1).some(({ message }) => message?.destinationId === link.ownId);
}

function typed(wants: boolean): Rule["broken"] {
  return ({ answer: { message } }, t) => {
    const { type: reading = "A", typeFrom } = t.ldmp.dialect;
    const permitted = requestType(wants, reading);
    return message?.type === permitted
      ? undefined
      : [
          `T = ${bits(permitted)} (reading ${reading}, ${typeFrom})`,
          `T = ${bits(message?.type ?? 0)} in ${codeName(message?.code ?? 0)}`,
        ];
  };
}

/** The Source ID that most of its messages carry. */
function usualSource(t: Hearing): number {
  const counts = new Map<number, number>();
  for (const { answer } of t.ldmp.heard) {
    const id = answer.message?.sourceId;
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** E-LDMP-03: a byte order mistake is a diagnosis of its own. */
export function swapped(seen: number, wanted: number): string {
  return seen !== wanted && seen === (((wanted & 0xff) << 8) | (wanted >> 8))
    ? ": the octets are in the wrong order (little-endian)"
    : "";
}

/** The rules as cases of one entity. They come last, and judge whatever the run has heard until then. */
export function everyMessageCases<T extends Hearing>(
  entity: EntityId,
  define: (definition: CaseDefinition<T>) => CaseDefinition<T>,
): CaseDefinition<T>[] {
  return rules.map((one) => {
    const more = one.bySender?.[entity];
    const rule: Rule = more === undefined ? one : { ...one, requirements: [...one.requirements, more] };
    return define({
      id: `${entity}/header/${rule.name}`,
      title: rule.title,
      requirements: rule.requirements,
      errata: rule.errata ?? [],
      group: "capability",
      alone: true,
      budgetMs: 15_000,
      run: (t) => judge(t, rule),
    });
  });
}

async function judge(t: Hearing, rule: Rule): Promise<void> {
  const those = (): Heard[] =>
    t.ldmp.heard.filter((one) => (rule.raw || one.answer.message !== undefined) && rule.about(one));
  // Run by itself, such a case has little to judge by.
  const few = new Set(t.ldmp.heard.map(({ caseId }) => caseId)).size < 5;
  if (few || those().length === 0) await t.converse();
  const heard = those();
  if (heard.length === 0) t.inconclusive(`the product sent no message to judge ${rule.what} by`);
  const cite = { requirement: rule.requirements, what: rule.what };
  for (const one of heard) {
    const found = rule.broken(one, t);
    if (!found) continue;
    const { octets, outcome } = one.answer;
    const where = one.caseId === t.definition.id ? "" : `, heard in ${one.caseId}`;
    const entry = t.transcript.add("ldmp-received", `${outcome}${where}`, {
      ...octetsOf(octets, "hex"),
      decoded: decoded(octets),
    });
    if (rule.lenient)
      return t.warn(`${rule.what}: ${found[1]} where ${found[0]} is expected${where}`, rule.requirements);
    t.fails(found[0], `${found[1]}${where}`, { ...cite, entry, offset: rule.offset });
  }
  t.step(`${heard.length} messages keep the rule`);
  t.passed(cite);
  const remark = rule.remark?.(t, heard);
  if (remark !== undefined) t.warn(remark, rule.requirements);
}
