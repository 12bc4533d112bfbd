import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { isObject } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { creationOf, inCreation, overlayInfo } from "./messages.js";
import { accepted, create, entriesOf, queryPath } from "./overlays.js";
import { refuses } from "./refusals.js";

interface CreationRefusal {
  readonly what: string;
  readonly requirement: RequirementId;
  /** Dotted path below overlay_info that is changed. */
  readonly member: string;
  /** Left out: the member is missing. */
  readonly value?: unknown;
  /** What the valid twin has beside the mandatory members. */
  readonly more?: Json;
  readonly tolerated?: string;
}

/** One difference from a valid creation, refused, and nothing made. */
export async function refusesCreation(t: HomsTest, spec: CreationRefusal): Promise<void> {
  const { what, requirement, more, tolerated } = spec;
  const path = inCreation(t, spec.member);
  let sent: Json = {};
  await refuses(t, {
    what,
    requirement,
    valid: () => creationOf(t, overlayInfo(t, more)),
    send: (body, as) => {
      sent = body;
      return create(t, body, as);
    },
    delta: "value" in spec ? set(path, spec.value) : without(path),
    unchanged: () => nothingMade(t, sent[t.dialect.wrapper], requirement),
    ...(tolerated === undefined ? {} : { tolerated }),
  });
}

/** No overlay with the text of the refused creation, which is in no other overlay. */
async function nothingMade(t: HomsTest, info: unknown, requirement: RequirementId): Promise<void> {
  if (!isObject(info)) return;
  const member = typeof info.title === "string" ? "title" : "description";
  const text = info[member];
  if (typeof text !== "string") return;
  const found = (entriesOf(await t.http.get(queryPath({ [member]: text }))) ?? []).filter(
    (one) => one[member] === text,
  );
  t.equal(found.length, 0, { requirement, what: "the number of overlays that the refused creation made" });
}

const mandatory: readonly (readonly [string, RequirementId, string?])[] = [
  ["title", "HOMP-6.2.1-04"],
  ["type", "HOMP-6.2.1-05"],
  ["sub-type", "HOMP-6.2.1-06"],
  ["owner-id", "HOMP-6.2.1-07"],
  ["description", "HOMP-6.2.1-09", "a creation without description is let pass"],
  ["heartbeat-interval", "HOMP-6.2.1-10"],
  ["heartbeat-timeout", "HOMP-6.2.1-11"],
];

const withoutMember = mandatory.map(([member, requirement, tolerated]) =>
  defineCase({
    id: `homs/creation/without-${member}`,
    title: `a creation without ${member} is refused`,
    requirements: [requirement],
    group: "behaviour",
    run: (t) =>
      refusesCreation(t, {
        what: `a creation without ${member}`,
        requirement,
        member,
        ...(tolerated === undefined ? {} : { tolerated }),
      }),
  }),
);

type HeartbeatRow = readonly [string, RequirementId, "heartbeat-interval" | "heartbeat-timeout", number, boolean];

/** Clearly below the bound, and on it: there, letting it pass is a failure only under the strict profile (E-HOMP-18). */
const heartbeats: readonly HeartbeatRow[] = [
  ["heartbeat-interval-3", "HOMP-6.2.1-15", "heartbeat-interval", 3, false],
  ["heartbeat-interval-5", "HOMP-6.2.1-15", "heartbeat-interval", 5, true],
  ["heartbeat-timeout-20", "HOMP-6.2.1-16", "heartbeat-timeout", 20, false],
  ["heartbeat-timeout-30", "HOMP-6.2.1-16", "heartbeat-timeout", 30, true],
];

const heartbeatCases = heartbeats.map(([name, requirement, member, value, onTheBound]) => {
  const what = `a creation whose ${member} is ${value} s${member === "heartbeat-timeout" ? ", with an interval of 10 s" : ""}`;
  return defineCase({
    id: `homs/creation/${name}`,
    title: `${what}, is refused`.replace(/ s, is/, " s is"),
    requirements: [requirement],
    errata: ["E-HOMP-18"],
    group: "behaviour",
    async run(t) {
      const lenient = onTheBound && !t.declared.option("strict-heartbeat-bounds");
      const tolerated = `${value} s is let pass, as if the bound were inclusive (E-HOMP-18)`;
      await refusesCreation(t, { what, requirement, member, value, ...(lenient ? { tolerated } : {}) });
    },
  });
});

