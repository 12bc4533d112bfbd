import type { R2Answer } from "../engine/r2-message.js";
import { faultIn } from "../engine/r2-own.js";
import { octetsOf } from "../engine/transcript.js";
import { budget, defineCase, type PeerTest } from "./case.js";

/** Fewer messages heard than this: a case is run by itself, and has to hear something first. */
const FEW = 20;

/** Brings the product to say something of most kinds. */
async function converse(t: PeerTest): Promise<void> {
  const { iut, parent } = await t.child({ children: 1, later: ["send"] });
  await t.send(iut, t.unique("own"));
  await parent.link.over(1_000);
}

interface Rule {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly without?: readonly string[];
  /** What is permitted, and what is seen; undefined where the message keeps the rule. */
  broken(message: R2Answer): readonly [permitted: string, seen: string] | undefined;
}

const rules: readonly Rule[] = [
  {
    name: "frames",
    title: "every frame has a header of the length it says, which is a JSON object with a code",
    what: "its frames",
    broken: ({ fault }) => (fault === undefined ? undefined : ["a frame of the declared profile", fault]),
  },
  {
    name: "fields",
    title: "every message has the members that its code asks for, of their types",
    what: "the members of its messages",
    // Other profiles lack members that the schemas of p23 ask for.
    without: ["p22", "p20"],
    broken: ({ code, header, fault }) => {
      const found = fault === undefined ? faultIn(code, header) : undefined;
      return found === undefined ? undefined : [`code ${code} as specified in spec/hybrid-peer`, found];
    },
  },
];

/** What holds for every message, judged on all that the run heard; these cases come last and alone. */
export const everyMessageCases = rules.map(({ name, title, what, without = [], broken }) =>
  defineCase({
    id: `hybrid-peer/messages/${name}`,
    title,
    requirements: ["HP2P-7.2.5.1-01"],
    profile: true,
    without,
    group: "capability",
    alone: true,
    budgetMs: budget({ entries: 2, acts: 3 }),
    async run(t) {
      if (t.heard.length < FEW) await converse(t).catch(() => t.step("no conversation came about"));
      const heard = [...t.heard];
      if (heard.length === 0) t.inconclusive("the product has said nothing");
      for (const { caseId, message } of heard) {
        const found = broken(message);
        if (!found) continue;
        const octets = octetsOf(message.frame?.octets ?? new Uint8Array(), "hex");
        const where = caseId === t.definition.id ? "" : `, heard in ${caseId}`;
        const entry = t.transcript.add("r2-received", `${message.outcome}${where}`, octets);
        t.fails(found[0], `${found[1]}${where}`, { what, entry });
      }
      t.step(`${heard.length} messages keep the rule`);
      t.passed({ what });
    },
  }),
);
