import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { defineCase } from "./case.js";
import { crPolicy, noRecovery } from "./cr-policy.js";
import type { Json } from "./messages.js";
import { adminKey, creationOf, deletion, joinOf, newPeer, overlayInfo, removalOf } from "./messages.js";
import { accepted, create, entriesOf, made, queryPath, refused, shown, succeeds, tidy } from "./overlays.js";

/** HybridOverlayCreation, what it brings about and what its answer holds [6.2.1, 7.1.1]. */
export const creationCases = [
  defineCase({
    id: "homs/creation/accepted",
    title: "a creation with all mandatory members is answered 200 with the overlay's attributes",
    requirements: ["HOMP-6.2.1-20", "HOMP-6.2.1-21", "HOMP-6.2.1-22", "HOMP-6.2.1-23", "HOMP-6.2.1-24"],
    errata: ["E-HOMP-01", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const asked = overlayInfo(t);
      const reply = await create(t, creationOf(t, asked));
      succeeds(t, reply, { requirement: "HOMP-6.2.1-20", what: "the status of a valid creation" });
      t.match(reply.get("overlay.overlay-id"), is.nonEmptyString, { requirement: "HOMP-6.2.1-20", what: "overlay-id" });
      t.match(
        reply.get("overlay"),
        { type: "core", "sub-type": "tree" },
        { requirement: "HOMP-6.2.1-21", what: "type and sub-type" },
      );
      t.equal(reply.get("overlay.owner-id"), asked["owner-id"], { requirement: "HOMP-6.2.1-22", what: "owner-id" });
      t.match(reply.get("overlay.expires"), is.positive, {
        requirement: "HOMP-6.2.1-23",
        what: "expires, not asked for",
      });
      t.match(
        reply.get("overlay"),
        { "heartbeat-interval": 10, "heartbeat-timeout": 40 },
        { requirement: "HOMP-6.2.1-24", what: "heartbeat-interval and heartbeat-timeout" },
      );
    },
  }),
  defineCase({
    id: "homs/creation/overlay-info",
    title: "the body of a creation carries overlay_info, and that of its answer overlay",
    requirements: ["HOMP-6.2.1-03", "HOMP-6.2.1-19"],
    errata: ["E-HOMP-01", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const info = overlayInfo(t);
      const literal = await create(t, { overlay_info: info }, { malformed: t.dialect.keys === "-" });
      // Both wrappers are read from the Recommendation: one that takes the other one only is not at fault.
      const reply = accepted.test(literal) ? literal : await create(t, creationOf(t, info), { malformed: true });
      succeeds(t, reply, { requirement: "HOMP-6.2.1-03", what: "the status of a creation wrapped in overlay_info" });
      if (reply !== literal) t.warn("overlay_info is refused; only overlay is taken (E-HOMP-01)", "HOMP-6.2.1-03");
      t.match(reply.get("overlay"), is.object, { requirement: "HOMP-6.2.1-19", what: "the member overlay" });
    },
  }),
  defineCase({
    id: "homs/creation/listed",
    title: "a created overlay is there at once, under the identifier of the answer",
    requirements: ["HOMP-6.2.1-01", "HOMP-7.1.1-03", "HOMP-6.1.1-01"],
    errata: ["E-HOMP-27"],
    group: "basic",
    async run(t) {
      const asked = overlayInfo(t);
      const reply = await create(t, creationOf(t, asked));
      succeeds(t, reply, { requirement: "HOMP-7.1.1-03", what: "the status of a valid creation" });
      const id = reply.get("overlay.overlay-id");
      t.match(id, is.nonEmptyString, {
        requirement: ["HOMP-7.1.1-03", "HOMP-6.1.1-01"],
        what: "the new overlay-id, a STRING",
      });
      const found = await t.http.get(queryPath({ "overlay-id": String(id) }));
      const entry = entriesOf(found)?.find((one) => one["overlay-id"] === id);
      t.match(entry, is.object, { requirement: "HOMP-6.2.1-01", what: "the overlay in a query", entry: found.entry });
      t.match(
        entry,
        { "overlay-id": String(id), "owner-id": String(asked["owner-id"]) },
        {
          requirement: ["HOMP-6.2.1-01", "HOMP-6.1.1-01", "HOMP-7.1.1-03"],
          what: "identifier and owner in a query",
          entry: found.entry,
        },
      );
    },
  }),
  defineCase({
    id: "homs/creation/new-identifier",
    title: "every creation gets an identifier of its own",
    requirements: ["HOMP-6.2.1-28"],
    errata: ["E-HOMP-60"],
    group: "capability",
    async run(t) {
      const first = await made(t);
      const second = await create(t, creationOf(t, overlayInfo(t)));
      succeeds(t, second, { what: "the status of a second creation" });
      const id = second.get("overlay.overlay-id");
      t.that(id !== first.id, `an overlay-id other than ${first.id}`, id, { what: "the second overlay-id" });
      t.that((await shown(t, first.id)) !== undefined, "the first overlay, still there", "it is gone", {
        what: "the overlay made before",
      });
    },
  }),
  defineCase({
    id: "homs/creation/identifier-of-another",
    title: "a creation that names the overlay-id of another overlay does not replace that overlay",
    requirements: ["HOMP-6.2.1-28"],
    errata: ["E-HOMP-60"],
    group: "behaviour",
    async run(t) {
      const first = await made(t);
      const info = { ...overlayInfo(t), "overlay-id": first.id };
      const reply = tidy(t, info, await t.http.post("/homs", { body: creationOf(t, info), malformed: true }));
      const id = reply.get("overlay.overlay-id");
      if (accepted.test(reply)) {
        t.that(id !== first.id, "an overlay-id of its own", id, { what: "the identifier of the second overlay" });
      } else {
        t.passed({ what: "the refusal of a creation that brings an overlay-id" });
      }
      const after = await shown(t, first.id);
      t.equal(after?.title, first.info.title, { what: "the title of the overlay made before" });
      t.equal(after?.["owner-id"], first.ownerId, { what: "the owner of the overlay made before" });
    },
  }),
  defineCase({
    id: "homs/creation/repeated",
    title: "the same creation twice makes two overlays",
    requirements: ["HOMP-6.2.1-01"],
    errata: ["E-HOMP-63"],
    group: "behaviour",
    async run(t) {
      const body = creationOf(t, overlayInfo(t));
      const first = t.needString((await create(t, body)).get("overlay.overlay-id"), "overlay-id");
      const second = await create(t, body);
      succeeds(t, second, { what: "the status of a repeated creation" });
      if (second.get("overlay.overlay-id") === first) t.warn("a repeated creation gets the first overlay (E-HOMP-63)");
    },
  }),
  defineCase({
    id: "homs/creation/default-lifetime",
    title: "an overlay without expires lives for 86,400 seconds",
    requirements: ["HOMP-6.2.1-14"],
    errata: ["E-HOMP-21"],
    group: "capability",
    async run(t) {
      const { reply } = await made(t);
      // The seconds left, for one that answers these, are some less already (E-HOMP-21 B).
      const expires = reply.get("overlay.expires");
      t.match(expires, is.between(86_390, 86_400), { what: "expires, not asked for", entry: reply.entry });
      if (expires !== 86_400) t.warn(`86,400 seconds by default, ${expires} answered`);
    },
  }),
  defineCase({
    id: "homs/creation/lifetime",
    title: "a creation may ask for a lifetime, and gets no longer one",
    requirements: ["HOMP-6.2.1-08", "HOMP-6.2.1-23"],
    errata: ["E-HOMP-21", "E-HOMP-62"],
    group: "capability",
    async run(t) {
      const reply = await create(t, creationOf(t, overlayInfo(t, { expires: 600 })));
      succeeds(t, reply, { requirement: "HOMP-6.2.1-08", what: "the status of a creation with expires 600" });
      const granted = reply.get("overlay.expires");
      t.match(granted, is.between(1, 600), { requirement: "HOMP-6.2.1-23", what: "expires, 600 asked for" });
      if (granted !== 600) t.warn(`600 seconds asked for, ${granted} granted`);
    },
  }),
  defineCase({
    id: "homs/creation/heartbeat",
    title: "the heartbeat values come back as asked for, in seconds",
    requirements: ["HOMP-6.1.1-09", "HOMP-6.1.1-10", "HOMP-6.2.1-16"],
    errata: ["E-HOMP-18", "E-HOMP-66"],
    group: "capability",
    async run(t) {
      // 31 is above three times 10 by every reading.
      const values = { "heartbeat-interval": 10, "heartbeat-timeout": 31 };
      const reply = await create(t, creationOf(t, overlayInfo(t, values)));
      succeeds(t, reply, { requirement: "HOMP-6.2.1-16", what: "the status of a creation with 10 and 31 seconds" });
      const overlay = reply.get("overlay") as Json | undefined;
      t.equal(overlay?.["heartbeat-interval"], 10, { requirement: "HOMP-6.1.1-09", what: "heartbeat-interval" });
      t.equal(overlay?.["heartbeat-timeout"], 31, { requirement: "HOMP-6.1.1-10", what: "heartbeat-timeout" });
    },
  }),
  defineCase({
    id: "homs/creation/auth-in-answer",
    title: "the answer to a creation with auth has auth, of the same type",
    requirements: ["HOMP-6.2.1-25"],
    errata: ["E-HOMP-10", "E-HOMP-41"],
    group: "capability",
    async run(t) {
      const { reply, auth } = await made(t);
      t.equal(reply.get("overlay.auth.type"), "open", { what: "auth.type in the answer", entry: reply.entry });
      const keys = [reply.get("overlay.auth.admin_key"), reply.get("overlay.auth.admin-key")];
      if (keys.every((key) => key === undefined) && t.declared.reading("E-HOMP-41") !== "B") {
        t.warn("the answer does not repeat the admin key (E-HOMP-41)");
      }
      const [key] = keys.filter((one) => one !== undefined);
      const own = auth.admin_key ?? auth["admin-key"];
      if (key !== undefined) t.equal(key, own, { what: "the admin key in the answer", entry: reply.entry });
    },
  }),
  defineCase({
    id: "homs/creation/cr-policy",
    title: "a creation may have cr-policy, and its answer has the same then",
    requirements: ["HOMP-6.2.1-13", "HOMP-6.2.1-26", "HOMP-6.1.1-12"],
    errata: ["E-HOMP-10", "E-HOMP-26"],
    group: "capability",
    async run(t) {
      const asked = { mN_Cache: 4, mD_Cache: 30, "recovery-by": "pull" };
      const reply = await create(t, creationOf(t, overlayInfo(t, { "cr-policy": asked })));
      succeeds(t, reply, { requirement: "HOMP-6.2.1-13", what: "the status of a creation with cr-policy" });
      t.match(reply.get("overlay.cr-policy"), crPolicy(asked), {
        requirement: ["HOMP-6.2.1-26", "HOMP-6.1.1-12"],
        what: "cr-policy in the answer",
      });
    },
  }),
  defineCase({
    id: "homs/creation/no-cr-policy",
    title: "an overlay created without cr-policy has no data recovery",
    requirements: ["HOMP-6.2.1-17"],
    errata: ["E-HOMP-55"],
    group: "capability",
    async run(t) {
      const { reply, id } = await made(t);
      t.match(reply.get("overlay.cr-policy"), noRecovery, { what: "cr-policy in the answer", entry: reply.entry });
      const entry = t.need(await shown(t, id), "overlay in answer to a query");
      t.match(entry["cr-policy"], noRecovery, { what: "cr-policy in a query" });
    },
  }),
  defineCase({
    id: "homs/creation/sub-overlays",
    title: "the three known pairs of type and sub-type can be created",
    requirements: ["HOMP-6.1.1-03", "HOMP-6.1.1-04", "HP2P-7.1-01"],
    errata: ["E-HOMP-28", "E-HOMP-44"],
    needs: ["sub-overlays"],
    group: "capability",
    async run(t) {
      const both = ["HOMP-6.1.1-03", "HOMP-6.1.1-04", "HP2P-7.1-01"] as const;
      for (const [type, subType] of [
        ["core", "tree"],
        ["sub", "tree"],
        ["sub", "mesh"],
      ] as const) {
        const reply = await create(t, creationOf(t, overlayInfo(t, { type, "sub-type": subType })));
        t.answers(reply, accepted, { requirement: both, what: `the status of a creation of type ${type}, ${subType}` });
        t.match(reply.get("overlay"), { type, "sub-type": subType }, { requirement: both, what: "type and sub-type" });
      }
    },
  }),
  defineCase({
    id: "homs/creation/without-auth",
    title: "auth is mandatory; a creation without it is refused, or its overlay is public",
    requirements: ["HOMP-6.2.1-12", "HOMP-6.2.1-18"],
    errata: ["E-HOMP-05"],
    group: "behaviour",
    async run(t) {
      const { auth: _, ...info } = overlayInfo(t);
      const reply = await create(t, creationOf(t, info), { malformed: true });
      const reading = t.declared.reading("E-HOMP-05");
      const permitted = reading === "A" ? refused : reading === "B" ? accepted : status("4xx", "2xx");
      t.answers(reply, permitted, { requirement: "HOMP-6.2.1-12", what: "the status of a creation without auth" });
      if (!accepted.test(reply)) {
        t.warn("a creation without auth is refused: reading A of E-HOMP-05", "HOMP-6.2.1-18");
        return;
      }
      const id = t.needString(reply.get("overlay.overlay-id"), "overlay-id");
      const key = reply.get("overlay.auth.admin_key") ?? reply.get("overlay.auth.admin-key");
      const owner = { id, ownerId: String(info["owner-id"]), auth: { type: "open", [adminKey(t)]: key } };
      if (key) t.cleanup(`overlay ${id}`, () => deletion(t, "/homs", removalOf(owner), { malformed: true }));
      t.warn(`a creation without auth makes an open overlay: reading B of E-HOMP-05, ${key ? "with" : "without"} key`);
      const stranger = await t.http.post("/peer", { body: joinOf({ id }, newPeer(t)) });
      t.answers(stranger, accepted, { requirement: "HOMP-6.2.1-18", what: "the status of a join without any key" });
    },
  }),
];
