import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";

/** A creation with every mandatory member [Q.4103 6.2.1 Table 6-9]. */
export function creation(t: HomsTest) {
  return {
    overlay_info: {
      title: t.unique("overlay"),
      type: "core",
      "sub-type": "tree",
      "owner-id": t.unique("owner"),
      description: "made by the conformance suite",
      "heartbeat-interval": 10,
      "heartbeat-timeout": 31,
      auth: { type: "open", admin_key: t.unique("key") },
    },
  };
}

export const creationCases = [
  defineCase({
    id: "homs/creation/accepted",
    title: "a creation with all mandatory members is answered 200 with the overlay's attributes",
    requirements: ["HOMP-6.2.1-20", "HOMP-6.2.1-21", "HOMP-6.2.1-22", "HOMP-6.2.1-23", "HOMP-6.2.1-24"],
    errata: ["E-HOMP-01"],
    group: "basic",
    async run(t) {
      const body = creation(t);
      const reply = await t.http.post("/homs", { body });
      t.answers(reply, status(200), { requirement: "HOMP-6.2.1-20", what: "the status of a valid creation" });
      const { overlay_info: asked } = body;
      t.match(reply.get("overlay.overlay-id"), is.nonEmptyString, { requirement: "HOMP-6.2.1-20", what: "overlay-id" });
      t.match(
        reply.get("overlay"),
        { type: asked.type, "sub-type": asked["sub-type"] },
        { requirement: "HOMP-6.2.1-21", what: "type and sub-type" },
      );
      t.equal(reply.get("overlay.owner-id"), asked["owner-id"], { requirement: "HOMP-6.2.1-22", what: "owner-id" });
      t.equal(reply.get("overlay.expires"), 86_400, { requirement: "HOMP-6.2.1-23", what: "expires, not asked for" });
      t.match(
        reply.get("overlay"),
        { "heartbeat-interval": 10, "heartbeat-timeout": 31 },
        { requirement: "HOMP-6.2.1-24", what: "heartbeat-interval and heartbeat-timeout" },
      );
    },
  }),
  defineCase({
    id: "homs/creation/without-title",
    title: "a creation without title is refused",
    requirements: ["HOMP-6.2.1-04"],
    group: "behaviour",
    async run(t) {
      await t.refuses({
        what: "a creation without title",
        valid: () => creation(t),
        send: (body, as) => t.http.post("/homs", { body, ...as }),
        accepted: status(200),
        delta: without("overlay_info.title"),
        permitted: status("4xx"),
      });
    },
  }),
  defineCase({
    id: "homs/creation/heartbeat-interval-5",
    title: "a creation whose heartbeat-interval is 5 s is refused",
    requirements: ["HOMP-6.2.1-15"],
    errata: ["E-HOMP-18"],
    group: "behaviour",
    async run(t) {
      await t.refuses({
        what: "a creation whose heartbeat-interval is 5 s",
        valid: () => creation(t),
        send: (body, as) => t.http.post("/homs", { body, ...as }),
        accepted: status(200),
        delta: set("overlay_info.heartbeat-interval", 5),
        permitted: status("4xx"),
      });
    },
  }),
];
