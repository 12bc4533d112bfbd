import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { codeName } from "../../generated/ldmp/index.js";
import type { timersOf } from "../engine/ldmp-declaration.js";
import type { Answer } from "../engine/ldmp-message.js";
import type { Test } from "../engine/test.js";
import { SLACK_MS, seconds } from "./waits.js";

/** Judges how often and when a request without any answer was sent: [9.2, 9.3], E-LDMP-19. */
export function judgeRepeats(
  t: Test,
  sent: readonly Answer[],
  timers: ReturnType<typeof timersOf>,
  cites: {
    readonly repeated: readonly RequirementId[];
    readonly spacing: RequirementId;
    readonly count: RequirementId;
  },
): void {
  const { retransmissionMs, retransmissions } = timers;
  const [first] = sent;
  if (!first) throw new TypeError("no transmission to judge");
  const name = codeName(first.message?.code ?? 0);
  const last = sent.at(-1)?.entry;
  if (retransmissions > 0) {
    t.that(sent.length > 1, `${name} is sent again when no answer comes`, `${name} was sent once`, {
      requirement: cites.repeated,
      what: `the repetition of an unanswered ${name}`,
      entry: first.entry,
    });
  } else {
    t.passed({ requirement: cites.repeated, what: "no repeats are declared" });
  }
  for (const [index, one] of sent.entries()) {
    const before = sent[index - 1];
    if (!before) continue;
    const gap = one.at - before.at;
    const least = retransmissionMs * 0.6;
    const most = retransmissionMs * 1.5 + SLACK_MS;
    // A message that this process read late makes one gap longer and the next one shorter.
    const held = gap >= least && gap <= most ? 0 : t.world.heldUp(t.transcript.now() - before.at + 500);
    if (held > 0 && gap >= least - held && gap <= most + held) t.heldUp(held);
    t.that(
      gap >= least && gap <= most,
      `a retransmission time of ${seconds(retransmissionMs)} between two transmissions (${seconds(least)} to ${seconds(most)})`,
      `${seconds(gap)} between transmission ${index} and ${index + 1}`,
      { requirement: cites.spacing, what: `the wait before ${name} is repeated`, entry: one.entry },
    );
  }
  if (sent.length === 1) t.passed({ requirement: cites.spacing, what: "there is no repeat to time" });
  t.oneOf(sent.length, [retransmissions + 1, ...(retransmissions > 0 ? [retransmissions] : [])], {
    requirement: cites.count,
    what: `how often an unanswered ${name} is sent`,
    entry: last,
  });
  if (sent.length === retransmissions) {
    t.warn(
      `${name} was sent ${sent.length} times in all, the first included, where ${retransmissions} repeats are usual (E-LDMP-19)`,
    );
  }
}
