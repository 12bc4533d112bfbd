import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import type { HttpTest } from "../engine/http-entity.js";
import { NoAnswer } from "../engine/outcome.js";
import { refuses } from "./answers.js";

/** A message that the server takes, to be damaged. */
export interface Target<T extends HttpTest> {
  /** Last part of the case ids: `registration`. */
  readonly name: string;
  /** The statement that has the server take it. */
  readonly requirement: RequirementId;
  /** What it is sent with; called once for the valid twin and once for the damaged one. */
  prepare(t: T): Promise<{ readonly body: unknown; send(options: HttpSendOptions): Promise<HttpReply> }>;
  /** Remembers what must not change, and judges afterwards that it has not. */
  witness?(t: T): Promise<() => Promise<void>>;
}

interface Text {
  readonly text: string;
}

const damages: readonly { readonly name: string; readonly what: string; readonly delta: (text: string) => string }[] = [
  { name: "cut-short", what: "JSON that ends in its middle", delta: (text) => text.slice(0, -5) },
  { name: "no-json", what: "a body that is no JSON", delta: () => "<session/>" },
  { name: "empty-body", what: "a body of no octets", delta: () => "" },
  { name: "list-body", what: "a JSON list around the message", delta: (text) => `[${text}]` },
  { name: "null-body", what: "a body that is JSON null", delta: () => "null" },
  { name: "no-element", what: "an object without the element", delta: () => "{}" },
];

/** More than any message of the profile needs, and less than would tell a slow network from a slow server. */
const HUGE = 3 * 1024 * 1024;
const DEEP = 20_000;

/** Cases on what is no message at all: refused, and nothing changes; or too much: lived through. */
export function robustnessCases<T extends HttpTest>(
  entity: string,
  define: (definition: CaseDefinition<T>) => CaseDefinition<T>,
  targets: readonly Target<T>[],
): CaseDefinition<T>[] {
  return targets.flatMap((target) => [
    ...damages.map(({ name, what, delta }) =>
      define({
        id: `${entity}/robustness/${target.name}-${name}`,
        title: `${target.name}: ${what} is refused or let pass, harms nothing, and the server goes on`,
        requirements: [target.requirement],
        group: "behaviour",
        // Whoever ends over such a message is known by it, and has answered all others by then.
        alone: true,
        async run(t) {
          const intact = await target.witness?.(t);
          let send: ((options: HttpSendOptions) => Promise<HttpReply>) | undefined;
          await refuses<Text>(t, {
            what: `${target.name} with ${what}`,
            valid: async () => {
              const made = await target.prepare(t);
              send = made.send;
              return { text: JSON.stringify(made.body) };
            },
            send: async ({ text }, as) => {
              if (!send) throw new Error("sent before it was made");
              return await send({ raw: text, contentType: "application/json", ...as });
            },
            delta: ({ text }) => ({ text: delta(text) }),
            tolerated: `${what} is let pass: X.609.10 does not say what becomes of it`,
          });
          await intact?.();
        },
      }),
    ),
    define({
      id: `${entity}/robustness/${target.name}-too-much`,
      title: `${target.name}: a body of ${HUGE / 1024 / 1024} MiB, and one nested ${DEEP} times, are lived through`,
      requirements: [target.requirement],
      group: "behaviour",
      alone: true,
      budgetMs: 30_000,
      async run(t) {
        const intact = await target.witness?.(t);
        for (const [what, raw] of [
          ["a huge body", `{"x":"${"a".repeat(HUGE)}"}`],
          ["a deeply nested body", `${'{"x":'.repeat(DEEP)}1${"}".repeat(DEEP)}`],
        ] as const) {
          const { send } = await target.prepare(t);
          const reply = await orCutOff(() => send({ raw, contentType: "application/json", malformed: true }));
          // Whoever hears too much may hang up before it has all been said.
          if (reply) t.passed({ what: `that ${what} is answered (${reply.status})`, entry: reply.entry });
          else t.passed({ what: `the connection of ${what} is closed` });
          t.that(await t.alive(), "the product still answers afterwards", "it no longer answers", {
            what: `the product after ${what}`,
          });
        }
        await intact?.();
      },
    }),
  ]);
}

async function orCutOff(send: () => Promise<HttpReply>): Promise<HttpReply | undefined> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof NoAnswer) || error.kind !== "closed") throw error;
    return undefined;
  }
}