interface WordRow {
  readonly name: string;
  readonly requirement: RequirementId;
  readonly member: "type" | "sub-type";
  readonly value: string;
}

const words: readonly WordRow[] = [
  { name: "unknown-type", requirement: "HOMP-6.1.1-03", member: "type", value: "star" },
  { name: "unknown-sub-type", requirement: "HOMP-6.1.1-04", member: "sub-type", value: "ring" },
  { name: "core-mesh", requirement: "HOMP-6.1.1-04", member: "sub-type", value: "mesh" },
];

const wordErrata: readonly ErratumId[] = ["E-HOMP-28", "E-HOMP-44"];

const wordCases = words.map(({ name, requirement, member, value }) =>
  defineCase({
    id: `homs/creation/${name}`,
    title: `a creation of a core tree whose ${member} is ${value} instead is refused`,
    requirements: [requirement],
    errata: wordErrata,
    group: "behaviour",
    // Nothing says what core with mesh is: only a product that says so itself is judged by it.
    ...(name === "core-mesh" ? { needs: (declared) => declared.reading("E-HOMP-28") === "A" } : {}),
    async run(t) {
      const strict = t.declared.reading("E-HOMP-28") === "A";
      await refusesCreation(t, {
        what: `a creation whose ${member} is ${value}`,
        requirement,
        member,
        value,
        ...(strict ? {} : { tolerated: `${member} ${value} is let pass (E-HOMP-28)` }),
      });
    },
  }),
);

const recoveryBy = defineCase({
  id: "homs/creation/recovery-by",
  title: "data recovery by push and by pull is taken, by anything else is refused",
  requirements: ["HOMP-6.1.8-05"],
  errata: ["E-HOMP-26"],
  group: "behaviour",
  async run(t) {
    const policy = (by: string) => ({ "cr-policy": { mN_Cache: 10, mD_Cache: 60, "recovery-by": by } });
    t.answers(await create(t, creationOf(t, overlayInfo(t, policy("pull")))), accepted, {
      what: "the status of a creation with recovery by pull",
    });
    await refusesCreation(t, {
      what: "a creation whose recovery-by is neither push nor pull",
      requirement: "HOMP-6.1.8-05",
      member: "cr-policy.recovery-by",
      value: "shout",
      more: policy("push"),
      tolerated: "a recovery-by that is neither push nor pull is let pass",
    });
  },
});

const declaredOnly = [
  defineCase({
    id: "homs/creation/zero-lifetime",
    title: "a lifetime of zero is refused, or means without end, as declared",
    requirements: ["HOMP-6.1.1-06"],
    errata: ["E-HOMP-62"],
    needs: (declared) => declared.reading("E-HOMP-62") !== "any",
    group: "behaviour",
    async run(t) {
      if (t.declared.reading("E-HOMP-62") === "A") {
        await refusesCreation(t, {
          what: "a creation whose expires is 0",
          requirement: "HOMP-6.1.1-06",
          member: "expires",
          value: 0,
          more: { expires: 600 },
        });
        return;
      }
      const info = overlayInfo(t, { expires: 0 });
      const id = t.needString(
        (await create(t, creationOf(t, info), { malformed: true })).get("overlay.overlay-id"),
        "overlay-id for an overlay without end",
      );
      await t.sleep(1_500);
      const found = entriesOf(await t.http.get(queryPath({ "overlay-id": id })));
      t.equal(found?.length, 1, { what: "the number of overlays found after 1.5 s" });
    },
  }),
];

/** What a HOMS has to refuse on creation [6.2.1 Table 6-9 and notes]. */
export const creationRefusalCases = [...withoutMember, ...heartbeatCases, ...wordCases, recoveryBy, ...declaredOnly];
